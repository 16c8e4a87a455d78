"""Split Jinja2 templates into tokens with positions.

The grammar is that of Jinja2 3.1 with its default delimiters. The lexer never fails: a mistake becomes the last token,
of type "error", whose value is the message. No part of the grammar accepts that token, so the parser meets it exactly
at the place at which Jinja2 would have refused the text.
"""

import re
from typing import Any, Final, NamedTuple

from strongroom.text.expressions import expression


class Token(NamedTuple):
    """Hold one token and its place.

    `type` is "name", "string", "int", "float", "data", "raw", "eof", "error" or the mark itself. `value` is the name,
    the decoded string, the number, the text of data, or an error's message.
    """

    type: str
    start: int
    end: int
    value: Any = None


_TAG: Final = expression(
    r"(?P<raw>\{%[-+]?\s*raw\s*(?:-%\}\s*|%\}))|(?P<print>\{\{[-+]?)|(?P<comment>\{#[-+]?)|(?P<statement>\{%[-+]?)"
)
_COMMENT_END: Final = expression(r"\+#\}|-#\}\s*|#\}")
_RAW_END: Final = expression(r"\{%[-+]?\s*endraw\s*(?:\+%\}|-%\}\s*|%\})")
_TOKENS_IN: Final = {
    "print": ("{{", "}}", expression(r"\s*+(-\}\}\s*|\}\})")),
    "statement": ("{%", "%}", expression(r"\s*+(\+%\}|-%\}\s*|%\})")),
}
"""The marks of the tags that hold tokens, and the expression for their end."""
_INSIDE: Final = expression(
    r"\s*+(?:"
    r"((?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))"
    r"|(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)"
    r"|(\w+)"
    r"|('[^'\\]*+(?:\\.[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\")"
    r"|(//|\*\*|[=!><]=|[-+*/%~\[\](){}<>=.:|,;])"
    r")",
    re.DOTALL,
)
_FLOAT, _INT, _NAME, _STRING, _MARK = range(1, 6)
_WORD: Final = expression(r"\w")
CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}
_NEWLINE: Final = expression(r"\r\n?|\n")
_ESCAPE: Final = expression(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]+)\}|([xuUN])|(\n)|(.))",
    re.DOTALL,
)
_SIMPLE: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def tokenize(text: str, comments: list[Token] | None = None) -> list[Token]:
    """Return the tokens of a template, the last of them "eof" or "error".

    Comments and raw marks yield none; comments are added to `comments`, with their delimiters.
    """
    lexer = _Lexer(text, [] if comments is None else comments)
    try:
        lexer.run()
    except _MistakeError as mistake:
        lexer.tokens.append(Token("error", mistake.start, mistake.end, mistake.message))
    return lexer.tokens


class _MistakeError(Exception):
    """End the reading at a mistake."""

    def __init__(self, start: int, end: int, message: str) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message


