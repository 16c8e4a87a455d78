"""Hold the template parser's current token, and refuse a wrong one."""

from typing import Final, NoReturn

from strongroom.document.template_lexer import Token
from strongroom.document.template_nodes import Node, TemplateParts, TemplateProblem

MAX_NESTING: Final = 40
"""Limit the nesting of brackets and blocks that is read.

Jinja2's own parser gives up not far above it.
"""


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
            self.refuse_end(expected)
        found = token.value if token.type == "name" else f"{token.type}"
        if token.type in ("string", "int", "float"):
            found = {"string": "a string", "int": "a number", "float": "a number"}[token.type]
        else:
            found = f"`{found}`"
        raise RefusedError(f"Expected {expected}, found {found}.", token.start, token.end)

    def refuse_end(self, expected: str) -> NoReturn:
        """Refuse a template that ends inside a tag.

        The wrong text is the tag that was opened last.
        """
        for token in reversed(self.tokens):
            if token.type in ("{{", "{%"):
                closer = "}}" if token.type == "{{" else "%}"
                if not expected.startswith("`") or expected == f"`{closer}`":
                    raise RefusedError(
                        f"`{token.type}` is not closed: `{closer}` is missing.", token.start, token.end
                    )
                raise RefusedError(
                    f"`{token.type}` is not closed: {expected} is missing.", token.start, token.end
                )
        raise RefusedError(
            f"Expected {expected}, but the template ends here.", self.token.start, self.token.end
        )

    def refuse(self, message: str, node: Node | Token) -> NoReturn:
        raise RefusedError(message, node.start, node.end)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            token = self.token
            message = f"Nested too deeply: at most {MAX_NESTING} levels are allowed."
            raise RefusedError(message, token.start, token.end)

    def follows(self, word: str) -> bool:
        token = self.following()
        return token.type == "name" and token.value == word
