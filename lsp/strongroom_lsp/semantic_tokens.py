"""Colours for the templates inside the JSON strings; the JSON itself is left to the editor."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.document import Template
from strongroom.document.template_lexer import Token
from strongroom.document.template_parser import has_tags
from strongroom.names import Kind
from strongroom.platform.template_names import CONTEXT_NAMES, FUNCTIONS

from .asking import document_of
from .capabilities import TOKEN_MODIFIERS, TOKEN_TYPES
from .messages import place_at
from .open_documents import OpenDocument
from .template_places import tokens_of

if TYPE_CHECKING:
    from .session import Session

_TYPE: Final = {name: number for number, name in enumerate(TOKEN_TYPES)}
_LIBRARY: Final = 1 << TOKEN_MODIFIERS.index("defaultLibrary")
_READONLY: Final = 1 << TOKEN_MODIFIERS.index("readonly")
_DEFINITION: Final = 1 << TOKEN_MODIFIERS.index("definition")

_KEYWORDS: Final = frozenset(
    {
        "and", "or", "not", "in", "is", "if", "else", "elif", "endif", "for", "endfor", "set", "endset",
        "block", "endblock", "macro", "endmacro", "call", "endcall", "filter", "endfilter", "with", "endwith",
        "autoescape", "endautoescape", "extends", "include", "import", "from", "as", "recursive", "ignore",
        "missing", "without", "context", "scoped", "required", "true", "false", "none", "True", "False", "None",
    }
)  # fmt: skip
_PLAIN: Final = frozenset({"data", "raw", "eof", "error"})
_NAMED: Final = frozenset(kind.function for kind in Kind)


class _Coloured(NamedTuple):
    start: int
    end: int
    type: str
    modifiers: int = 0


def answer(session: "Session", params: Any) -> object:
    """`textDocument/semanticTokens/full`."""
    opened = document_of(session, params)
    return None if opened is None else {"data": encoded(opened, opened.document.templates)}


def answer_range(session: "Session", params: Any) -> object:
    """`textDocument/semanticTokens/range`: what an editor shows of a large file."""
    opened = document_of(session, params)
    if opened is None:
        return None
    start = opened.positions.offset(*place_at(params, "range", "start"))
    end = opened.positions.offset(*place_at(params, "range", "end"))
    shown = (
        template
        for connector in opened.document.connectors
        if connector.start <= end and start <= connector.end
        for template in connector.templates
        if template.start <= end and start <= template.end
    )
    return {"data": encoded(opened, shown)}


def encoded(opened: OpenDocument, templates: Iterable[Template]) -> list[int]:
    """Five numbers a token, each place relative to the one before (LSP 3.17, `SemanticTokens`)."""
    data: list[int] = []
    line = column = 0
    place = opened.positions.place
    for template in templates:
        if template.is_damaged or not has_tags(template.text):
            continue
        for token in _coloured(template):
            first, start = place(template.to_source(token.start))
            last, end = place(template.to_source(token.end))
            if last != first or end <= start:
                continue
            if first != line:
                line, column, step = first, 0, first - line
            else:
                step = 0
            data += (step, start - column, end - start, _TYPE[token.type], token.modifiers)
            column = start
    return data


def _coloured(template: Template) -> Iterator[_Coloured]:
    tokens = tokens_of(template)
    for number, token in enumerate(tokens):
        kind = token.type
        if kind in _PLAIN:
            continue
        before = tokens[number - 1] if number else None
        after = tokens[number + 1].type if number + 1 < len(tokens) else ""
        if kind == "name":
            yield _name(token, before, after)
        elif kind == "string":
            yield from _string(tokens, number)
        elif kind in ("int", "float"):
            yield _Coloured(token.start, token.end, "number")
        elif kind == "comment":
            yield _Coloured(token.start, token.end, "comment")
        elif kind in ("{{", "}}", "{%", "%}"):
            # What a mark trims belongs to the text around it.
            end = token.start + len(template.text[token.start : token.end].strip())
            yield _Coloured(token.start, end, "macro")
        else:
            yield _Coloured(token.start, token.end, "operator")


def _name(token: Token, before: Token | None, after: str) -> _Coloured:
    name, previous = token.value, before.type if before is not None else ""
    if previous == ".":
        return _Coloured(token.start, token.end, "property")
    if previous == "|":
        return _Coloured(token.start, token.end, "function")
    if name in _KEYWORDS:
        return _Coloured(token.start, token.end, "keyword")
    if after == "(":
        return _Coloured(token.start, token.end, "function", _LIBRARY if name in FUNCTIONS else 0)
    if name in CONTEXT_NAMES:
        return _Coloured(token.start, token.end, "variable", _LIBRARY)
    is_set = before is not None and previous == "name" and before.value in ("set", "for")
    return _Coloured(token.start, token.end, "variable", _DEFINITION if is_set else 0)


def _string(tokens: list[Token], number: int) -> Iterator[_Coloured]:
    """A string; the name that get_secret or get_variable asks for has a colour of its own between the quotes."""
    token = tokens[number]
    called = tokens[number - 2] if number > 1 and tokens[number - 1].type == "(" else None
    if called is not None and called.value in _NAMED and token.end - token.start > 2:
        yield _Coloured(token.start, token.start + 1, "string")
        yield _Coloured(token.start + 1, token.end - 1, "parameter", _READONLY)
        yield _Coloured(token.end - 1, token.end, "string")
    else:
        yield _Coloured(token.start, token.end, "string")