class _Lexer:
    def __init__(self, text: str, comments: list[Token]) -> None:
        self.text = text
        self.comments = comments
        # Jinja2 drops one line break at the end of a template before it reads it.
        self.limit = len(text)
        if text.endswith(("\n", "\r")):
            self.limit -= 2 if text.endswith("\r\n") else 1
        self.tokens: list[Token] = []

    def run(self) -> None:
        text, limit = self.text, self.limit
        pos = 0
        while tag := _TAG.search(text, pos, limit):
            self._plain("data", pos, tag.start())
            pos = self._tag(str(tag.lastgroup), tag.start(), tag.end())
        self._plain("data", pos, limit)
        self.tokens.append(Token("eof", limit, limit))

    def _plain(self, kind: str, start: int, end: int) -> None:
        if start < end:
            self.tokens.append(Token(kind, start, end, self.text[start:end]))

    def _tag(self, kind: str, start: int, pos: int) -> int:
        """Read the tag that opens from `start` to `pos`. Return the offset after it."""
        if kind == "raw":
            end, after = self._end(
                _RAW_END, start, pos, "This raw block is not closed: `{% endraw %}` is missing."
            )
            self._plain("raw", pos, end)
            return after
        if kind == "comment":
            end, after = self._end(_COMMENT_END, start, pos, "This comment is not closed: `#}` is missing.")
            end += len(self.text[end:after].rstrip())
            self.comments.append(Token("comment", start, end, self.text[start:end]))
            return after
        opener, closer, closing = _TOKENS_IN[kind]
        self.tokens.append(Token(opener, start, pos))
        return self._inside(pos, closer, closing)

    def _end(self, closing: re.Pattern[str], start: int, pos: int, message: str) -> tuple[int, int]:
        """Return the place of the end of a block without tokens.

        At the end of the text the block's end may be missing.
        """
        end = closing.search(self.text, pos, self.limit)
        if end is None and pos < self.limit:
            raise _MistakeError(start, pos, message)
        return end.span() if end else (self.limit, self.limit)

    def _inside(self, pos: int, closer: str, closing: re.Pattern[str]) -> int:
        """Read the tokens of a tag. Return the offset after it."""
        text, limit, tokens = self.text, self.limit, self.tokens
        awaited: list[str] = []
        while True:
            end = None if awaited else closing.match(text, pos, limit)
            if end:
                tokens.append(Token(closer, end.start(1), end.start(1) + len(end.group(1).rstrip())))
                return end.end()
            match = _INSIDE.match(text, pos, limit)
            if match is None:
                return self._unfinished(pos)
            kind = match.lastindex or 0
            start, pos = match.span(kind)
            word = text[start:pos]
            if kind == _NAME:
                if not word.isidentifier() or not text[pos : pos + 1].isascii():
                    pos = self._end_of_name(start, pos)
                tokens.append(Token("name", start, pos, text[start:pos]))
            elif kind == _MARK:
                if word in CLOSERS:
                    awaited.append(CLOSERS[word])
                elif word in ")]}":
                    expected = awaited.pop() if awaited else ""
                    if not expected:
                        raise _MistakeError(start, pos, f"`{word}` has no matching opening bracket.")
                    if word != expected:
                        raise _MistakeError(start, pos, f"Expected `{expected}`, found `{word}`.")
                tokens.append(Token(word, start, pos))
            elif kind == _STRING:
                tokens.append(Token("string", start, pos, _unescape(word[1:-1], start + 1)))
            else:
                tokens.append(_number(word, start, pos, is_float=kind == _FLOAT))

    def _end_of_name(self, start: int, end: int) -> int:
        """Return the end of a name with characters that are not ASCII.

        Identifiers may go on with marks that no expression class has (a combining accent).
        """
        text, limit = self.text, self.limit
        while end < limit and (_WORD.match(text[end]) or f"a{text[end]}".isidentifier()):
            end += 1
        if not text[start:end].isidentifier():
            raise _MistakeError(start, end, f"`{text[start:end]}` is not a valid name.")
        return end

    def _unfinished(self, pos: int) -> int:
        """Return the end of a text that ends inside a tag. Refuse any other text."""
        rest = self.text[pos : self.limit].lstrip()
        if not rest:
            return self.limit
        start = self.limit - len(rest)
        message = f"Unexpected character `{rest[0]}` in a template expression."
        if rest[0] in "'\"":
            message = f"This string is not closed: `{rest[0]}` is missing."
        raise _MistakeError(start, start + 1, message)


def _number(word: str, start: int, end: int, *, is_float: bool) -> Token:
    try:
        if not is_float:
            return Token("int", start, end, int(word, 0))
        if word.isascii():
            return Token("float", start, end, float(word))
    except ValueError:
        pass
    raise _MistakeError(start, end, "Invalid number.")


def _unescape(content: str, start: int) -> str:
    """Return the text of a string literal's content, which begins at `start`.

    The escapes are Python's, as Jinja2 reads them.
    """
    try:
        return _ESCAPE.sub(_escape, _NEWLINE.sub("\n", content))
    except _MistakeError as mistake:
        raise _MistakeError(start + mistake.start, start + mistake.end, mistake.message) from None


def _escape(match: re.Match[str]) -> str:
    octal, byte, unit, wide, name, cut, newline, other = match.groups()
    if octal:
        return chr(int(octal, 8))
    if newline:
        return ""
    if other:
        # Jinja2 first turns other characters into escapes of their own, so their backslash is doubled.
        escaped = other.encode("ascii", "backslashreplace").decode("ascii")
        return _SIMPLE.get(other, other if other in "\\'\"" else "\\" + escaped.removeprefix("\\"))
    if cut:
        raise _MistakeError(match.start(), match.end(), f"The escape `\\{cut}` is incomplete.")
    if name:
        return _named_character(match, name)
    code = int(byte or unit or wide, 16)
    if code > 0x10FFFF:
        raise _MistakeError(match.start(), match.end(), "This escape is not a valid character.")
    return chr(code)


def _named_character(match: re.Match[str], name: str) -> str:
    from unicodedata import lookup  # a large module for a rare escape

    try:
        found = lookup(name)
    except (KeyError, UnicodeEncodeError):
        found = ""
    if len(found) != 1:
        raise _MistakeError(match.start(), match.end(), f"Unknown character name `{name}`.")
    return found
