"""Complete what a template can call and read in its field (PLATFORM §2)."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lsprotocol import types

from strongroom.document import Template
from strongroom.document.connector import Connector, declared_path_parameters
from strongroom.names import Kind
from strongroom.platform.availability import places_in_words, symbols_in
from strongroom.platform.template_names import (
    CONTEXT_NAMES,
    FILTERS,
    FUNCTIONS,
    JINJA_TESTS,
    MEMBERS,
    PLATFORM_FILTERS,
    PROFILE_MEMBERS,
    STEP_MEMBERS,
)
from strongroom_lsp.documents.expression import (
    TextAfterCursor,
    expression_before,
    is_statement_begun,
    text_after_cursor,
    written_before,
)
from strongroom_lsp.documents.jinja_filters import JINJA_FILTER_TEXTS
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.completing.item_data import WORD, ItemData
from strongroom_lsp.features.name_texts import escaped
from strongroom_lsp.protocol.capabilities import Client

# A filter after `|`, a test after `is`, a field after `name.` or `steps.name.`, nothing after any other dot, and a
# function or name elsewhere.
_PLACE: Final = re.compile(
    r"(?:(?P<pipe>\|)\s*|\bis\s+(?P<test>)(?:not\s+)?|(?<![\w.'\])])(?P<owner>[A-Za-z_]\w*)\.|"
    r"(?<![\w.])steps(?:\.\w+|\[\s*''\s*\])(?P<step>)\.|"
    r"(?<![\w.])user\.profile_fields(?P<profile>)\.|(?P<dot>\.))?(?P<begun>[A-Za-z_]\w*)?\Z",
    re.ASCII,
)
_BRACKET: Final = re.compile(
    r"""(?<![\w.])(?P<owner>steps|pathParams)\[\s*['"](?P<begun>[\w-]*)\Z""", re.ASCII
)
_NAME_REST: Final = re.compile(r"[\w-]*", re.ASCII)
_ASK_AGAIN: Final = "editor.action.triggerSuggest"
"""The command of a client that opens the list of names when a function is accepted."""

STATEMENTS: Final = (
    "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "filter", "endfilter", "macro", "endmacro",
    "call", "endcall", "with", "endwith", "raw", "endraw",
)  # fmt: skip
"""The first words of statements, the usual ones first."""

ItemKind = types.CompletionItemKind

_ASKING: Final = frozenset(kind.function for kind in Kind)


def complete_words(opened: OpenDocument, offset: int, client: Client) -> list[types.CompletionItem]:
    """Return the words that fit at the cursor, or none outside an expression.

    They are functions, context names, their fields, filters and tests.
    """
    template = opened.document.template_at(offset)
    if template is not None and (members := _quoted_members(opened, template, offset)):
        return members
    inside = None if template is None else expression_before(template, offset)
    if template is None or inside is None or (place := _PLACE.search(inside)) is None or place["dot"]:
        return []
    here, behind = template.from_source(offset), text_after_cursor(template, offset)
    start, end = here - len(place["begun"] or ""), here + len(behind.word)
    edited = opened.range(template.to_source(start), template.to_source(end))
    items = _ItemMaker(opened, edited, client, behind)
    if is_statement_begun(template, offset):
        return [items.item(name, ItemKind.Keyword) for name in STATEMENTS]
    return [items.item(name, kind) for name, kind in _words(opened, template, place)]


def _quoted_members(opened: OpenDocument, template: Template, offset: int) -> list[types.CompletionItem]:
    """Return the steps for `steps['...']`, or parameters for `pathParams['...']`."""
    inside = written_before(template, offset)
    found = None if inside is None else _BRACKET.search(inside)
    connector = opened.document.connector_at(template.start)
    if found is None or connector is None:
        return []
    known = (
        path_parameters(connector)
        if found["owner"] == "pathParams"
        else earlier_steps(connector, template.start)
    )
    here = template.from_source(offset)
    rest = _NAME_REST.match(template.text, here)
    assert rest is not None
    edited = opened.range(template.to_source(here - len(found["begun"])), template.to_source(rest.end()))
    items = _ItemMaker(opened, edited, Client(), text_after_cursor(template, offset))
    return [items.item(name, ItemKind.Field) for name in known]


def document_word(name: str, is_markdown: bool) -> str:
    """Return what a function, name or filter is, and the fields that have it."""
    described = FUNCTIONS.get(name) or CONTEXT_NAMES.get(name) or PLATFORM_FILTERS.get(name)
    if described is None:
        text = JINJA_FILTER_TEXTS.get(name, "")
        return escaped(text) if is_markdown else text
    lines = [described.doc]
    if name in FUNCTIONS or name in CONTEXT_NAMES:
        lines.append(f"In {places_in_words(name)}.")
        lines.append(f"In a composite's step: {places_in_words(name, in_composite=True)}.")
    return "\n\n".join(escaped(line) if is_markdown else line for line in lines)


def _words(
    opened: OpenDocument, template: Template, place: re.Match[str]
) -> Iterator[tuple[str, types.CompletionItemKind]]:
    if place["pipe"]:
        yield from ((name, ItemKind.Operator) for name in sorted(FILTERS))
    elif place["test"] is not None:
        yield from ((name, ItemKind.Keyword) for name in sorted(JINJA_TESTS) if name.isidentifier())
    elif place["step"] is not None:
        yield from ((name, ItemKind.Field) for name in STEP_MEMBERS)
    elif place["profile"] is not None:
        yield from ((name, ItemKind.Field) for name in PROFILE_MEMBERS)
    elif place["owner"]:
        yield from ((name, ItemKind.Field) for name in _members(opened, template, place["owner"]))
    else:
        for name in symbols_in(template.field.place, in_composite=template.in_composite):
            yield name, ItemKind.Function if name in FUNCTIONS else ItemKind.Variable


def _members(opened: OpenDocument, template: Template, owner: str) -> Iterable[str]:
    connector = opened.document.connector_at(template.start)
    if connector is not None and owner == "pathParams":
        return path_parameters(connector)
    if connector is not None and owner == "steps":
        return [step for step in earlier_steps(connector, template.start) if step.isidentifier()]
    return MEMBERS.get(owner, ())


def path_parameters(connector: Connector) -> list[str]:
    """Return the keys of the connector's path parameters."""
    return [key for _, key in declared_path_parameters(connector.data)]


def earlier_steps(connector: Connector, offset: int) -> list[str]:
    """Return the names of the composite's steps that end before the offset.

    Only these can be read there.
    """
    return [step.name for step in connector.steps if step.name and step.end <= offset]


def _call(name: str, behind: TextAfterCursor) -> str:
    """Return the snippet of a call, without what is behind the cursor already."""
    if behind.has_parenthesis:
        return ""
    return f"{name}('$1')" + ("" if behind.is_closed else " }}$0")


class _ItemMaker:
    """Make items that replace the word at the cursor."""

    def __init__(
        self, opened: OpenDocument, place: types.Range, client: Client, behind: TextAfterCursor
    ) -> None:
        self._uri = opened.uri
        self._place = place
        self._client = client
        self._behind = behind

    def item(self, name: str, kind: types.CompletionItemKind) -> types.CompletionItem:
        is_asking = kind is ItemKind.Function and name in _ASKING
        snippet = _call(name, self._behind) if is_asking and self._client.snippets else ""
        edit = types.TextEdit(self._place, snippet or name)
        item = types.CompletionItem(label=name, kind=kind, filter_text=name, text_edit=edit)
        if kind is not ItemKind.Field:  # a field, step or parameter may have a function's name
            item.data = ItemData(self._uri, WORD, name).as_json()
            described = FUNCTIONS.get(name) or PLATFORM_FILTERS.get(name) or CONTEXT_NAMES.get(name)
            item.detail = described.signature if described is not None else None
        if snippet:
            item.insert_text_format = types.InsertTextFormat.Snippet
            if _ASK_AGAIN in self._client.commands:
                item.command = types.Command("Names", _ASK_AGAIN)
        return item
