"""Colour the templates inside the JSON strings.

The JSON itself is left to the editor.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from lsprotocol import types

from strongroom.document import Template
from strongroom.document.json_values import StringValue
from strongroom.document.template_lexer import Token
from strongroom.document.template_nodes import has_tags
from strongroom.names import Kind
from strongroom.platform.template_names import CONTEXT_NAMES, FUNCTIONS
from strongroom.text.prefix import common_prefix
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.documents.template_places import tokens_of
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.protocol.capabilities import TOKEN_MODIFIERS, TOKEN_TYPES
from strongroom_lsp.protocol.positions import units
from strongroom_lsp.services import Services

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


class _SemanticToken(NamedTuple):
    start: int
    end: int
    type: str
    modifiers: int = 0


def semantic_tokens_full(
    services: Services, params: types.SemanticTokensParams
) -> types.SemanticTokens | None:
    """Answer `textDocument/semanticTokens/full`."""
    opened = document_of(services, params)
    return _keep(services, opened) if opened is not None else None


def semantic_tokens_delta(
    services: Services, params: types.SemanticTokensDeltaParams
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    """Answer `textDocument/semanticTokens/full/delta` with changes to known tokens.

    The answer has all tokens if the client has others.
    """
    opened = document_of(services, params)
    if opened is None:
        return None
    before = opened.tokens
    now = _keep(services, opened)
    if before is None or params.previous_result_id != before.result_id:
        return now
    return types.SemanticTokensDelta(difference(before.data, now.data), result_id=now.result_id)


def semantic_tokens_range(
    services: Services, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    """Answer `textDocument/semanticTokens/range`, for large files."""
    opened = document_of(services, params)
    if opened is None:
        return None
    start, end = opened.offsets_of_range(params.range)
    shown = (
        template
        for connector in opened.document.connectors
        if connector.start <= end and start <= connector.end
        for template in connector.templates
        if template.start <= end and start <= template.end
    )
    return types.SemanticTokens(encoded(opened, shown, services.client.encoding))


def _keep(services: Services, opened: OpenDocument) -> types.SemanticTokens:
    """Return all tokens of a document, and keep them for the next difference."""
    data = encoded(opened, opened.document.templates, services.client.encoding)
    opened.tokens = types.SemanticTokens(data, result_id=str(opened.generation))
    return opened.tokens


def difference(old: Sequence[int], new: Sequence[int]) -> list[types.SemanticTokensEdit]:
    """Return at most one edit that makes `new` of `old`."""
    same = common_prefix(old, new)
    end = common_prefix(old[same:][::-1], new[same:][::-1])
    deleted, inserted = len(old) - same - end, new[same : len(new) - end]
    return [types.SemanticTokensEdit(same, deleted, inserted)] if deleted or inserted else []


def encoded(opened: OpenDocument, templates: Iterable[Template], encoding: str) -> list[int]:
    """Return five numbers for each token (LSP 3.17, `SemanticTokens`).

    The position is relative to the token before.
    """
    data: list[int] = []
    line = column = 0
    place = opened.positions.position
    for template in templates:
        if template.is_damaged or not has_tags(template.text):
            continue
        string = template.string
        kept = _tokens_of_content(template.text if string.raw is None else string.raw, encoding)
        if kept is None:
            continue
        # A JSON string is on one line, so only its first token needs a position.
        first, start = place(template.start)
        start += kept.start
        data += (first - line, start if first != line else start - column)
        data += kept.numbers
        line, column = first, start + kept.width
    return data


class _TemplateTokens(NamedTuple):
    """Hold the tokens of one template, as numbers relative to its string.

    `start` is where the first token begins, `width` how far from it the last one begins, and `numbers` are all but
    the first two.
    """

    start: int
    width: int
    numbers: tuple[int, ...]


@lru_cache(maxsize=4096)
def _tokens_of_content(content: str, encoding: str) -> _TemplateTokens | None:
    """Return the tokens of a JSON string's content.

    They are kept, because an edit leaves nearly all templates as they are.
    """
    string = StringValue(0, len(content), content, quote=0)
    source = string.to_source
    numbers: list[int] = []
    begun = column = -1
    for token in _semantic_tokens(string.data):
        start = units(content[: source(token.start)], encoding)
        length = units(content[source(token.start) : source(token.end)], encoding)
        if length <= 0:
            continue
        if begun < 0:
            begun = start
        else:
            numbers += (0, start - column)
        numbers += (length, _TYPE[token.type], token.modifiers)
        column = start
    return _TemplateTokens(begun, column - begun, tuple(numbers)) if begun >= 0 else None


def _semantic_tokens(text: str) -> Iterator[_SemanticToken]:
    tokens = tokens_of(text)
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
            yield _SemanticToken(token.start, token.end, "number")
        elif kind == "comment":
            yield _SemanticToken(token.start, token.end, "comment")
        elif kind in ("{{", "}}", "{%", "%}"):
            # The blanks that a tag trims belong to the text around it.
            end = token.start + len(text[token.start : token.end].strip())
            yield _SemanticToken(token.start, end, "macro")
        else:
            yield _SemanticToken(token.start, token.end, "operator")


def _name(token: Token, before: Token | None, after: str) -> _SemanticToken:
    name, previous = token.value, before.type if before is not None else ""
    if previous == ".":
        return _SemanticToken(token.start, token.end, "property")
    if previous == "|":
        return _SemanticToken(token.start, token.end, "function")
    if name in _KEYWORDS:
        return _SemanticToken(token.start, token.end, "keyword")
    if after == "(":
        return _SemanticToken(token.start, token.end, "function", _LIBRARY if name in FUNCTIONS else 0)
    if name in CONTEXT_NAMES:
        return _SemanticToken(token.start, token.end, "variable", _LIBRARY)
    is_set = before is not None and previous == "name" and before.value in ("set", "for")
    return _SemanticToken(token.start, token.end, "variable", _DEFINITION if is_set else 0)


def _string(tokens: list[Token], number: int) -> Iterator[_SemanticToken]:
    """Yield a string's tokens.

    The name in `get_secret` and `get_variable` has its own colour between the quotes.
    """
    token = tokens[number]
    called = tokens[number - 2] if number > 1 and tokens[number - 1].type == "(" else None
    if called is not None and called.value in _NAMED and token.end - token.start > 2:
        yield _SemanticToken(token.start, token.start + 1, "string")
        yield _SemanticToken(token.start + 1, token.end - 1, "parameter", _READONLY)
        yield _SemanticToken(token.end - 1, token.end, "string")
    else:
        yield _SemanticToken(token.start, token.end, "string")
