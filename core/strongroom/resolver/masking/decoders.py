"""Undo base64, hex, lists of numbers and compression within a text.

Each encoded stretch is undone as a whole. Bytes become characters of Latin-1. Base64 may begin in the middle
of a stretch, so each stretch is read from every place at which it can begin.
"""

import binascii
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Final

from strongroom.resolver.masking.layers import Layer, Stretch

_LARGEST: Final = 500_000
"""The bytes that are looked at of one compressed text."""

_MOST_COMPRESSED: Final = 2_000
"""The stretches of one text that are tried as compressed data."""

_BREAK: Final = r"[ \t]*[\r\n]+[ \t>]*"
_BASE64: Final = re.compile(
    rf"[A-Za-z0-9+/_-][A-Za-z0-9+/_-]{{10,}}+(?:(?<=[A-Za-z0-9+/_-]{{16}}){_BREAK}[A-Za-z0-9+/_-]++)*+(?:={{1,2}}(?![A-Za-z0-9=]))?"
)
_STANDARD: Final = str.maketrans("-_", "+/")
_LONG: Final = 1000
_BETWEEN: Final = "9/f3"
"""The mark between two stretches: three bytes that are not text, nor letters in Latin-1."""
_FILLED: Final = (_BETWEEN, f"AAA{_BETWEEN}", f"AA{_BETWEEN}", f"A{_BETWEEN}")
_MARK: Final = "\xf7\xf7\xf7"

_HEX: Final = re.compile(rf"[0-9A-Fa-f][0-9A-Fa-f]{{15,}}+(?:{_BREAK}[0-9A-Fa-f]{{2,}}+)*+")
_HEX_PAIRS: Final = re.compile(
    r"[0-9A-Fa-f][0-9A-Fa-f](?<![0-9A-WYZa-wyz]..)(?:[0-9A-Fa-f]{2}){0,3}+"
    r"(?:[\s:,\"'-]{1,6}+(?:0x)?(?:[0-9A-Fa-f]{2}){1,4}+(?![0-9A-Za-z])){2,}+"
)
"""The pattern of hex in groups of one to four bytes, as in dumps and fingerprints."""
_NO_HEX: Final = re.compile(r"0x|[^0-9A-Fa-f]")

_READABLE: Final = re.compile(r"[\t\n\r -~][\t\n\r -~]{7,}+")

_NUMBERS: Final = re.compile(
    r"[0-9](?<![0-9.].)[0-9]{0,5}+(?:(?:\s*+,\s*+|\s++)-?[0-9]{1,6}+(?![0-9.])){7,}+"
)
"""The pattern of a list of numbers that are bytes or characters.

Node.js writes a buffer so, and Java with signs.
"""
_NUMBER: Final = re.compile(r"-?[0-9]+")

_BARE: Final = "".join(map(chr, (byte for byte in range(256) if byte & 7 in (3, 4, 5))))
"""The bytes that bare deflate data may begin with.

Such a byte begins the last block, or one with codes of its own (RFC 1951 §3.2.3).
"""
_WRAPPED: Final = (re.compile(r"\x1f\x8b\x08"), re.compile(r"x[\x01\x5e\x9c\xda]"))
"""The beginnings of gzip and of zlib data.

Each is a pattern of its own, because the search for one beginning is quick, and for one of several it is not.
"""
_BARE_AFTER_MARK: Final = re.compile(rf"{_MARK}(?=[{re.escape(_BARE)}])")


