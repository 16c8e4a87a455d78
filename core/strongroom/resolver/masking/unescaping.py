"""Undo escapes of any depth and mixture, with a way back to characters' places.

Every escape is undone wherever it may be meant: the result is what a value is compared with, and is shown to
nobody.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html.entities import html5
from itertools import accumulate, islice
from typing import Final, NamedTuple

from strongroom.resolver.masking.layers import Layer, Stretch

_DEEPEST: Final = 6
"""The deepest escapes of one kind within escapes of another.

An example is `%26%23x5f%3B`. Of one kind any depth is undone at once.
"""


def _code(digits: str, base: int = 16) -> str:
    number = int(digits, base)
    return chr(number) if number < 0x110000 else "\N{REPLACEMENT CHARACTER}"


def _hexadecimal(text: str) -> str:
    return _code(text.strip("uUxX{} "))


def _named(name: str) -> str | None:
    return html5.get(f"{name};", html5.get(f"{name.lower()};"))


def _numbered(digits: str) -> str:
    return _code(digits[1:]) if digits[0] in "xX" else _code(digits, 10)


_LETTERS: Final = dict(zip("abefnrtv0", "\a\b\x1b\f\n\r\t\v\0", strict=True))


class Escape(NamedTuple):
    """Hold one kind of escape: its first character, what follows, and its meaning.

    If the meaning is None, the text is not an escape after all.
    """

    first: str
    form: str
    meaning: Callable[[str], str | None]


ESCAPES: Final[Mapping[str, Escape]] = {
    # However many backslashes there are: each level of JSON doubles them.
    "unicode": Escape("\\", r"\\*+((?-i:U)000[0-9a-f]{5}|u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4})", _hexadecimal),
    "byte": Escape("\\", r"\\*+(x\{[0-9a-f]{1,6}\}|x[0-9a-f]{2})", _hexadecimal),
    "css in six": Escape("\\", r"\\*+(0[01][0-9a-f]{4}\ ?)", _hexadecimal),
    "octal": Escape("\\", r"\\*+([0-3][0-7]{2})", lambda text: _code(text, 8)),
    "css": Escape(
        "\\", r"\\*+([ad]\ |[2-9a-f][0-9a-f]\ |[2-7][0-9a-f](?=\\|$)|[0-9a-f]{3,5}\ )", _hexadecimal
    ),
    # A mark in a filter or a name of LDAP (RFC 4515, RFC 4514).
    "ldap": Escape("\\", r"\\*+(2[0-9a-f]|3[a-f]|40|5[b-f]|60|7[b-e])", _hexadecimal),
    "letter": Escape("\\", r"\\*+([abefnrtv0])", lambda text: _LETTERS[text.lower()]),
    "mark": Escape("\\", r"\\*+([^A-Za-z0-9\s\\])", str),
    "backslashes": Escape("\\", r"(\\++)", lambda _text: "\\"),
    "percent": Escape("%", r"(?:25)*(u[0-9a-f]{4}|[0-9a-f]{2})", _hexadecimal),
    "numbered": Escape("&", r"(?:amp;)*\#(x[0-9a-f]{1,6}|[0-9]{1,7});?", _numbered),
    "named": Escape("&", r"(?:amp;)*([a-z][a-z0-9]{1,31});", _named),
    # UTF-16 and UTF-32 are ASCII with NULs, to somebody who reads bytes.
    "nul": Escape("\0", r"(\0*+)", lambda _text: ""),
}

QUOTED_PRINTABLE: Final[Mapping[str, Escape]] = {
    "soft break": Escape("=", r"([ \t]*\r?\n)", lambda _text: ""),
    "quoted": Escape("=", r"([0-9a-f]{2})", _hexadecimal),
    "next word": Escape("?", r"(=\s+=\?(?:[\w-]{1,30}\?)?q\?)", lambda _text: ""),
}
"""The escapes of mails.

