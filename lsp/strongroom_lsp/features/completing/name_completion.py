"""Complete names of secrets and variables in `get_secret()` and `get_variable()`.

The quotes may be missing.
"""

import re
from typing import Final, NamedTuple

from lsprotocol import types

from strongroom.document import encode
from strongroom.names import Kind, Name, Names
from strongroom.workspace.references import Symbol, SymbolKind
from strongroom_lsp.documents.expression import expression_before, text_after_cursor
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.completing.item_data import NAME, ItemData
from strongroom_lsp.features.name_texts import escaped, facts, headline
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.services import Services

_OPEN_CALL: Final = re.compile(r"\b(get_secret|get_variable)\s*\(\s*$")

_ICON: Final = {
    Kind.SECRET: types.CompletionItemKind.Constant,
    Kind.VARIABLE: types.CompletionItemKind.Variable,
}

_MANY: Final = 5
"""Connectors that are named as users of a name. The others are counted."""


class _Replacement(NamedTuple):
    """Hold the place of a name: the offsets to replace, and the quotes to add."""

    function: str
    start: int
    end: int
    quote: str = ""


def complete_names(
    opened: OpenDocument, offset: int, names: Names, client: Client
) -> list[types.CompletionItem]:
    """Return the names for the cursor, or none outside the two functions.

    Only names of the chosen community and of the function's kind are returned, because any other would be a mistake.
    Each replaces the whole text between the quotes, or brings the quotes.
    """
    replacement = _replacement_at(opened, offset)
    if replacement is None:
        return []
    kind = next(kind for kind in Kind if kind.function == replacement.function)
    place, quote = opened.range(replacement.start, replacement.end), replacement.quote
    items = []
    for name in sorted(names.by_name.values(), key=lambda entry: entry.name):
        if name.kind is not kind:
            continue
        head = headline(name, names)
        text = f"{quote}{name.name}{quote}"
        item = types.CompletionItem(
            label=name.name,
            kind=_ICON[kind],
            detail=head + (f" · expires {name.expires}" if name.expires else ""),
            filter_text=text,
            text_edit=types.TextEdit(place, encode(text)),
            data=ItemData(opened.uri, NAME, name.name).as_json(),
        )
        if client.label_details:
            item.label_details = types.CompletionItemLabelDetails(description=head)
        items.append(item)
    return items


def document_name(services: Services, name: Name, is_markdown: bool) -> str:
    """Return the note, the expiry, a variable's value, and the users of a name.

    The users are known as far as the workspace is indexed.
    """
    index = services.index.roughly()
    users = list(
        dict.fromkeys(
            place.occurrence.connector for _, place in index.places(Symbol(SymbolKind.NAME, name.name))
        )
    )
    used = ""
    if users:
        listed = ", ".join(users[:_MANY]) + (f" and {len(users) - _MANY} more" if len(users) > _MANY else "")
        used = f"Used in {escaped(listed) if is_markdown else listed}."
    return "\n\n".join(part for part in (facts(name, is_markdown), used) if part)


def _replacement_at(opened: OpenDocument, offset: int) -> _Replacement | None:
    if (slot := opened.document.string_slot_at(offset)) is not None:
        return _Replacement(slot.function, slot.start, slot.end)
    template = opened.document.template_at(offset)
    inside = None if template is None else expression_before(template, offset)
    if template is None or inside is None or (call := _OPEN_CALL.search(inside)) is None:
        return None
    behind, here = text_after_cursor(template, offset), template.from_source(offset)
    end = here + len(behind.word)
    if not behind.word and behind.quoted:
        end = template.text.index(behind.quoted, here) + len(behind.quoted)
    return _Replacement(call.group(1), offset, template.to_source(end), "'")
