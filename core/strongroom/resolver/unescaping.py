"""Finds a value that stands in a text in escapes of any depth and mixture, and undoes base64 and hex.

A text is only looked at around an anchor: a run of letters and digits of the value, which passes unchanged
through every escape. So an answer of megabytes costs little, and a value without such a run is not looked for.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Final

_SHORTEST_ANCHOR: Final = 4
_DEEPEST: Final = 6
"""Escapes within escapes."""

_GROWTH: Final = 16
"""Characters that one byte of a value may have become: `%255Cu00e9`, `&amp;quot;`."""

_LARGEST: Final = 500_000
"""Characters around anchors that are looked at for one value in one text."""

_ESCAPE: Final = re.compile(
    r"""\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2})|&\#([0-9]{1,7});|&\#x([0-9a-f]{1,6});"""
    r"""|&(amp|lt|gt|quot|apos);|\\(["'\\/bfnrt])""",
    re.IGNORECASE,
)
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LETTERS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_ALNUM: Final = re.compile(r"[A-Za-z0-9]+")
_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{16,}")
_PAIR_MARKS: Final = re.compile(r"0x|[^0-9A-Fa-f]", re.IGNORECASE)
_PAIRS: Final = re.compile(
    r"(?<![0-9A-Fa-f])(?:(?:0x)?[0-9A-Fa-f]{2}(?:[: -]|, ?)){7,}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Fa-f])"
)
"""Hex with a mark after each byte, as dumps and fingerprints have it."""

_NUMBER: Final = re.compile(r"[0-9]+")
_NUMBERS: Final = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\s?,\s*){7,}[0-9]{1,3}(?![0-9.])")
"""Bytes as a list of numbers, as Node.js writes a buffer in JSON."""

_STANDARD: Final = str.maketrans("-_", "+/")


def anchors_of(value: str) -> frozenset[str]:
    """The runs of letters and digits of a value, in lower case. Where all are too short to look for, the value itself,
    which is seen where it is not escaped; none where that is too short as well.
    """
    runs = frozenset(run.lower() for run in _ALNUM.findall(value))
    if any(len(run) >= _SHORTEST_ANCHOR for run in runs):
        return runs
    return frozenset({value.lower()} if value.isascii() and len(value) >= _SHORTEST_ANCHOR else ())


def may_hold(lowered: str, anchors: frozenset[str]) -> bool:
    """Whether a text in lower case has every anchor: where one lacks, the value is not there."""
    return all(anchor in lowered for anchor in anchors)


