"""Keep values out of templates: a template only handles stand-ins.

The platform renders first and injects secrets afterwards (PLATFORM §6). The same is done here, and it is also
what makes a debug view trustworthy: a rendered text is joined once with the values, for the wire, and once
with the literals, for people. Nothing is ever searched for.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from strongroom.values.secret_value import SecretValue

_DIGITS: Final = 6
"""The digits of a stand-in's number, after the run's own prefix."""


class StandIn(NamedTuple):
    """Hold a stand-in's value (None: nothing resolved), and its text for people."""

    value: SecretValue | None
    literal: str
    names: tuple[str, ...]
    form: str = ""
    """The form of a value that was made of others; "" for a value as it is kept.

    It is "base64", "decoded", "json", "percent", "token", or "member" with a place in JSON.
    """
    inner: str = ""
    """The text with stand-ins that the value was made of."""


class StandIns:
    """Hold the stand-ins of one run and their meanings.

    A stand-in is a run of digits, since digits pass unchanged through every filter that escapes, encodes or
    changes case. What cuts or reverses breaks it, and then nothing is injected: no value is shown, and `injected`
    tells that it never arrived.
    """

    def __init__(self) -> None:
        # 30 random digits: no text of a connector, caller or API contains them by chance or on purpose.
        self._prefix = f"9{secrets.randbelow(10**29):029d}"
        self._made: list[StandIn] = []
        self._others: list[tuple[str, SecretValue]] = []

    def __repr__(self) -> str:
        return f"StandIns({len(self._made)} values and literals)"

    def for_value(
        self, value: SecretValue, literal: str, names: Iterable[str], form: str = "", inner: str = ""
    ) -> str:
        """Return a stand-in for a value. `form` and `inner` say how the value was made."""
        return self._add(StandIn(value, literal, tuple(names), form, inner))

    def for_literal(self, literal: str) -> str:
        """Return a stand-in for an unresolved expression, which stays as written."""
        return self._add(StandIn(None, literal, ()))

    def _add(self, stand_in: StandIn) -> str:
        self._made.append(stand_in)
        return f"{self._prefix}{len(self._made) - 1:0{_DIGITS}d}"

    def _exchange(self, text: str, view: Callable[[StandIn], str]) -> str:
        return "".join(piece if isinstance(piece, str) else view(piece) for piece in self._cut(text))

    def _cut(self, text: str) -> list["str | StandIn"]:
        """Return the text and the stand-ins between its parts.

        A stand-in that was cut short is text like any other.
        """
        first, *rest = text.split(self._prefix)
        cut: list[str | StandIn] = [first]
        for part in rest:
            number = part[:_DIGITS]
            if len(number) == _DIGITS and number.isdecimal() and int(number) < len(self._made):
                cut += (self._made[int(number)], part[_DIGITS:])
            else:
                cut.append(self._prefix + part)
        return cut

    def open(self, text: str) -> str:
        """Return the text with values in place of stand-ins: for the wire only."""
        if self._prefix not in text:
            return text
        return self._exchange(
            text, lambda stand_in: stand_in.literal if stand_in.value is None else stand_in.value.reveal()
        )

    def shown(self, text: str) -> str:
        """Return the text with literals in place of stand-ins: for people."""
        return self._exchange(text, _literal) if self._prefix in text else text

    def pieces(self, text: str) -> tuple["str | StandIn", ...]:
        """Return the text's plain parts, and the meanings of the stand-ins between them."""
        return tuple(piece for piece in self._cut(text) if piece)

    def occur_in(self, text: str) -> bool:
        """Return True if any stand-in is in the text."""
        return self._prefix in text and any(isinstance(piece, StandIn) for piece in self._cut(text))

    def unresolved_in(self, text: str) -> bool:
        """Return True if the text has an expression that did not resolve."""
        return any(isinstance(piece, StandIn) and piece.value is None for piece in self._cut(text))

    def injected(self, text: str) -> frozenset[str]:
        """Return the names of the values that this text would carry."""
        return frozenset(
            name for piece in self._cut(text) if isinstance(piece, StandIn) for name in piece.names
        )

    def transformed(self, text: str, change: Callable[[str], str], form: str) -> str:
        """Return the text with stand-ins for `change(value)`, such as an escaped value.

        `form` names the change.
        """

        def derive(stand_in: StandIn) -> str:
            if stand_in.value is None:
                return self.for_literal(change(stand_in.literal))
            changed = SecretValue(change(stand_in.value.reveal()))
            return self._add(
                StandIn(changed, stand_in.literal, stand_in.names, form, self._stand_in(stand_in))
            )

        return self._exchange(text, derive) if self._prefix in text else text

    def _stand_in(self, stand_in: StandIn) -> str:
        return f"{self._prefix}{self._made.index(stand_in):0{_DIGITS}d}"

    def values(self) -> list[tuple[str, SecretValue]]:
        """Return every value that was handled with its name, to recognise an echo by."""
        own = [
            (", ".join(stand_in.names), stand_in.value)
            for stand_in in self._made
            if stand_in.value is not None
        ]
        return own + self._others

    def also(self, values: Iterable[tuple[str, SecretValue]]) -> None:
        """Count values as handled, because an earlier answer may repeat them."""
        known = [value for _name, value in self.values()]
        self._others += [(name, value) for name, value in values if value not in known]


def _literal(stand_in: StandIn) -> str:
    return stand_in.literal
