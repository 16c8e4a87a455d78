"""Find what the names of a script stand for, if its text says it for certain.

A name counts only if one declaration in the file binds it and nothing changes it. This is stricter than the
language, which knows scopes: a name that might be another one is not known.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.widgets.tokens import MARK, TEXT, WORD, Tokens

_DECLARING: Final = ("const", "let", "var")
_ASSIGNING: Final = frozenset(
    ("=", "+=", "-=", "*=", "%=", "&=", "|=", "^=", "&&=", "||=", "??=", "++", "--")
)
_HEADS: Final = frozenset(("if", "while", "for", "switch", "with"))
_READERS: Final = frozenset(
    ("execute", "log", "info", "debug", "warn", "error", "stringify", "keys", "values", "entries", "freeze")
)
"""Functions that do not change the object that they are given."""


class Binding(NamedTuple):
    """Hold what a name is declared as, and the members that were assigned later.

    The expression has the tokens from `start` to `end`.
    """

    start: int
    end: int
    assigned: tuple[str, ...] = ()


_OPERATORS: Final = frozenset(
    [
        "as",
        "satisfies",
        "in",
        "of",
        "instanceof",
        "typeof",
        "new",
        "await",
        "void",
        "delete",
        "async",
        "function",
        "class",
        "yield",
    ]
)
"""Words that join or begin the parts of one expression."""


class Bindings:
    """Hold the names of one file by the tokens that they occur in."""

    __slots__ = ("_known", "_places", "_tokens")

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._places: dict[str, list[int]] | None = None
        self._known: dict[str, Binding | None] = {}

    def binding(self, name: str) -> Binding | None:
        """Return the expression that a name is bound to, or None if it is not certain."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def imported(self, name: str) -> tuple[str, str] | None:
        """Return the module that a name is imported from, and its name there.

        If another name may be meant, the result is None.
        """
        found: tuple[str, str] | None = None
        for index in self._occurrences(name):
            module = self._module_of(index)
            if module and found is None:
                is_renamed = self._tokens.text(index - 1) == "as"
                found = module, self._tokens.text(index - 2) if is_renamed else name
            elif (
                module
                or self._tokens.text(index - 1) in _DECLARING
                or self._may_bind(index)
                or self._may_change(index)
            ):
                return None
        return found

    def _module_of(self, index: int) -> str:
        """Return the module of an import that binds a name; "" for any other place."""
        tokens = self._tokens
        opener = tokens.opener[index]
        close = tokens.partner.get(opener, -3)
        is_import = tokens.text(opener) == "{" and tokens.text(opener - 1) == "import"
        if not is_import or tokens.text(close + 1) != "from" or tokens.text(index + 1) == "as":
            return ""
        return tokens.text(close + 2)[1:-1] if tokens.kind(close + 2) == TEXT else ""

    def unpacked(self, name: str) -> Iterator[tuple[list[str], int]]:
        """Yield (keys, start) for each `const {key: name} = expression` with this name.

        The keys lead to the name from the value of the expression, which begins at the token `start`.
        """
        for index in self._occurrences(name):
            keys = [name]
            if self._tokens.text(index - 1) == ":":
                keys = [self._tokens.text(index - 2)]
            opener = self._tokens.opener[index]
            while self._tokens.text(opener - 1) == ":" and self._tokens.text(opener) == "{":
                keys.insert(0, self._tokens.text(opener - 2))
                opener = self._tokens.opener[opener]
            close = self._tokens.partner.get(opener, -1)
            is_pattern = self._tokens.text(opener) == "{" and self._tokens.text(opener - 1) in _DECLARING
            if is_pattern and self._tokens.text(close + 1) == "=":
                yield keys, close + 2

    def declared(self, name: str) -> Iterator[int]:
        """Yield the first token of the expression in each `const name = expression`."""
        for index in self._occurrences(name):
            if self._tokens.text(index - 1) in _DECLARING and (start := self._after_type(index + 1)):
                yield start

    def end_of(self, start: int) -> int:
        """Return the index after the expression that begins at a token.

        It ends before a comma, a semicolon, a bracket that was opened before it, or a new statement.
        """
        tokens, index = self._tokens, start
        while index < len(tokens):
            text = tokens.text(index)
            if tokens.kind(index) == MARK:
                if text in (",", ";", ")", "]", "}"):
                    return index
                if text in ("(", "[", "{") and index in tokens.partner:
                    index = tokens.partner[index]
            elif index > start and self._begins_statement(index):
                return index
            index += 1
        return index

    def end_of_member(self, start: int) -> int:
        """Return the index after the member of an object that begins at a token."""
        tokens, index = self._tokens, start
        while index < len(tokens):
            if tokens.kind(index) == MARK and tokens.text(index) in (",", ")", "]", "}"):
                return index
            index = max(tokens.partner.get(index, index), index) + 1
        return index

    def _begins_statement(self, index: int) -> bool:
        """Return True if a token after an operand begins a statement.

        Such a token is a word after a word, a text or a bracket.
        """
        tokens = self._tokens
        if tokens.kind(index) != WORD or tokens.text(index) in _OPERATORS:
            return False
        before = tokens.items[index - 1]
        if before.kind == MARK:
            return before.text in (")", "]", "}")
        return before.text not in _OPERATORS and before.kind != "template"

    def _find(self, name: str) -> Binding | None:
        found: list[tuple[int, int]] = []
        assigned: list[str] = []
        for index in self._occurrences(name):
            if self._tokens.text(index - 1) in _DECLARING:
                start = self._after_type(index + 1)
                if not start:
                    return None
                found.append((start, self.end_of(start)))
            elif self._may_bind(index) or self._may_change(index):
                return None
            elif member := self._assigned_member(index):
                assigned.append(member)
        return Binding(*found[0], tuple(assigned)) if len(found) == 1 else None

    def _occurrences(self, name: str) -> list[int]:
        """Return the tokens that are this name, except members and keys."""
        if self._places is None:
            self._places = {}
            for index, token in enumerate(self._tokens.items):
                if token.kind == WORD and not self._is_member(index):
                    self._places.setdefault(token.text, []).append(index)
        return self._places.get(name, [])

    def _is_member(self, index: int) -> bool:
        before = self._tokens.text(index - 1)
        if before in (".", "?."):
            return True
        is_first = before in ("{", ",")
        return is_first and self._tokens.text(index + 1) == ":" and self._in_braces(index)

    def _in_braces(self, index: int) -> bool:
        return self._tokens.text(self._tokens.opener[index]) == "{"

    def _after_type(self, index: int) -> int:
        """Return the token after `=` of a declaration; 0 without a value.

        A type may come before the `=`.
        """
        tokens = self._tokens
        if tokens.text(index) == ":":
            index += 1
            while index < len(tokens) and tokens.text(index) not in ("=", ";", ",", ")", "}", "=>"):
                index = tokens.partner.get(index, index) + 1
        return index + 1 if tokens.text(index) == "=" else 0

    def _may_bind(self, index: int) -> bool:
        """Return True if a name may be bound here.

        A bound name is a parameter, a part of a pattern, an import, a function or a class.
        """
        tokens = self._tokens
        if tokens.text(index + 1) == "=>" or tokens.text(index - 1) in (
            "function",
            "class",
            "import",
            "enum",
        ):
            return True
        opener = tokens.opener[index]
        while opener >= 0:
            after = tokens.text(tokens.partner.get(opener, -2) + 1)
            before = tokens.text(opener - 1)
            if after in ("=>", "=", "of", "in", "from"):
                return True
            if tokens.text(opener) == "(" and after in ("{", ":") and before not in _HEADS:
                return True
            if tokens.text(opener) == "{" and before in (")", "=>"):
                return False
            opener = tokens.opener[opener]
        return False

    def _may_change(self, index: int) -> bool:
        """Return True if a name is assigned to, or given to a function that may change it."""
        tokens = self._tokens
        after, before = tokens.text(index + 1), tokens.text(index - 1)
        if after in _ASSIGNING or before in ("++", "--", "delete"):
            return True
        if after == "[":
            return tokens.text(tokens.partner.get(index + 1, -2) + 1) in _ASSIGNING
        opener = tokens.opener[index]
        is_argument = before in ("(", ",") and after in (",", ")") and tokens.text(opener) == "("
        return is_argument and tokens.kind(opener - 1) == WORD and tokens.text(opener - 1) not in _READERS

    def _assigned_member(self, index: int) -> str:
        tokens = self._tokens
        is_assigned = tokens.text(index + 1) == "." and tokens.text(index + 3) in _ASSIGNING
        return tokens.text(index + 2) if is_assigned else ""
