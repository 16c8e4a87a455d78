"""Keeps values out of templates: a template only ever handles stand-ins, which are exchanged after rendering.

The platform renders first and injects secrets afterwards (PLATFORM §6). The same is done here, and it is also
what makes a debug view trustworthy: a rendered text is joined once with the values, for the wire, and once
with the literals, for people. Nothing is ever searched for.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import NamedTuple

from strongroom.secret_value import SecretValue


class Sealed(NamedTuple):
    """What one stand-in stands for: its value (None: nothing resolved), and the text that people may see."""

    value: SecretValue | None
    literal: str
    name: str
    form: str = ""
    """How the value was made of others: "base64", "json", "percent", "token"; "" for a value as it is kept."""
    inner: str = ""
    """The text with stand-ins that it was made of."""


class Ledger:
    """The stand-ins of one run and what they stand for.

    A stand-in is a run of digits, since digits pass unchanged through every filter that escapes, encodes or
    changes case. A filter that cuts or reverses breaks it, and then nothing is injected: no value is shown,
    and `injected` tells that it never arrived.
    """

    def __init__(self) -> None:
        # 30 random digits: no text of a connector, caller or API contains them by chance or on purpose.
        self._prefix = f"9{secrets.randbelow(10**29):029d}"
        self._pattern = re.compile(self._prefix + r"(\d{6})")
        self._sealed: list[Sealed] = []
        self._others: list[tuple[str, SecretValue]] = []

    def __repr__(self) -> str:
        return f"Ledger({len(self._sealed)} sealed)"

    def seal(self, value: SecretValue, literal: str, name: str, form: str = "", inner: str = "") -> str:
        """A stand-in for a value; `form` and `inner` say of what it was made."""
        return self._add(Sealed(value, literal, name, form, inner))

    def keep_literal(self, literal: str, name: str) -> str:
        """A stand-in for an expression that did not resolve: it stays as it was written, unescaped."""
        return self._add(Sealed(None, literal, name))

    def _add(self, sealed: Sealed) -> str:
        self._sealed.append(sealed)
        return f"{self._prefix}{len(self._sealed) - 1:06d}"

    def _exchange(self, text: str, view: Callable[[Sealed], str]) -> str:
        if self._prefix not in text:
            return text

        def exchanged(match: re.Match[str]) -> str:
            index = int(match[1])
            return view(self._sealed[index]) if index < len(self._sealed) else match[0]

        return self._pattern.sub(exchanged, text)

    def open(self, text: str) -> str:
        """The text with values in place of stand-ins: for the wire only."""
        return self._exchange(
            text, lambda sealed: sealed.literal if sealed.value is None else sealed.value.reveal()
        )

    def shown(self, text: str) -> str:
        """The text with literals in place of stand-ins: for people."""
        return self._exchange(text, lambda sealed: sealed.literal)

    def pieces(self, text: str) -> tuple["str | Sealed", ...]:
        """The text cut at its stand-ins: plain parts, and what the stand-ins between them stand for."""
        if self._prefix not in text:
            return (text,) if text else ()
        found: list[str | Sealed] = []
        end = 0
        for match in self._pattern.finditer(text):
            if int(match[1]) >= len(self._sealed):
                continue
            found += [text[end : match.start()], self._sealed[int(match[1])]]
            end = match.end()
        found.append(text[end:])
        return tuple(piece for piece in found if piece)

    def stands_in(self, text: str) -> bool:
        """Whether any stand-in is in the text."""
        return self._prefix in text and self._pattern.search(text) is not None

    def injected(self, text: str) -> frozenset[str]:
        """The names of the values that this text would carry."""
        indexes = (int(match[1]) for match in self._pattern.finditer(text))
        return frozenset(
            self._sealed[index].name
            for index in indexes
            if index < len(self._sealed) and self._sealed[index].value is not None
        )

    def transformed(self, text: str, change: Callable[[str], str], form: str) -> str:
        """The text with stand-ins whose values are `change(value)`: escaping, encoding. `form` names the change."""

        def derive(sealed: Sealed) -> str:
            if sealed.value is None:
                return self.keep_literal(change(sealed.literal), sealed.name)
            changed = SecretValue(change(sealed.value.reveal()))
            return self._add(Sealed(changed, sealed.literal, sealed.name, form, self._stand_in(sealed)))

        return self._exchange(text, derive)

    def _stand_in(self, sealed: Sealed) -> str:
        return f"{self._prefix}{self._sealed.index(sealed):06d}"

    def values(self) -> list[tuple[str, SecretValue]]:
        """Every value that was handled, with its name: what an echo is recognised by."""
        own = [(sealed.name, sealed.value) for sealed in self._sealed if sealed.value is not None]
        return own + self._others

    def also(self, values: Iterable[tuple[str, SecretValue]]) -> None:
        """Counts values among those that were handled: an answer of an earlier run may repeat them."""
        known = [value for _name, value in self.values()]
        self._others += [(name, value) for name, value in values if value not in known]
