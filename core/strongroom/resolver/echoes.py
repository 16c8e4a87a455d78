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

from strongroom.resolver.surrogates import encodable
from strongroom.resolver.unescaping import (
    anchors_of,
    decoded_runs,
    escaped_spans,
    inflated,
    may_be_encoded,
    may_hold,
    without_needless,
)
from strongroom.resolver.wrapping import wrapped_blocks
from strongroom.secret_value import MASK, SecretValue

_SHORTEST: Final = 4
"""Values of fewer characters are masked only where they stand alone: `a` is in every word."""

_DEEPEST_ENCODING: Final = 3
"""Base64 or hex within base64 or hex."""

_LONG_LINE: Final = 16
"""Lines of a multi-line value, such as a PEM key, are masked singly from this length on."""


def _json(text: str) -> Iterable[str]:
    escaped = json.dumps(text)[1:-1]
    raw = json.dumps(text, ensure_ascii=False)[1:-1]
    return {
        escaped,
        raw,
        escaped.replace("/", "\\/"),
        *(_unicode_escapes(escaped, characters) for characters in ("<>&'+=", "<>&'", "<>&")),
        escaped.upper(),
        repr(text)[1:-1],
    }


def _unicode_escapes(escaped: str, characters: str) -> str:
    """As encoders write it that keep HTML safe: `<`, `>`, `&` and some others as escapes of four digits."""
    return "".join(f"\\u{ord(c):04x}" if c in characters else c for c in escaped)


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


_URL_SAFE: Final = str.maketrans("+/", "-_")


