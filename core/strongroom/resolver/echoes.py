"""Masks values that an API sends back.

An answer is not made by us, so there is no telling by origin what in it is a secret: an echo can only be
found by looking for the value, in the forms in which APIs repeat what they were sent. The request's own views
never need this.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

from strongroom.secret_value import MASK, SecretValue

_SHORTEST: Final = 4
"""Values of fewer characters are masked only where they stand alone: `a` is in every word."""

_LONG_LINE: Final = 16
"""Lines of a multi-line value, such as a PEM key, are masked singly from this length on."""


def _json(text: str) -> Iterable[str]:
    escaped = json.dumps(text)[1:-1]
    raw = json.dumps(text, ensure_ascii=False)[1:-1]
    return {
        escaped,
        raw,
        escaped.replace("/", "\\/"),
        _unicode_escapes(escaped),
        escaped.upper(),
        repr(text)[1:-1],
    }


def _unicode_escapes(escaped: str) -> str:
    """As encoders write it that keep HTML safe: `<`, `>`, `&` and `'` as escapes of four digits."""
    return "".join(f"\\u{ord(c):04x}" if c in "<>&'+=" else c for c in escaped)


def _percent(text: str) -> Iterable[str]:
    forms = {
        quote(text, safe="", errors="replace"),
        quote(text, errors="replace"),
        quote_plus(text, errors="replace"),
    }
    forms.add(quote(text, safe="~()*!.'", errors="replace"))
    # Servers differ in the case of the digits.
    return forms | {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in forms}


def _html(text: str) -> Iterable[str]:
    named = html.escape(text, quote=True)
    decimal = named.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
    return {named, decimal, html.escape(text, quote=False)}


def _base64(text: str) -> Iterable[str]:
    """Base64 of any text that contains the value: one form for each alignment, without the ends that
    neighbours change.
    """
    data = text.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        first = (0, 2, 3)[before]
        last = len(encoded) - (1 if (before + len(data)) % 3 else 0)
        middle = encoded[first:last]
        if len(middle) >= 6:
            yield middle
            yield middle.translate(str.maketrans("+/", "-_"))


def forms_of(value: str) -> set[str]:
    """The texts that give the value away: itself, its long lines, and both in the encodings of the web,
    twice over.
    """
    parts = {
        value,
        value.strip(),
        value.replace("\r\n", "\n"),
        value.replace("\n", "\r\n"),
        value.replace("\n", " "),
    }
    if "\n" in value:
        parts |= {line.strip() for line in value.splitlines() if len(line.strip()) >= _LONG_LINE}
    once = {form for part in parts for encode in (_json, _percent, _html) for form in encode(part)}
    twice = {form for part in once for encode in (_json, _percent, _html) for form in encode(part)}
    encoded = {form for part in parts for form in _base64(part)}
    hexed = {
        form
        for part in parts
        for form in (part.encode("utf-8", "replace").hex(), part.encode("utf-8", "replace").hex().upper())
    }
    return {form for form in parts | once | twice | encoded | hexed if form}


class Echoes:
    """Finds and masks the values of one run in what the API sent back, and counts by name.

    Holds the values while a run lasts; a report keeps `found` only.
    """

    def __init__(self, values: Iterable[tuple[str, SecretValue]]) -> None:
        self._names: dict[str, str] = {}
        for name, value in values:
            text = value.reveal()
            for form in forms_of(text):
                self._names.setdefault(form, name)
        alternatives = [
            re.escape(form) if len(form) >= _SHORTEST else rf"(?<!\w){re.escape(form)}(?!\w)"
            for form in sorted(self._names, key=len, reverse=True)
        ]
        self._pattern = re.compile("|".join(alternatives)) if alternatives else None
        self.found: dict[str, int] = {}

    def __repr__(self) -> str:
        return "Echoes()"

    def masked(self, text: str) -> str:
        """The text with every form of every value replaced by the mask."""
        return self._pattern.sub(self._mask, text) if self._pattern else text

    def _mask(self, match: re.Match[str]) -> str:
        name = self._names.get(match[0], "")
        self.found[name] = self.found.get(name, 0) + 1
        return MASK

    def masked_bytes(self, data: bytes, charset: str) -> bytes:
        """The same for a body. Bytes that are no text of that charset are searched as they are."""
        if self._pattern is None:
            return data
        try:
            return self.masked(data.decode(charset)).encode(charset, "replace")
        except (UnicodeDecodeError, LookupError):
            # Latin-1 maps every byte to one character, so that UTF-8 forms are found byte by byte.
            text = data.decode("latin-1")
            for form in sorted(self._names, key=len, reverse=True):
                needle = form.encode("utf-8", "replace").decode("latin-1")
                if len(form) >= _SHORTEST and needle in text:
                    self.found[self._names[form]] = self.found.get(self._names[form], 0) + text.count(needle)
                    text = text.replace(needle, "*" * 8)
            return text.encode("latin-1", "replace")

    def masked_data(self, value: Any) -> Any:
        """The same for JSON data of any shape."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(str(key)): self.masked_data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked_data(item) for item in value]
        return value
