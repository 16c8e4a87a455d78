"""Read expressions of a script as values, if the text says them for certain."""

from collections.abc import Callable
from typing import Final

from strongroom.widgets.bindings import Bindings
from strongroom.widgets.tokens import MARK, NUMBER, TEMPLATE, TEXT, WORD, Tokens
from strongroom.widgets.values import Member, Value, decoded

_LITERALS: Final = frozenset(("true", "false", "null", "undefined"))
_MODIFIERS: Final = frozenset(("async", "get", "set", "static"))
_DEEPEST: Final = 12
"""The most levels at which values are read: objects, conditions and names of constants together."""
_MOST: Final = 64
"""The most values that one condition may give."""


Module = Callable[[str], "Expressions | None"]
"""Gives the expressions of a module by its name in an import; None if it cannot be read."""


class Expressions:
    """Read the expressions of one file.

    `module` gives the expressions of an imported file.
    """

    __slots__ = ("_bindings", "_module", "_tokens")

    def __init__(self, tokens: Tokens, bindings: Bindings, module: Module | None = None) -> None:
        self._tokens = tokens
        self._bindings = bindings
        self._module = module

    def value(self, start: int, end: int, depth: int = 0) -> Value:
        """Return the value of the expression with the tokens from `start` to before `end`."""
        tokens = self._tokens
        if start >= end or end > len(tokens):
            at = tokens.items[start].start if 0 <= start < len(tokens) else 0
            return Value("unknown", at, at)
        place = tokens.items[start].start, tokens.items[end - 1].end
        if depth > _DEEPEST:
            return Value("unknown", *place)
        start, end = self._bare(start, end)
        if start >= end:
            return Value("unknown", *place)
        found = self._joined(start, end, depth) or self._single(start, end, depth)
        return found or Value("unknown", tokens.items[start].start, tokens.items[end - 1].end)

    def _bare(self, start: int, end: int) -> tuple[int, int]:
        """Leave out parentheses around an expression, and TypeScript's words on its type."""
        tokens = self._tokens
        while start < end:
            if tokens.text(start) == "(" and tokens.partner.get(start) == end - 1:
                start, end = start + 1, end - 1
            elif tokens.text(end - 1) == "!" and end - start > 1:
                end -= 1
            elif cast := self._inside(start, end, ("as", "satisfies")):
                end = cast
            elif tokens.text(start) == "<" and (close := self._inside(start, end, (">",))):
                start = close + 1
            else:
                break
        return start, end

    def _first(self, start: int, end: int, texts: tuple[str, ...]) -> int:
        """Return the first token with one of these texts, outside of brackets, or 0."""
        tokens, at = self._tokens, start
        while at < end:
            if tokens.items[at].text in texts and tokens.kind(at) in (MARK, WORD):
                return at
            at = max(tokens.partner.get(at, at), at) + 1
        return 0

    def _inside(self, start: int, end: int, texts: tuple[str, ...]) -> int:
        """Return the first token with one of these texts after the first operand, or 0."""
        after = max(self._tokens.partner.get(start, start), start) + 1
        return self._first(after, end, texts)

    def _joined(self, start: int, end: int, depth: int) -> Value | None:
        """Return the value of a joining expression: a function, a condition, a sum."""
        tokens = self._tokens
        place = tokens.items[start].start, tokens.items[end - 1].end
        if tokens.text(start) == "function" or self._first(start, end, ("=>",)):
            return Value("function", *place)
        if question := self._first(start, end, ("?",)):
            colon = self._colon(question + 1, end)
            if not colon:
                return Value("unknown", *place)
            parts = (
                self.value(question + 1, colon, depth + 1).alternatives
                + self.value(colon + 1, end, depth + 1).alternatives
            )
            return Value("choice", *place, options=parts) if len(parts) <= _MOST else Value("unknown", *place)
        if self._first(start, end, ("||", "??", "&&")):
            return Value("unknown", *place)
        if plus := self._inside(start, end, ("+",)):
            is_text = any(tokens.kind(at) in (TEXT, TEMPLATE) for at in (start, plus - 1, plus + 1, end - 1))
            return Value("string" if is_text else "unknown", *place)
        return None

    def _colon(self, start: int, end: int) -> int:
        """Return the colon of a condition whose `?` is before `start`; 0 without one."""
        tokens, at, open_conditions = self._tokens, start, 0
        while at < end:
            text = tokens.text(at) if tokens.kind(at) == MARK else ""
            if text == "?":
                open_conditions += 1
            elif text == ":":
                if not open_conditions:
                    return at
                open_conditions -= 1
            at = max(tokens.partner.get(at, at), at) + 1
        return 0

    def _single(self, start: int, end: int, depth: int) -> Value | None:
        """Return the value of an expression that joins no others."""
        tokens = self._tokens
        first, last = tokens.items[start], tokens.items[end - 1]
        place = first.start, last.end
        if end - start == 1:
            return self._token(start, depth)
        if tokens.partner.get(start) == end - 1 and first.kind == MARK:
            if first.text == "{":
                return self._object(start, end - 1, depth)
            return Value("array", *place) if first.text == "[" else None
        if first.kind == TEMPLATE and last.kind == TEMPLATE and self._is_one_template(start, end):
            return Value("string", *place)
        if first.text in ("-", "+") and end - start == 2 and last.kind == NUMBER:
            return Value("number", *place, text=first.text + last.text)
        return self._called(start, end, depth) or self._member_of_constant(start, end, depth)

    def _is_one_template(self, start: int, end: int) -> bool:
        tokens, at = self._tokens, start
        while tokens.text(at).endswith("${") and at in tokens.partner:
            at = tokens.partner[at]
        return at == end - 1

    def _token(self, index: int, depth: int) -> Value | None:
        token = self._tokens.items[index]
        place = token.start, token.end
        if token.kind == TEXT:
            return Value("text", *place, decoded(token.text[1:-1]), (token.start + 1, token.end - 1))
        if token.kind == NUMBER:
            return Value("number", *place, token.text)
        if token.kind != WORD:
            return None
        if token.text in _LITERALS:
            return Value("literal", *place, token.text)
        found = self.constant(token.text, depth)
        # Only a text comes from another file: of anything else the parts would have places there.
        return found.at(*place) if not found.origin or found.kind == "text" else None

    def constant(self, name: str, depth: int = 0) -> Value:
        """Return the value of a constant, here or in the module that it is imported from."""
        binding = self._bindings.binding(name)
        if binding is None:
            imported = self._bindings.imported(name) if self._module is not None else None
            module = self._module(imported[0]) if self._module is not None and imported is not None else None
            if module is None or imported is None:
                return Value("unknown", 0, 0)
            return module.constant(imported[1], depth + 1)._replace(origin=imported[0])
        found = self.value(binding.start, binding.end, depth + 1)
        if not binding.assigned:
            return found
        if found.kind != "object":
            return Value("unknown", 0, 0)
        members = tuple(
            member._replace(value=Value("unknown", member.start, member.end))
            if member.key in binding.assigned
            else member
            for member in found.members
        )
        return found._replace(members=members, is_open=True)

    def _called(self, start: int, end: int, depth: int) -> Value | None:
        """Return the value of the calls that give a text, or of their argument."""
        tokens = self._tokens
        opener = tokens.partner.get(end - 1, -1)
        if tokens.text(opener) != "(" or opener <= start:
            return None
        called = "".join(tokens.text(at) for at in range(start, opener))
        place = tokens.items[start].start, tokens.items[end - 1].end
        argument_end = self._bindings.end_of(opener + 1)
        if called == "JSON.stringify" and argument_end > opener + 1:
            argument = tokens.items[opener + 1].start, tokens.items[argument_end - 1].end
            return Value("serialised", *place, argument=argument)
        if called == "String":
            return Value("string", *place)
        if called == "Object.freeze":
            return self.value(opener + 1, argument_end, depth + 1)._replace(start=place[0], end=place[1])
        return None

    def _member_of_constant(self, start: int, end: int, depth: int) -> Value | None:
        """Return the value of `NAME.member`, if NAME is an object that nothing changes."""
        tokens = self._tokens
        if tokens.kind(start) != WORD or end - start < 3:
            return None
        found = self.constant(tokens.text(start), depth)
        origin, at = found.origin, start + 1
        while at < end:
            if found.kind != "object" or found.is_open:
                return None
            if tokens.text(at) in (".", "?.") and tokens.kind(at + 1) == WORD:
                key, at = tokens.text(at + 1), at + 2
            elif tokens.text(at) == "[" and tokens.partner.get(at) == at + 2 and tokens.kind(at + 1) == TEXT:
                key, at = decoded(tokens.text(at + 1)[1:-1]), at + 3
            else:
                return None
            member = found.get(key)
            if member is None:
                return None
            found = member.value
        if origin and found.kind != "text":
            return None
        return found.at(tokens.items[start].start, tokens.items[end - 1].end)._replace(origin=origin)

    def _object(self, opener: int, closer: int, depth: int) -> Value:
        tokens = self._tokens
        members: list[Member] = []
        is_open = False
        at = opener + 1
        while at < closer:
            if tokens.text(at) == ",":
                at += 1
                continue
            end = min(max(self._bindings.end_of_member(at), at + 1), closer)
            if tokens.text(at) == "...":
                spread = self.value(at + 1, end, depth + 1)
                if spread.kind == "object":
                    members += [self._spread(member) for member in spread.members]
                    is_open = is_open or spread.is_open
                if spread.kind not in ("object", "literal") or spread.is_open:
                    members, is_open = [_uncertain(member) for member in members], True
            else:
                member = self._member(at, end, depth)
                if member is None:
                    members, is_open = [_uncertain(known) for known in members], True
                else:
                    members.append(member)
            at = end
        start, stop = tokens.items[opener].start, tokens.items[closer].end
        return Value("object", start, stop, members=tuple(members), is_open=is_open)

    def _spread(self, member: Member) -> Member:
        return member._replace(value=member.value._replace(is_shared=True))

    def _member(self, at: int, end: int, depth: int) -> Member | None:
        """Return the member with these tokens; None if its key is not known."""
        tokens = self._tokens
        start = at
        while (
            tokens.text(at) in _MODIFIERS | {"*"} and at + 1 < end and tokens.text(at + 1) not in (":", "(")
        ):
            at += 1
        key = tokens.items[at]
        if key.kind not in (WORD, TEXT, NUMBER):
            return None
        is_word = key.kind != TEXT
        name = key.text if is_word else decoded(key.text[1:-1])
        span = (key.start, key.end) if is_word else (key.start + 1, key.end - 1)
        place = tokens.items[start].start, tokens.items[end - 1].end
        after = tokens.text(at + 1) if at + 1 < end else ""
        if after == ":" and at + 2 < end:
            return Member(name, span, self.value(at + 2, end, depth + 1), *place, is_word)
        if not after and key.kind == WORD and at == start:
            value = self._token(at, depth) or Value("unknown", *place)
            return Member(name, span, value, *place, is_word, is_short=True)
        kind = "function" if after in ("(", "<") and at == start else "unknown"
        return Member(name, span, Value(kind, *place), *place, is_word)


def _uncertain(member: Member) -> Member:
    """Return a member that another one may take the place of."""
    return member._replace(value=Value("unknown", member.value.start, member.value.end))
