"""Cut JavaScript and TypeScript into tokens: words, texts, marks.

It does not parse the language. It knows what is needed to tell code from comments, texts, templates and
regular expressions, and which brackets belong together. It never raises, and its time grows with the length
of the text only.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from strongroom.text.expressions import expression
from strongroom.widgets.scripts import Region
from strongroom.widgets.values import Span

WORD: Final = "word"
NUMBER: Final = "number"
TEXT: Final = "text"
"""A string, or a template without an expression, with its quotes."""
TEMPLATE: Final = "template"
"""A part of a template that has expressions."""
PATTERN: Final = "pattern"
"""A regular expression."""
MARK: Final = "mark"


class Token(NamedTuple):
    """Hold one token: its kind, its place and its text."""

    kind: str
    start: int
    end: int
    text: str


_TOKEN: Final = expression(
    r"\s+|(?P<word>(?:[^\W\d]|[$#@])[\w$]*)|(?P<number>\.?\d[\w.]*)|(?P<quote>[\"'`])|(?P<slash>/)"
    r"|(?P<mark>\.\.\.|\?\.(?!\d)|=>|[=!]==?|&&=?|\|\|=?|\?\?=?|\+\+|--|[-+*%&|^<>]=|.)",
    re.DOTALL,
)
_STRINGS: Final = {
    quote: expression(rf"{quote}[^{quote}\\\n]*(?:\\(?:\r\n|[\s\S])[^{quote}\\\n]*)*") for quote in "\"'"
}
_TEMPLATE_PART: Final = expression(r"[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*")
_PATTERN: Final = expression(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/[A-Za-z]*")
_BEFORE_PATTERN: Final = frozenset(
    [
        "return",
        "typeof",
        "instanceof",
        "in",
        "of",
        "new",
        "delete",
        "void",
        "throw",
        "case",
        "do",
        "else",
        "await",
        "yield",
    ]
)
"""The words after which a slash begins a regular expression."""
_HEADS: Final = frozenset(("if", "while", "for", "with"))
"""The words whose parentheses are followed by a statement."""
_CLOSING: Final = {"(": ")", "[": "]", "{": "}", "${": "`"}
"""The bracket that closes each opening one; a part of a template closes its expression."""

_DEPTH: Final = 50
"""The most brackets that one closing bracket may leave without a partner."""


class Tokens:
    """Hold the tokens of a file, and the brackets that belong together.

    `partner` has the index of the other bracket, for the indexes of brackets that have one. `opener` has the index of
    the innermost bracket around each token, or -1. `strays` are the places of brackets without a partner.
    """

    __slots__ = ("comments", "items", "opener", "partner", "strays")

    def __init__(self, text: str, regions: Iterable[Region]) -> None:
        self.items: list[Token] = []
        self.comments: list[Span] = []
        for start, end in regions:
            _Reader(text, start, end, self).read()
        self.partner: dict[int, int] = {}
        self.opener: list[int] = []
        self.strays: list[int] = []
        self._pair()

    def __len__(self) -> int:
        return len(self.items)

    def text(self, index: int) -> str:
        """Return the text of a token; "" outside of all."""
        return self.items[index].text if 0 <= index < len(self.items) else ""

    def kind(self, index: int) -> str:
        """Return the kind of a token; "" outside of all."""
        return self.items[index].kind if 0 <= index < len(self.items) else ""

    def _pair(self) -> None:
        waiting: list[tuple[int, str]] = []
        for index, token in enumerate(self.items):
            closing, opening = _brackets(token)
            if closing:
                self._close(index, closing, waiting)
            self.opener.append(waiting[-1][0] if waiting else -1)
            if opening:
                waiting.append((index, _CLOSING[opening]))
        self.strays += [self.items[index].start for index, _ in waiting]

    def _close(self, index: int, closing: str, waiting: list[tuple[int, str]]) -> None:
        """Pair a closing bracket. Those that were opened after its partner have none."""
        for at in range(len(waiting) - 1, max(-1, len(waiting) - _DEPTH), -1):
            other, wanted = waiting[at]
            if wanted == closing:
                self.strays += [self.items[stray].start for stray, _ in waiting[at + 1 :]]
                self.partner[index], self.partner[other] = other, index
                del waiting[at:]
                return
        self.strays.append(self.items[index].start)


def _brackets(token: Token) -> tuple[str, str]:
    """Return the bracket that a token closes, and the one that it opens; "" for none."""
    text = token.text
    if token.kind == TEMPLATE:
        return "`" if text.startswith("}") else "", "${" if text.endswith("${") else ""
    if token.kind != MARK:
        return "", ""
    return text if text in (")", "]", "}") else "", text if text in ("(", "[", "{") else ""


class _Reader:
    """Read the tokens of one stretch of script."""

    def __init__(self, text: str, start: int, end: int, tokens: Tokens) -> None:
        self.text = text
        self.at = start
        self.end = end
        self.tokens = tokens
        self.items = tokens.items
        self.first = len(tokens.items)
        self.open_templates: list[int] = []
        """The number of braces that are open in the expression of each template around this place."""
        self.heads: list[bool] = []
        """One entry an open parenthesis: True if it follows `if`, `while`, `for` or `with`."""
        self.is_after_head = False

    def read(self) -> None:
        while self.at < self.end:
            match = _TOKEN.match(self.text, self.at, self.end)
            if match is None:
                return
            kind = match.lastgroup
            if kind is None:
                self.at = match.end()
            elif kind == "quote":
                self._quote(match.group())
            elif kind == "slash":
                self._slash()
            elif kind == "mark":
                self._mark(match.group(), match.end())
            else:
                self._add(WORD if kind == "word" else NUMBER, match.end())

    def _add(self, kind: str, end: int) -> None:
        self.items.append(Token(kind, self.at, end, self.text[self.at : end]))
        self.at = end
        self.is_after_head = False

    def _quote(self, quote: str) -> None:
        if quote == "`":
            self.at += 1
            self._template(self.at - 1)
            return
        match = _STRINGS[quote].match(self.text, self.at, self.end)
        end = match.end() if match is not None else self.at + 1
        if end < self.end and self.text[end] == quote:
            self._add(TEXT, end + 1)
        else:
            self._add(MARK, end)  # a quote in the text of JSX, or a string that is not closed yet

    def _template(self, start: int) -> None:
        """Read a template up to its end or its next expression, from `self.at` on."""
        match = _TEMPLATE_PART.match(self.text, self.at, self.end)
        end = match.end() if match is not None else self.at
        is_whole = self.text[start : start + 1] == "`"
        self.at = start
        if self.text[end : end + 1] == "`" and end < self.end:
            self._add(TEXT if is_whole else TEMPLATE, end + 1)
        elif end < self.end:
            self.open_templates.append(0)
            self._add(TEMPLATE, min(end + 2, self.end))
        else:
            self._add(TEMPLATE, self.end)

    def _slash(self) -> None:
        text, at = self.text, self.at
        if text.startswith("//", at):
            line_end = min(
                found for found in (text.find("\n", at), text.find("\r", at), self.end) if found >= 0
            )
            self._comment(min(line_end, self.end))
        elif text.startswith("/*", at):
            close = text.find("*/", at + 2, self.end)
            self._comment(close + 2 if close >= 0 else self.end)
        else:
            pattern = _PATTERN.match(text, at, self.end) if self._begins_pattern() else None
            if pattern is not None:
                self._add(PATTERN, pattern.end())
            else:
                self._add(MARK, at + 1)

    def _comment(self, end: int) -> None:
        self.tokens.comments.append((self.at, end))
        self.at = end

    def _begins_pattern(self) -> bool:
        if len(self.items) == self.first or self.is_after_head:
            return True
        last = self.items[-1]
        if last.kind == WORD:
            return last.text in _BEFORE_PATTERN
        if last.kind == TEMPLATE:
            return last.text.endswith("${")
        # `<` is before the slash of a closing tag of JSX.
        return last.kind == MARK and last.text not in (")", "]", "}", "++", "--", "<")

    def _mark(self, mark: str, end: int) -> None:
        if self.open_templates and mark in ("{", "}"):
            if mark == "}" and not self.open_templates[-1]:
                self.open_templates.pop()
                self.at += 1
                self._template(self.at - 1)
                return
            self.open_templates[-1] += 1 if mark == "{" else -1
        is_head = False
        if mark == "(":
            last = self.items[-1] if len(self.items) > self.first else None
            self.heads.append(last is not None and last.kind == WORD and last.text in _HEADS)
        elif mark == ")" and self.heads:
            is_head = self.heads.pop()
        self._add(MARK, end)
        self.is_after_head = is_head
