"""Completion of secret and variable names inside the quotes of `get_secret` and `get_variable`."""

import json

from lsprotocol import types

from strongroom.names import Kind, Names

from .capabilities import Client
from .name_texts import facts, headline
from .open_documents import OpenDocument
from .protocol_types import range_of


def complete(opened: OpenDocument, offset: int, names: Names, client: Client) -> list[types.CompletionItem]:
    """The names that fit where the cursor is; nothing outside the quotes of the two functions.

    Only names of the chosen community and of the kind that the function reads: any other would be a mistake.
    Each replaces the whole text between the quotes. Names come in the order of the alphabet.
    """
    slot = opened.document.string_slot_at(offset)
    kind = next((kind for kind in Kind if slot is not None and kind.function == slot.function), None)
    if slot is None or kind is None:
        return []
    place = range_of(opened, slot.start, slot.end)
    items = []
    for name in sorted(names.by_name.values(), key=lambda entry: entry.name):
        if name.kind is not kind:
            continue
        head = headline(name, names)
        text = facts(name, client.markdown_completion)
        items.append(
            types.CompletionItem(
                label=name.name,
                kind=types.CompletionItemKind.Constant
                if kind is Kind.SECRET
                else types.CompletionItemKind.Variable,
                detail=head + (f" · expires {name.expires}" if name.expires else ""),
                label_details=types.CompletionItemLabelDetails(description=head)
                if client.label_details
                else None,
                documentation=_documentation(text, client),
                filter_text=name.name,
                text_edit=types.TextEdit(range=place, new_text=json_text(name.name)),
            )
        )
    return items


def json_text(text: str) -> str:
    """Text as it stands inside a JSON string, without the quotes around it."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _documentation(text: str, client: Client) -> types.MarkupContent | None:
    if not text:
        return None
    kind = types.MarkupKind.Markdown if client.markdown_completion else types.MarkupKind.PlainText
    return types.MarkupContent(kind=kind, value=text)