def escaped_spans(text: str, value: str, anchors: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the value stands in `text` in escapes, from left to right. `text` in any case."""
    lowered = text.lower()
    if not may_hold(lowered, anchors):
        return
    if len(lowered) != len(text):  # a letter whose small form is two: places would not fit
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    data = value.encode("utf-8", "surrogatepass")
    misread = data.decode("latin-1").encode("utf-8")
    wanted = {_folded(data), _folded(misread)}
    rarest = min(
        (a for a in anchors if len(a) >= _SHORTEST_ANCHOR), key=lambda a: (lowered.count(a), -len(a))
    )
    for start, end in _windows(lowered, rarest, _GROWTH * len(data) + 40):
        window = text[start:end]
        if any(mark in window for mark in "\\%&") and may_hold(lowered[start:end], anchors):
            yield from ((start + left, start + right) for left, right in _found(window, wanted))


def _folded(data: bytes) -> bytes:
    """Upper and lower case as the same, and a space as a form's `+`."""
    return data.lower().replace(b" ", b"+")


def _windows(lowered: str, anchor: str, around: int) -> Iterator[tuple[int, int]]:
    """The surroundings of an anchor, those that touch as one."""
    left, start, end = _LARGEST, -1, -1
    at = lowered.find(anchor)
    while at >= 0 and left > 0:
        if start >= 0 and at - around > end:
            left -= end - start
            yield start, end
            start = -1
        start = max(0, at - around) if start < 0 else start
        end = min(len(lowered), at + len(anchor) + around, start + left)
        at = lowered.find(anchor, at + len(anchor)) if end - start < left else -1
    if start >= 0:
        yield start, end


def _found(window: str, wanted: set[bytes]) -> Iterator[tuple[int, int]]:
    data, starts, ends = _unescaped(window)
    folded = _folded(data)
    taken = 0
    places = sorted((place, len(form)) for form in wanted for place in _places(folded, form))
    for place, size in places:
        if place >= taken:
            taken = place + size
            yield starts[place], ends[place + size - 1]


def _places(data: bytes, form: bytes) -> Iterator[int]:
    at = data.find(form) if form else -1
    while at >= 0:
        yield at
        at = data.find(form, at + len(form))


def _unescaped(text: str) -> tuple[bytes, list[int], list[int]]:
    """The bytes that a text means, and for each where its escape begins and ends."""
    # Bytes of percent-encoding stand as characters of a private plane until the end.
    starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    for _round in range(_DEEPEST):
        pieces: list[str] = []
        new_starts: list[int] = []
        new_ends: list[int] = []
        last = 0
        for match in _ESCAPE.finditer(text):
            left, right = match.span()
            pieces += (text[last:left], _character(match))
            new_starts += starts[last:left]
            new_starts.append(starts[left])
            new_ends += ends[last:left]
            new_ends.append(ends[right - 1])
            last = right
        if not last:
            break
        text = "".join([*pieces, text[last:]])
        starts, ends = new_starts + starts[last:], new_ends + ends[last:]
    data = bytearray()
    byte_starts: list[int] = []
    byte_ends: list[int] = []
    for character, start, end in zip(text, starts, ends, strict=True):
        code = ord(character)
        encoded = (
            bytes([code - _BYTE])
            if _BYTE <= code < _BYTE + 256
            else character.encode("utf-8", "surrogatepass")
        )
        data += encoded
        byte_starts += [start] * len(encoded)
        byte_ends += [end] * len(encoded)
    return bytes(data), byte_starts, byte_ends


_BYTE: Final = 0xF0000


def _character(match: re.Match[str]) -> str:
    unicode, byte, percent, decimal, hexadecimal, named, letter = match.groups()
    if percent or byte:
        code = int(percent or byte, 16)
        return chr(code) if code < 0x80 else chr(_BYTE + code)
    if named:
        return _NAMED[named.lower()]
    if letter:
        return _LETTERS.get(letter.lower(), letter)
    code = int(decimal) if decimal else int(unicode or hexadecimal, 16)
    return chr(code) if code < 0x110000 else "\N{REPLACEMENT CHARACTER}"


_LETTER: Final = r"(?:3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])"
"""The hex digits of an ASCII letter or digit."""

_NEEDLESS: Final = re.compile(
    rf"%(?:25)*(?P<percent>{_LETTER})|(?<!\\)\\{{1,16}}(?:u00|x)(?P<code>{_LETTER})|&(?:amp;)*\#x0*(?P<hex>{_LETTER});"
    r"|&(?:amp;)*\#0*(?P<decimal>4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2]);",
    re.IGNORECASE,
)
"""An escape of a letter or a digit, at any depth. No encoder needs it; some escape every character."""


def without_needless(text: str) -> str:
    """The text with plain letters and digits in place of their escapes, so that anchors can be seen."""
    return _NEEDLESS.sub(_plain, text) if any(mark in text for mark in "%\\&") else text


def _plain(match: re.Match[str]) -> str:
    digits = match["percent"] or match["code"] or match["hex"]
    return chr(int(digits, 16) if digits else int(match["decimal"]))


def inflated(data: bytes) -> bytes:
    """What gzip or zlib data stand for, as far as it can be read and at most `_LARGEST` bytes; b"" for other data."""
    is_zlib = len(data) > 1 and data[0] == 0x78 and int.from_bytes(data[:2], "big") % 31 == 0
    if not data.startswith(b"\x1f\x8b") and not is_zlib:
        return b""
    try:
        return zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(data, _LARGEST)
    except zlib.error:
        return b""


def decoded_runs(text: str) -> Iterator[tuple[str, list[bytes]]]:
    """Every stretch of `text` that may be base64 or hex, each once, with what it may stand for.

    They are several, since base64 in the middle of something may begin at any character.
    """
    for run in set(_RUN.findall(text)):
        standard = run.translate(_STANDARD)
        inner = [
            base64.b64decode(standard[offset : offset + (len(run) - offset) // 4 * 4]) for offset in range(4)
        ]
        if len(run) % 4 > 1:
            # The padding was left out, or stands outside of the run.
            inner.append(base64.b64decode(standard + "=" * (4 - len(run) % 4)))
        yield run, [*inner, *filter(None, map(inflated, inner))]
    for run in set(_HEX.findall(text)):
        ends = ((offset, offset + (len(run) - offset) // 2 * 2) for offset in range(2))
        yield run, [binascii.unhexlify(run[start:end]) for start, end in ends]
    for run in set(_PAIRS.findall(text)):
        yield run, [bytes.fromhex(_PAIR_MARKS.sub("", run))]
    for run in set(_NUMBERS.findall(text)):
        yield run, [bytes(int(number) & 0xFF for number in _NUMBER.findall(run))]


def may_be_encoded(data: bytes) -> bool:
    """Whether what was decoded makes sense and has something in it that may be encoded again."""
    return data.isascii() and _RUN.search(data.decode("ascii")) is not None
