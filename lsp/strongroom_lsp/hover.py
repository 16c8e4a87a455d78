"""Hover over a name: its kind, community, note and expiry, and a variable's value in full."""

from lsprotocol import types

from strongroom.names import Names

from .capabilities import Client
from .name_texts import escaped, facts, headline, unknown_text
from .open_documents import OpenDocument
from .protocol_types import range_of


def hover(opened: OpenDocument, offset: int, names: Names, client: Client) -> types.Hover | None:
    """What is known of the name at `offset`; None where there is no name."""
    slot = opened.document.string_slot_at(offset)
    if slot is None or not slot.text:
        return None
    known = names.get(slot.text)
    markdown = client.markdown_hover
    if known is None:
        text = unknown_text(slot.text, names)
        text = escaped(text) if markdown else text
    else:
        name = f"`{known.name}`" if markdown else known.name
        head = headline(known, names)
        text = f"{name}: {escaped(head) if markdown else head}"
        if more := facts(known, markdown):
            text += f"\n\n{more}"
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(
        contents=types.MarkupContent(kind=kind, value=text), range=range_of(opened, slot.start, slot.end)
    )