def base64(layer: Layer) -> Layer | None:
    """Return all that may be base64 in a text, in any alphabet.

    Each stretch is read from each of its first four characters.
    """
    found = [(*match.span(), match[0]) for match in _BASE64.finditer(layer.text)]
    stretches = [(left, right, _joined(run)) for left, right, run in found if not _is_filling(run)]
    if not stretches:
        return None
    pieces = (run[offset:] for offset in range(4) for _left, _right, run in stretches)
    data = binascii.a2b_base64(
        "".join([piece + _FILLED[len(piece) % 4] for piece in pieces]).translate(_STANDARD)
    )

    def decoded() -> Iterator[Stretch]:
        for offset in range(4):
            for left, right, run in stretches:
                yield Stretch(left, right, (len(run) - offset + 3) // 4 * 3 + len(_MARK))

    return Layer(data.decode("latin-1"), layer, decoded, is_joined=True)


def _joined(run: str) -> str:
    """Return a stretch of one or more lines as one line."""
    run = run.rstrip("=")
    return run if run.isprintable() else "".join(run.replace(">", "").split())


def _is_filling(run: str) -> bool:
    """Return True for a long stretch of one character, which encodes nothing."""
    return len(run) > _LONG and len(set(run)) <= 2


def hexadecimal(layer: Layer) -> Layer | None:
    """Return all that may be hex in a text, also in groups or lines."""
    found = []
    for match in chain(_HEX.finditer(layer.text), _HEX_PAIRS.finditer(layer.text)):
        digits = _NO_HEX.sub("", match[0])
        both = (digits[offset : offset + (len(digits) - offset) // 2 * 2] for offset in range(2))
        found.append((*match.span(), _MARK.join(bytes.fromhex(half).decode("latin-1") for half in both)))
    return _stretches(layer, found)


def numbers(layer: Layer) -> Layer | None:
    """Return all that may be a list of bytes or of characters."""
    found = [
        (*match.span(), "".join([_of_number(int(number)) for number in _NUMBER.findall(match[0])]))
        for match in _NUMBERS.finditer(layer.text)
    ]
    return _stretches(layer, found)


def _of_number(number: int) -> str:
    return chr(number & 0xFF if number < 0 else number)


def inflated(layer: Layer) -> Layer | None:
    """Return the text that gzip, zlib and bare deflate data in a text hold.

    Incomplete data are read as far as they go.
    """
    text, found, left, end = layer.text, [], _LARGEST, 0
    data = memoryview(text.encode("latin-1", "replace"))
    for start, window in islice(_beginnings(text), _MOST_COMPRESSED):
        if start >= end:
            end = len(text) if layer.parent is None else text.find(_MARK, start)
        inner = _inflated(data[start:end], window, left)
        if len(inner) >= 4:
            left -= len(inner)
            found.append((start, end, inner.decode("latin-1")))
    return _stretches(layer, found)


def _beginnings(text: str) -> list[tuple[int, int]]:
    """Return the places where compressed data may begin.

    Each place comes with zlib's window size to read the data there.
    """
    found = [(match.start(), 32 + zlib.MAX_WBITS) for pattern in _WRAPPED for match in pattern.finditer(text)]
    found += [(match.end(), -zlib.MAX_WBITS) for match in _BARE_AFTER_MARK.finditer(text)]
    if text and text[0] in _BARE:
        found.append((0, -zlib.MAX_WBITS))
    return sorted(found)


def _inflated(data: memoryview, window: int, most: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, most) if most > 0 else b""
    except zlib.error:
        return b""


def readable(layer: Layer) -> Layer | None:
    """Return the decoded bytes that are text, in which more may be escaped or encoded."""
    return _stretches(layer, [(*match.span(), match[0]) for match in _READABLE.finditer(layer.text)])


def _stretches(layer: Layer, found: list[tuple[int, int, str]]) -> Layer | None:
    """Return a layer of the decoded stretches alone, with a mark behind each."""
    if not found:
        return None
    text = "".join(part for _left, _right, inner in found for part in (inner, _MARK))
    stretches = [Stretch(left, right, len(inner) + len(_MARK)) for left, right, inner in found]
    return Layer(text, layer, lambda: stretches, is_joined=True)


DECODERS: Final[Mapping[str, Callable[[Layer], Layer | None]]] = {
    "base64": base64,
    "hexadecimal": hexadecimal,
    "numbers": numbers,
}
"""The decoders of what may be encoded in a text.

Compressed data may be in what these give, and in a body itself.
"""