def _base64(text: str) -> Iterable[str]:
    """Base64 of the value, and of any text that contains it: one form for each alignment, without the ends that
    neighbours change.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) >= _SHORTEST:
        alone = base64.b64encode(data).decode()
        yield from (
            alone,
            alone.translate(_URL_SAFE),
            alone.rstrip("="),
            alone.rstrip("=").translate(_URL_SAFE),
        )
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        first = (0, 2, 3)[before]
        size = before + len(data)
        # All characters that the value alone determines; and the whole groups among them, for cut texts.
        for last in (len(encoded) - (1 if size % 3 else 0), size // 3 * 4):
            middle = encoded[first:last]
            if len(middle) >= 6:
                yield middle
                yield middle.translate(_URL_SAFE)


def forms_of(value: str) -> set[str]:
    """The texts that give the value away: itself, its long lines, and both as the web encodes them, twice over."""
    parts = {
        value,
        value.strip(),
        value.replace("\r\n", "\n"),
        value.replace("\n", "\r\n"),
        value.replace("\n", " "),
        # UTF-8 that was read as Latin-1, as it happens to headers.
        value.encode("utf-8", "replace").decode("latin-1"),
    }
    if "\n" in value:
        parts |= {line.strip() for line in value.splitlines() if len(line.strip()) >= _LONG_LINE}
    once = {form for part in parts for encode in (_json, _percent, _html) for form in encode(part)}
    twice = {form for part in once for encode in (_json, _percent, _html) for form in encode(part)}
    encoded = {form for part in parts for form in _base64(part)}
    hexed = {part.encode("utf-8", "replace").hex() for part in parts}
    return {form for form in parts | once | twice | encoded | hexed if form}


_PIECES: Final = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")
_ESCAPES: Final = r"\\%&#;0-9abcdefglmopqstux"
"""The characters of which every escape is made, however deep it is nested: `%5Cu00e9`, `&amp;quot;`."""

_LONGEST_ESCAPE: Final = 24
"""Characters that one byte of a value may have become."""


def _skeleton(value: str) -> re.Pattern[str] | None:
    """Matches the value in any nesting of escapes: letters and digits pass through all of them unchanged.

    None where the value has too few of these for a match to mean anything. The groups are atomic, so that no
    text makes the search slow.
    """
    pieces = _PIECES.findall(value)
    if pieces and not _is_run(pieces[0]):
        pieces.pop(0)
    if pieces and not _is_run(pieces[-1]):
        pieces.pop()
    runs = [piece for piece in pieces if _is_run(piece)]
    if len(runs) < 2 or sum(map(len, runs)) < 8:
        return None
    pattern, gap = re.escape(runs[0]), ""
    for piece in pieces[1:]:
        if _is_run(piece):
            pattern += f"(?>{gap}{re.escape(piece)})"
        else:
            longest = _LONGEST_ESCAPE * len(piece.encode("utf-8", "replace"))
            plus = "+" if " " in piece else ""
            gap = f"[{_ESCAPES}{plus}{re.escape(piece)}]{{1,{longest}}}?"
    return re.compile(pattern, re.IGNORECASE)


def _is_run(piece: str) -> bool:
    return piece[0].isascii() and piece[0].isalnum()


class Echoes:
    """Finds and masks the values of one run in what the API sent back, and counts by name.

    Upper and lower case count as the same, since hosts, hex digits and header names change it. Holds the
    values while a run lasts; a report keeps `found` only.
    """

    def __init__(self, values: Iterable[tuple[str, SecretValue]]) -> None:
        self._forms: dict[str, str] = {}
        self._bytes: dict[str, str] = {}
        self._wide: dict[str, str] = {}
        self._skeletons: list[tuple[re.Pattern[str], str]] = []
        self._anchored: dict[str, tuple[frozenset[str], str]] = {}
        for name, value in values:
            self._learn(name, value.reveal())
        self.found: dict[str, int] = {}
        self._last: tuple[bytes, str, bytes] = (b"", "", b"")

    def __repr__(self) -> str:
        return "Echoes()"

    def _learn(self, name: str, value: str) -> None:
        for form in forms_of(value) | forms_of(encodable(value)):
            self._forms.setdefault(form.lower(), name)
            for charset, forms in (
                ("utf-8", self._bytes),
                ("utf-16-le", self._wide),
                ("utf-16-be", self._wide),
            ):
                seen = form.encode(charset, "replace").decode("latin-1")
                forms.setdefault(seen.lower(), name)
        skeleton = _skeleton(value)
        if skeleton is not None:
            self._skeletons.append((skeleton, name))
        for part in {value, value.strip()}:
            if anchors := anchors_of(part):
                self._anchored[part] = (anchors, name)

    def masked(self, text: str) -> str:
        """The text with every form of every value replaced by the mask."""
        return self._masked(self._without_wrapped(text), 0)

    def _without_wrapped(self, text: str) -> str:
        """The text without base64 and hex in lines, where the lines together hold a value."""
        for block, joined in wrapped_blocks(text):
            before = sum(self.found.values())
            if self._masked(joined, 0) != joined and sum(self.found.values()) > before:
                text = text.replace(block, MASK)
        return text

    def _masked(self, text: str, depth: int) -> str:
        plain = without_needless(text)
        if plain != text and self._holds(plain, depth):
            text = plain
        text = self._exchange(text, self._forms, MASK)
        for skeleton, name in self._skeletons:
            text = skeleton.sub(lambda _match, name=name: self._count(name, MASK), text)  # type: ignore[misc]
        for value, (anchors, name) in self._anchored.items():
            spans = [(*span, name) for span in escaped_spans(text, value, anchors)]
            text = self._without(text, spans)
        return self._without_encoded(text, depth) if depth < _DEEPEST_ENCODING else text

    def _without_encoded(self, text: str, depth: int) -> str:
        """The text without the base64 or hex of longer texts that hold a value."""
        found: dict[str, str] = {}
        runs = list(decoded_runs(text))
        # Anchors are ASCII, so that they are found whatever the charset. One look at all is the quickest.
        whole = b"\n".join(data for _run, inner in runs for data in inner).decode("latin-1").lower()
        there = [(anchors, name) for anchors, name in self._anchored.values() if may_hold(whole, anchors)]
        can_nest = depth + 1 < _DEEPEST_ENCODING
        for run, inner in runs if there or can_nest else ():
            for data in inner:
                lowered = data.decode("latin-1").lower() if there else ""
                names = [name for anchors, name in there if may_hold(lowered, anchors)]
                # Within one encoding there may be another, in which no anchor can be seen.
                is_likely = names or (can_nest and may_be_encoded(data))
                if is_likely and self._holds(data.decode("utf-8", "replace"), depth + 1):
                    found[run] = names[0] if names else ""
                    break
        for run in sorted(found, key=len, reverse=True):
            count = text.count(run)
            text = text.replace(run, MASK)
            for _ in range(count):
                self._count(found[run], MASK)
        return text

    def _holds(self, text: str, depth: int) -> bool:
        counts = dict(self.found)
        is_held = self._masked(text, depth) != text
        self.found = counts
        return is_held

    def _without(self, text: str, spans: Iterable[tuple[int, int, str]]) -> str:
        """The text with the mask in place of each span."""
        pieces, last = [], 0
        for start, end, name in sorted(spans):
            if start >= last:
                pieces += [text[last:start], self._count(name, MASK)]
                last = end
        return "".join([*pieces, text[last:]])

    def _exchange(self, text: str, forms: Mapping[str, str], mask: str) -> str:
        lowered = text.lower()
        # Few forms are ever there, and looking for each is quicker than one pattern of hundreds.
        there = sorted((form for form in forms if form in lowered), key=len, reverse=True)
        if not there:
            return text
        pattern = "|".join(
            re.escape(form) if len(form) >= _SHORTEST else rf"(?<!\w){re.escape(form)}(?!\w)"
            for form in there
        )

        def masked(match: re.Match[str]) -> str:
            return self._count(forms.get(match[0].lower(), forms[there[0]]), mask)

        return re.sub(pattern, masked, text, flags=re.IGNORECASE)

    def _count(self, name: str, mask: str) -> str:
        self.found[name] = self.found.get(name, 0) + 1
        return mask

    def masked_bytes(self, data: bytes, charset: str) -> bytes:
        """The same for a body: as text of its charset, and then as bytes, which may be of another."""
        if (data, charset) != self._last[:2]:
            self._last = (data, charset, self._masked_bytes(data, charset))
        return self._last[2]

    def _masked_bytes(self, data: bytes, charset: str) -> bytes:
        packed = inflated(data).decode("utf-8", "replace")
        if packed and self.masked(packed) != packed:
            return MASK.encode()
        try:
            masked = self.masked(data.decode(charset)).encode(charset, "replace")
        except (ValueError, LookupError):
            masked = data
        # Latin-1 maps every byte to one character.
        text = self._exchange(masked.decode("latin-1"), self._bytes, "*" * len(MASK))
        if "\0" in text:
            text = self._exchange(text, self._wide, "*" * len(MASK))
        return text.encode("latin-1")

    def masked_data(self, value: Any) -> Any:
        """The same for JSON data of any shape."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(str(key)): self.masked_data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked_data(item) for item in value]
        return value
