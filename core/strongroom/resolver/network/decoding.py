"""Decompress an answer piece by piece, so that a small one cannot fill the memory.

The HTTP library decompresses whatever has arrived in one go, and one coding after the other: two of them make
gigabytes of a few kilobytes. Here each coding gives at most `PIECE` bytes at a time.
"""

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

PIECE: Final = 64 * 1024
MAX_CODINGS: Final = 2
"""The most codings that one answer may have; servers use one."""

SUPPORTED: Final = ("gzip", "deflate")


class Undecodable(Exception):  # noqa: N818
    """Report that the answer is not what its Content-Encoding says.

    The text is a whole clause for people.
    """


class _Inflate:
    """Undo gzip, or deflate with or without zlib's frame.

    Servers send both forms of deflate (RFC 9110 §8.4.1.2).
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inner: Any = None

    def decode(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._inner = zlib.decompressobj(self._window(data))
        while data and not self._inner.eof:
            try:
                piece = self._inner.decompress(data, PIECE)
            except zlib.error:
                raise Undecodable(f"it is not {self._coding}, though its Content-Encoding says so") from None
            data = self._inner.unconsumed_tail
            if piece:
                yield piece

    def _window(self, data: bytes) -> int:
        if self._coding == "gzip":
            return 16 + zlib.MAX_WBITS
        framed = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
        return zlib.MAX_WBITS if framed else -zlib.MAX_WBITS

    @property
    def is_complete(self) -> bool:
        return self._inner is None or self._inner.eof


def codings_of(content_encoding: str) -> list[str]:
    """Return the codings that an answer names, in the order of their use.

    "identity" is not a coding.
    """
    named = [part.strip().lower().removeprefix("x-") for part in content_encoding.split(",")]
    return [part for part in named if part not in ("", "identity")]


class Decoding:
    """Undo the codings of an answer as its bytes arrive.

    `problem` is set if the codings cannot all be undone.
    """

    def __init__(self, content_encoding: str) -> None:
        codings = codings_of(content_encoding)
        self.problem = ""
        unknown = next((coding for coding in codings if coding not in SUPPORTED), None)
        if unknown is not None:
            self.problem = "unsupported"
            codings = []
        if len(codings) > MAX_CODINGS:
            raise Undecodable(f"it is compressed {len(codings)} times over")
        self._stages = [_Inflate(coding) for coding in reversed(codings)]

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Return the bytes that these add to the answer.

        The pieces have at most `PIECE` bytes if the answer was compressed.
        """
        pieces: Iterator[bytes] = iter((data,) if data else ())
        for stage in self._stages:
            pieces = _through(stage, pieces)
        return pieces

    @property
    def is_complete(self) -> bool:
        """Return True if every coding came to its end."""
        return all(stage.is_complete for stage in self._stages)


def _through(stage: _Inflate, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from stage.decode(piece)


async def read_bounded(raw: AsyncIterator[bytes], decoding: Decoding, limit: int) -> tuple[bytes, bool]:
    """Return at most `limit` bytes of an answer, and True if there were more."""
    kept = bytearray()
    async for data in raw:
        for piece in decoding.decode(data):
            kept += piece
            if len(kept) > limit:
                return bytes(kept[:limit]), True
    return bytes(kept), False
