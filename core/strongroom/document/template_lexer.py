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
    r"\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})()"  # 1: raw block
    r"|\{\{[-+]?()"  # 2: print
    r"|\{#[-+]?()"  # 3: comment
    r"|\{%[-+]?()"  # 4: statement
)
_COMMENT_END: Final = expression(r"\+#\}|-#\}\s*|#\}")
_RAW_END: Final = expression(r"\{%[-+]?\s*endraw\s*(?:\+%\}|-%\}\s*|%\})")
_RAW, _COMMENT = 1, 3
_PASSED_OVER: Final = {
    _RAW: (_RAW_END, "This raw block is not closed: `{% endraw %}` is missing."),
    _COMMENT: (_COMMENT_END, "This comment is not closed: `#}` is missing."),
}
_BLOCK_END: Final = expression(r"(?:\+%\}|-%\}\s*|%\})")
_PRINT_END: Final = expression(r"-\}\}\s*|\}\}")
_INSIDE: Final = expression(
    r"(\s+)"
    r"|((?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))"
    r"|(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)"
    r"|(\w+)"
    r"|'([^'\\]*+(?:\\.[^'\\]*+)*+)'"
    r'|"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
    r"|(//|\*\*|[=!><]=|[-+*/%~\[\](){}<>=.:|,;])",
    re.DOTALL,
)
_WORD: Final = expression(r"\w")
_BLANK, _FLOAT, _INT, _NAME, _SINGLE, _DOUBLE, _MARK = range(1, 8)
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}
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
    return _Lexer(text, [] if comments is None else comments).run()


class _EscapeError(Exception):
    """Report a string escape that means nothing.

    It carries the escape's place in the string's content and a message.
    """

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

    def run(self) -> list[Token]:
        text, limit = self.text, self.limit
        pos = 0
        while pos < limit:
            tag = _TAG.search(text, pos, limit)
            start = tag.start() if tag else limit
            if start > pos:
                self.tokens.append(Token("data", pos, start, text[pos:start]))
            if tag is None:
                break
            found = self._tag(tag)
            if found is None:
                return self.tokens
            pos = found
        self.tokens.append(Token("eof", limit, limit))
        return self.tokens

    def _tag(self, tag: re.Match[str]) -> int | None:
        """Read the tag that opens here.

        Return the offset after it, or None if an error ended the tokens.
        """
        text, limit, pos = self.text, self.limit, tag.end()
        kind = tag.lastindex
        if kind in _PASSED_OVER:
            closing, message = _PASSED_OVER[kind]
            end = closing.search(text, pos, limit)
            if end is None and pos < limit:
                return self._error(tag.start(), pos, message)
            if kind == _COMMENT:
                close = end.start() + len(end.group().rstrip()) if end else limit
                self.comments.append(Token("comment", tag.start(), close, text[tag.start() : close]))
            elif end is not None and end.start() > pos:
                self.tokens.append(Token("raw", pos, end.start(), text[pos : end.start()]))
            return end.end() if end else limit
        mark = "{{" if kind == 2 else "{%"
        self.tokens.append(Token(mark, tag.start(), pos))
        return self._inside(pos, "}}" if kind == 2 else "%}", _PRINT_END if kind == 2 else _BLOCK_END)

    def _inside(self, pos: int, closer: str, closing: re.Pattern[str]) -> int | None:
        text, limit, tokens = self.text, self.limit, self.tokens
        open_marks: list[tuple[str, int]] = []
        while pos < limit:
            if not open_marks:
                end = closing.match(text, pos, limit)
                if end:
                    tokens.append(Token(closer, pos, end.start() + len(end.group().rstrip())))
                    return end.end()
            match = _INSIDE.match(text, pos, limit)
            if match is None:
                return self._unexpected(pos)
            kind, start, pos = match.lastindex, pos, match.end()
            if kind == _NAME:
                pos = self._name(start, pos)
            elif kind == _MARK:
                mark = match.group()
                if mark in _CLOSERS:
                    open_marks.append((mark, start))
                elif mark in ")]}":
                    if not open_marks:
                        return self._error(start, pos, f"`{mark}` has no matching opening bracket.")
                    opener, _ = open_marks.pop()
                    if _CLOSERS[opener] != mark:
                        return self._error(start, pos, f"Expected `{_CLOSERS[opener]}`, found `{mark}`.")
                tokens.append(Token(mark, start, pos))
            elif kind in (_SINGLE, _DOUBLE):
                try:
                    value = unescape(match.group(kind))
                except _EscapeError as bad:
                    return self._error(start + 1 + bad.start, start + 1 + bad.end, bad.message)
                tokens.append(Token("string", start, pos, value))
            elif kind != _BLANK and not self._number(match.group(), start, pos, is_float=kind == _FLOAT):
                return None
            if tokens[-1].type == "error":
                return None
        return pos

    def _name(self, start: int, end: int) -> int:
        """Add a name.

        Identifiers may go on with marks that no expression class has (a combining accent).
        """
        text, limit = self.text, self.limit
        if end < limit and not text[end].isascii():
            while end < limit and (_WORD.match(text[end]) or f"a{text[end]}".isidentifier()):
                end += 1
        name = text[start:end]
        if name.isidentifier():
            self.tokens.append(Token("name", start, end, name))
        else:
            self._error(start, end, f"`{name}` is not a valid name.")
        return end

    def _number(self, word: str, start: int, end: int, *, is_float: bool) -> bool:
        try:
            if is_float and not word.isascii():
                raise ValueError
            value = float(word) if is_float else int(word, 0)
        except ValueError:
            self._error(start, end, "Invalid number.")
            return False
        self.tokens.append(Token("float" if is_float else "int", start, end, value))
        return True

    def _unexpected(self, pos: int) -> int | None:
        character = self.text[pos]
        if character in "'\"":
            message = f"This string is not closed: `{character}` is missing."
            return self._error(pos, pos + 1, message)
        return self._error(pos, pos + 1, f"Unexpected character `{character}` in a template expression.")

    def _error(self, start: int, end: int, message: str) -> int | None:
        """Add the token that ends the reading.

        Return None, which callers pass on as "no offset to go on from".
        """
        self.tokens.append(Token("error", start, end, message))
        return None


def unescape(content: str) -> str:
    """Return the text of a string literal's content.

    The escapes are Python's, as Jinja2 reads them. Raises a private error with the place for an escape that is cut
    short or names no character.
    """
    return _ESCAPE.sub(_escape, _NEWLINE.sub("\n", content))


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
        raise _EscapeError(match.start(), match.end(), f"The escape `\\{cut}` is incomplete.")
    if name:
        return _named_character(match, name)
    code = int(byte or unit or wide, 16)
    if code > 0x10FFFF:
        raise _EscapeError(match.start(), match.end(), "This escape is not a valid character.")
    return chr(code)


def _named_character(match: re.Match[str], name: str) -> str:
    from unicodedata import lookup  # a large module for a rare escape

    try:
        found = lookup(name)
    except (KeyError, UnicodeEncodeError):
        found = ""
    if len(found) != 1:
        raise _EscapeError(match.start(), match.end(), f"Unknown character name `{name}`.")
    return found
