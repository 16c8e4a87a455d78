"""Split a connector's source into styled parts: templates and the JSON around."""

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.document.template_lexer import Token, tokenize
from strongroom.platform.template_names import FUNCTIONS

if TYPE_CHECKING:
    from strongroom.document import Connector, Document, Template

KEYWORDS: Final = frozenset(
    [
        *("and", "else", "if", "import", "in", "is", "not", "or", "as", "with", "without", "context"),
        *(
            "autoescape",
            "block",
            "call",
            "elif",
            "filter",
            "for",
            "from",
            "include",
            "macro",
            "recursive",
            "set",
        ),
        *(
            "endautoescape",
            "endblock",
            "endcall",
            "endfilter",
            "endfor",
            "endif",
            "endmacro",
            "endset",
            "endwith",
        ),
    ]
)
"""The words of Jinja2's statements and operators."""

ROLES: Final = {
    "delimiter": "accent",
    "call": "call",
    "filter": "code",
    "name": "code",
    "keyword": "keyword",
    "string": "literal",
    "number": "literal",
    "mark": "muted",
    "comment": "muted",
}
"""The role of a template's part -> the style that shows it (theme.py)."""

_JSON: Final = re.compile(r'"(?:[^"\\\r\n]|\\.)*+"(?P<key>(?=\s*+:))?|(?P<mark>[{}\[\],:])')
_OPENING: Final = ("{{", "{%")
_CLOSING: Final = ("}}", "%}")


class SemanticToken(NamedTuple):
    """Hold one token of a template with its role.

    Offsets are those of the decoded text.
    """

    start: int
    end: int
    role: str
    token: Token


class StyledSpan(NamedTuple):
    """Hold a styled piece of the source.

    `ground` is "raised" inside a template's braces.
    """

    start: int
    end: int
    style: str
    ground: str = "ground"


def semantic_tokens(template: "Template") -> list[SemanticToken]:
    """Return a template's tokens that are not plain text, in order, up to a mistake."""
    comments: list[Token] = []
    tokens = tokenize(template.text, comments)
    found = [SemanticToken(c.start, c.end, "comment", c) for c in comments]
    before = ""
    for token in tokens:
        if token.type not in ("data", "raw", "eof", "error"):
            found.append(SemanticToken(token.start, token.end, _role(token, before), token))
        before = token.type
    return sorted(found, key=lambda part: part.start)


def _role(token: Token, before: str) -> str:
    if token.type in _OPENING or token.type in _CLOSING:
        return "delimiter"
    if token.type == "name":
        if before == "|":
            return "filter"
        if token.value in KEYWORDS and before != ".":
            return "keyword"
        return "call" if token.value in FUNCTIONS and before != "." else "name"
    if token.type == "string":
        return "string"
    return "number" if token.type in ("int", "float") else "mark"


class Highlighter:
    """Return the spans of one document.

    The spans of a connector are made when the connector is first shown.
    """

    def __init__(self, document: "Document") -> None:
        self.document = document
        self._kept: dict[int, list[StyledSpan]] = {}

    def spans(self, start: int, end: int) -> list[StyledSpan]:
        """Return the spans that touch text[start:end], in order and without overlap."""
        found: list[StyledSpan] = []
        connectors = self.document.connectors
        at = bisect_left(connectors, start, key=lambda connector: connector.end)
        for connector in connectors[at:]:
            if connector.start >= end:
                break
            spans = self._of(connector)
            first = bisect_left(spans, start, key=lambda span: span.end)
            for span in spans[first:]:
                if span.start >= end:
                    break
                found.append(span)
        return found

    def _of(self, connector: "Connector") -> list[StyledSpan]:
        spans = self._kept.get(connector.start)
        if spans is None:
            spans = self._kept[connector.start] = _connector_spans(self.document.text, connector)
        return spans


def _connector_spans(text: str, connector: "Connector") -> list[StyledSpan]:
    inside = [span for template in connector.templates for span in template_spans(template)]
    starts = [span.start for span in inside]
    found = list(inside)
    for match in _JSON.finditer(text, connector.start, connector.end):
        style = "muted" if match["key"] is not None or match["mark"] else ""
        at = bisect_left(starts, match.start())
        if style and (at == len(starts) or starts[at] >= match.end()):
            found.append(StyledSpan(match.start(), match.end(), style))
    return sorted(found)


def template_spans(template: "Template") -> list[StyledSpan]:
    """Return the template's parts as spans of the source, blanks in braces included."""
    if template.is_damaged:
        return []
    spans: list[StyledSpan] = []
    inside = False
    last = 0
    for part in semantic_tokens(template):
        start, end = template.to_source(part.start), template.to_source(part.end)
        if inside and last < start:
            spans.append(StyledSpan(last, start, "", "raised"))
        spans.append(StyledSpan(start, end, ROLES[part.role], "raised"))
        last = end
        if part.token.type in _OPENING:
            inside = True
        elif part.token.type in _CLOSING:
            inside = False
    return spans
