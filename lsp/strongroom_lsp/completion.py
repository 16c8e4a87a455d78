"""Completion of secret and variable names: inside the quotes of `get_secret` and `get_variable`, or without them."""

import re
from typing import Final, NamedTuple

from lsprotocol import types

from strongroom.document import encode
from strongroom.names import Kind, Names

from .capabilities import Client
from .expression import expression_before
from .name_texts import facts, headline
from .open_documents import OpenDocument
from .protocol_types import range_of

_OPEN_CALL: Final = re.compile(r"\b(get_secret|get_variable)\s*\(\s*$")


class _Gap(NamedTuple):
    """Where a name goes: the source offsets that it replaces, and the quotes that it brings along."""

    function: str
    start: int
    end: int
    quote: str = ""


def complete(opened: OpenDocument, offset: int, names: Names, client: Client) -> list[types.CompletionItem]:
    """The names that fit where the cursor is; nothing outside the parentheses of the two functions.

    Only names of the chosen community and of the kind that the function reads: any other would be a mistake.
    Each replaces the whole text between the quotes; where there are no quotes yet, it brings them.
    """
    gap = _gap_at(opened, offset)
    if gap is None:
        return []
    kind = next(kind for kind in Kind if kind.function == gap.function)
    place = range_of(opened, gap.start, gap.end)
    items = []
    for name in sorted(names.by_name.values(), key=lambda entry: entry.name):
        if name.kind is not kind:
            continue
        head = headline(name, names)
        text = f"{gap.quote}{name.name}{gap.quote}"
        items.append(
            types.CompletionItem(
                label=name.name,
                kind=_ICON[kind],
                detail=head + (f" · expires {name.expires}" if name.expires else ""),
                label_details=types.CompletionItemLabelDetails(description=head)
                if client.label_details
                else None,
                documentation=documentation(facts(name, client.markdown_completion), client),
                filter_text=text,
                text_edit=types.TextEdit(range=place, new_text=encode(text)),
            )
        )
    return items


def documentation(text: str, client: Client) -> types.MarkupContent | None:
    """Documentation in the form that the client shows; `text` is Markdown where it shows that."""
    if not text:
        return None
    kind = types.MarkupKind.Markdown if client.markdown_completion else types.MarkupKind.PlainText
    return types.MarkupContent(kind=kind, value=text)


def _gap_at(opened: OpenDocument, offset: int) -> _Gap | None:
    if (slot := opened.document.string_slot_at(offset)) is not None:
        return _Gap(slot.function, slot.start, slot.end)
    template = opened.document.template_at(offset)
    inside = None if template is None else expression_before(template, offset)
    if inside is not None and (call := _OPEN_CALL.search(inside)):
        return _Gap(call.group(1), offset, offset, "'")
    return None


_ICON: Final = {
    Kind.SECRET: types.CompletionItemKind.Constant,
    Kind.VARIABLE: types.CompletionItemKind.Variable,
}
