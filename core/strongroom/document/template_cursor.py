"""Hold the template parser's current token, and refuse a wrong one."""

from collections.abc import Iterator
from typing import Final, NoReturn

from strongroom.document.template_lexer import Token
from strongroom.document.template_nodes import Node, TemplateParts, TemplateProblem

MAX_NESTING: Final = 40
"""Limit the nesting of brackets and blocks that is read.

Jinja2's own parser gives up not far above it.
"""


_CLOSERS: Final = {"{{": "}}", "{%": "%}"}
_KINDS: Final = {"string": "a string", "int": "a number", "float": "a number"}


class RefusedError(Exception):
    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.problem = TemplateProblem(message, start, end)


class Cursor:
    """Go through the tokens of one template.

    The methods raise `RefusedError` for text that Jinja2 would refuse.
    """

    def __init__(self, tokens: list[Token], parsed: TemplateParts) -> None:
        self.tokens = tokens
        self.at = 0
        self.token = tokens[0]
        self.last_end = 0
        self.depth = 0
        self.parsed = parsed

    def advance(self) -> Token:
        token = self.token
        self.last_end = token.end
        if self.at + 1 < len(self.tokens):
            self.at += 1
            self.token = self.tokens[self.at]
        return token

    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def is_word(self, word: str) -> bool:
        return self.token.type == "name" and self.token.value == word

    def skip_word(self, word: str) -> bool:
        if self.is_word(word):
            self.advance()
            return True
        return False

    def skip(self, kind: str) -> bool:
        if self.token.type == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str) -> Token:
        if self.token.type != kind:
            self.refuse_token(f"`{kind}`" if kind != "name" else "a name")
        return self.advance()

    def parts(self, closer: str, *, may_trail: bool) -> Iterator[None]:
        """Step to each part between commas, up to `closer`. The caller reads the part."""
        is_first = True
        while self.token.type != closer:
            if not is_first:
                self.expect(",")
                if may_trail and self.token.type == closer:
                    return
            is_first = False
            yield

    def expect_word(self, word: str) -> Token:
        if not self.is_word(word):
            self.refuse_token(f"`{word}`")
        return self.advance()

    def refuse_token(self, expected: str) -> NoReturn:
        """Refuse the current token, and name the one that was expected in its place."""
        token = self.token
        if token.type == "error":
            raise RefusedError(token.value, token.start, token.end)
        if token.type == "eof":
            # The template ends inside a tag. The wrong text is the tag that was opened last.
            token = next(token for token in reversed(self.tokens) if token.type in _CLOSERS)
            missing = expected if expected.startswith("`") else f"`{_CLOSERS[token.type]}`"
            self.refuse(f"`{token.type}` is not closed: {missing} is missing.", token)
        found = _KINDS.get(token.type) or f"`{token.value if token.type == 'name' else token.type}`"
        self.refuse(f"Expected {expected}, found {found}.", token)

    def refuse(self, message: str, node: Node | Token) -> NoReturn:
        raise RefusedError(message, node.start, node.end)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.refuse(f"Nested too deeply: at most {MAX_NESTING} levels are allowed.", self.token)

    def follows(self, word: str) -> bool:
        token = self.following()
        return token.type == "name" and token.value == word
