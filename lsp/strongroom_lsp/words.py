"""Completion of what a template can call and read, by what is available in its field (PLATFORM §2)."""

import re
from typing import Final

from lsprotocol import types

from strongroom.platform.availability import symbols_in
from strongroom.platform.template_names import (
    CONTEXT_NAMES,
    FILTERS,
    FUNCTIONS,
    MEMBERS,
    PLATFORM_FILTERS,
    Described,
)

from .capabilities import Client
from .completion import documentation
from .expression import expression_before
from .name_texts import escaped
from .open_documents import OpenDocument
from .protocol_types import range_of

# A filter after `|`, a field after `name.`, else a function or name; nothing after any other dot.
_PLACE: Final = re.compile(
    r"(?:(?P<pipe>\|)\s*|(?<![\w.'\])])(?P<owner>[A-Za-z_]\w*)\.|(?P<dot>\.))?(?P<begun>[A-Za-z_]\w*)?\Z",
    re.ASCII,
)
_SNIPPETS: Final = {"get_secret": "get_secret('$1')", "get_variable": "get_variable('$1')"}


def complete_words(opened: OpenDocument, offset: int, client: Client) -> list[types.CompletionItem]:
    """Functions, context names, their fields, and filters; nothing outside an expression's braces."""
    template = opened.document.template_at(offset)
    inside = None if template is None else expression_before(template, offset)
    if template is None or inside is None or (place := _PLACE.search(inside)) is None or place["dot"]:
        return []
    begun = template.from_source(offset) - len(place["begun"] or "")
    edited = range_of(opened, template.to_source(begun), offset)
    Kinds = types.CompletionItemKind  # noqa: N806
    if place["pipe"]:
        return [
            _item(name, Kinds.Operator, PLATFORM_FILTERS.get(name), edited, client)
            for name in sorted(FILTERS)
        ]
    if place["owner"]:
        members = MEMBERS.get(place["owner"], ())
        return [_item(name, Kinds.Field, None, edited, client) for name in members]
    return [
        _item(name, Kinds.Function, FUNCTIONS[name], edited, client)
        if name in FUNCTIONS
        else _item(name, Kinds.Variable, CONTEXT_NAMES.get(name), edited, client)
        for name in symbols_in(template.field.place, in_composite=template.in_composite)
    ]


def _item(
    name: str,
    kind: types.CompletionItemKind,
    described: Described | None,
    place: types.Range,
    client: Client,
) -> types.CompletionItem:
    snippet = _SNIPPETS.get(name) if client.snippets else None
    text = "" if described is None else described.doc
    return types.CompletionItem(
        label=name,
        kind=kind,
        detail=None if described is None else described.signature,
        documentation=documentation(escaped(text) if client.markdown_completion else text, client),
        filter_text=name,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else None,
        text_edit=types.TextEdit(range=place, new_text=snippet or name),
    )