These escapes are undone apart, since in a URL or a form a value itself may follow an equals sign.
"""


class _Meanings(dict[str, str]):
    """Keep the meaning of each escape met, because a text has few different ones."""

    def __init__(self, pattern: re.Pattern[str], meanings: Sequence[Callable[[str], str | None]]) -> None:
        super().__init__()
        self._pattern = pattern
        self._meanings = meanings

    def __missing__(self, text: str) -> str:
        match = self._pattern.fullmatch(text)
        number = match.lastindex if match is not None else None
        meant = self._meanings[number - 1](match[number]) if match is not None and number else None
        self[text] = text if meant is None else meant
        return self[text]


class Unescaper:
    """Undo the escapes of a table, all at once, wherever they are in a layer."""

    def __init__(self, escapes: Mapping[str, Escape], rounds: int = _DEEPEST) -> None:
        self._rounds = rounds
        self._firsts = "".join(dict.fromkeys(escape.first for escape in escapes.values()))
        forms = "|".join(f"(?<={re.escape(escape.first)}){escape.form}" for escape in escapes.values())
        # One class of characters comes first, since the search for it is quick.
        self._pattern = re.compile(f"[{re.escape(self._firsts)}](?:{forms})", re.IGNORECASE)
        self._meanings = [escape.meaning for escape in escapes.values()]

    def __call__(self, layer: Layer) -> Layer:
        """Return the layer without escapes, which is the layer itself if it has none."""
        for _round in range(self._rounds):
            inner = self._once(layer) if any(first in layer.text for first in self._firsts) else layer
            if inner is layer:
                break
            layer = inner
        return layer

    def _once(self, layer: Layer) -> Layer:
        meanings = _Meanings(self._pattern, self._meanings)
        text = self._pattern.sub(lambda match: meanings[match[0]], layer.text)

        def stretches() -> Iterator[Stretch]:
            for match in self._pattern.finditer(layer.text):
                yield Stretch(*match.span(), len(meanings[match[0]]))

        return Layer(text, layer, stretches) if text != layer.text else layer


unescaped: Final = Unescaper(ESCAPES)
unquoted: Final = Unescaper(QUOTED_PRINTABLE, 1)
without_nuls: Final = Unescaper({"nul": ESCAPES["nul"]})

_SEPARATORS: Final = re.compile(r"[\0-/:-@\[-`{-\x7f]")
_ALL_SEPARATORS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_FOLDED: Final = bytes(ord(chr(code).lower()) if code != ord("+") else ord(" ") for code in range(256))


def folded(text: str) -> str:
    """Return the text in lower case, with a space for a form's `+`.

    The text keeps its length.
    """
    try:
        # Bytes are folded ten times as quickly, and most texts are of these characters.
        return text.encode("latin-1").translate(_FOLDED).decode("latin-1")
    except UnicodeEncodeError:
        pass
    text = text.replace("+", " ").replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()
    return text.replace("\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}")


class _Squeezed(Layer):
    """Hold the letters and digits of a text, counted in blocks.

    Half of a text may be separators, too many for stretches.
    """

    _BLOCK: Final = 256

    def __init__(self, layer: Layer, without: Sequence[tuple[int, int]]) -> None:
        self._all = folded(layer.text)
        if without:
            self._all = _blanked(self._all, without)
        self._counts: list[int] | None = None
        super().__init__(_kept(self._all), layer)

    def _place(self, at: int) -> tuple[int, int]:
        if self._counts is None:
            blocks = range(0, len(self._all), self._BLOCK)
            self._counts = list(
                accumulate((len(_kept(self._all[at : at + self._BLOCK])) for at in blocks), initial=0)
            )
        block = bisect_right(self._counts, at) - 1
        left, first = at - self._counts[block], block * self._BLOCK
        places = (place for place in range(first, len(self._all)) if not _SEPARATORS.match(self._all, place))
        place = next(islice(places, left, None))
        return place, place + 1


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        pieces += (text[last:start], " " * (end - start))
        last = end
    return "".join((*pieces, text[last:]))


def _kept(text: str) -> str:
    try:
        return text.encode("latin-1").translate(None, _ALL_SEPARATORS).decode("latin-1")
    except UnicodeEncodeError:
        return _SEPARATORS.sub("", text)


def squeezed(layer: Layer, without: Sequence[tuple[int, int]] = ()) -> Layer:
    """Return the letters and digits of a layer alone.

    Grouping, line breaks, hyphens and the odd characters of alphabets are gone. So are the spans of
    `without`, which were found already. They are in order and do not overlap.
    """
    return _Squeezed(layer, without)
