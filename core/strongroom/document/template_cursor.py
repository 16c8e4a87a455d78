"""Hold the template parser's current token, and refuse a wrong one."""

from collections.abc import Iterator
from typing import Final, NoReturn

from strongroom.document.template_lexer import CLOSERS, Token
from strongroom.document.template_nodes import Node, ParsedTemplate, TemplateProblem

MAX_NESTING: Final = 40
"""Limit the nesting of brackets and blocks that is read.

Jinja2's own parser gives up not far above it.
"""

_TAG_CLOSERS: Final = {"{{": "}}", "{%": "%}"}
_KINDS: Final = {"string": "a string", "int": "a number", "float": "a number"}


class RefusedError(Exception):
    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.problem = TemplateProblem(message, start, end)


class Cursor:
    """Go through the tokens of one template.

    The methods raise `RefusedError` for text that Jinja2 would refuse. A `sign` is a mark, a word of the grammar, or
    "name" for any name. `scope` are the names that the template defines at the current token.
    """

    def __init__(self, tokens: list[Token], parsed: ParsedTemplate) -> None:
        self.tokens = tokens
        self.at = 0
        self.token = tokens[0]
        self.last_end = 0
        self.depth = 0
        self.scope: set[str] = set()
        self.parsed = parsed

    def advance(self) -> Token:
        """Step over the current token, which is not the last one."""
        token = self.token
        self.last_end = token.end
        self.at += 1
        self.token = self.tokens[self.at]
        return token

    def comes(self, sign: str) -> bool:
        """Return True if the current token is `sign`."""
        token = self.token
        return token.type == sign or (token.value == sign and token.type == "name")

    def follows(self, sign: str) -> bool:
        """Return True if the token after the current one is `sign`."""
        token = self.tokens[self.at + 1]
        return token.type == sign or (token.value == sign and token.type == "name")

    def skip(self, sign: str) -> bool:
        if self.comes(sign):
            self.advance()
            return True
        return False

    def expect(self, sign: str) -> Token:
        if not self.comes(sign):
            self.refuse_token(f"`{sign}`" if sign != "name" else "a name")
        return self.advance()

    def parts(self, closer: str, *, may_trail: bool = False) -> Iterator[None]:
        """Step to each part between commas, up to `closer`. The caller reads the part."""
        is_first = True
        while self.token.type != closer:
            if not is_first:
                self.expect(",")
                if may_trail and self.token.type == closer:
                    return
            is_first = False
            yield

    def bracketed(self, *, may_trail: bool = True) -> Iterator[None]:
        """Step to each part in the brackets that open here, and past them.

        The caller reads the part.
        """
        self.deeper()
        closer = CLOSERS[self.advance().type]
        yield from self.parts(closer, may_trail=may_trail)
        self.expect(closer)
        self.depth -= 1

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.refuse(f"Nested too deeply: at most {MAX_NESTING} levels are allowed.", self.token)

    def refuse_token(self, expected: str) -> NoReturn:
        """Refuse the current token, and name the one that was expected in its place."""
        token = self.token
        if token.type == "error":
            self.refuse(token.value, token)
        if token.type == "eof":
            # The template ends inside a tag. The wrong text is the tag that was opened last.
            token = next(token for token in reversed(self.tokens) if token.type in _TAG_CLOSERS)
            missing = expected if expected.startswith("`") else f"`{_TAG_CLOSERS[token.type]}`"
            self.refuse(f"`{token.type}` is not closed: {missing} is missing.", token)
        found = _KINDS.get(token.type) or f"`{token.value if token.type == 'name' else token.type}`"
        self.refuse(f"Expected {expected}, found {found}.", token)

    def refuse(self, message: str, place: Node | Token) -> NoReturn:
        raise RefusedError(message, place.start, place.end)
