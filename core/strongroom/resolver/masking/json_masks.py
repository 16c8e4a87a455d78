"""Put masks into a text so that JSON stays JSON, and no escape is cut.

A mask within a JSON text stays within it; a number, a word such as `true` and a whole object become a text.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from strongroom.values.secret_value import MASK

Span = tuple[int, int]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s\[\]{}:,"]+', re.DOTALL)
"""The pattern of a text, or of a number or word, of JSON."""

_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)", re.DOTALL)


def without(text: str, spans: Iterable[Span], mask: str = MASK) -> str:
    """Return the text with a mask in place of each span.

    Spans may touch, but not overlap, and are in order.
    """
    found = list(spans)
    if found and is_json(text):
        return _exchanged(text, _within_json(text, found, mask))
    return _exchanged(text, [(start, end, mask) for start, end in found])


def is_json(text: str) -> bool:
    """Return True if a text is JSON, or lines of JSON."""
    text = text.lstrip("\ufeff").strip()
    return _parses(text) or (
        text.startswith(("{", "[")) and "\n" in text and all(map(_parses, text.splitlines()))
    )


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _exchanged(text: str, masks: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    last = 0
    for start, end, mask in masks:
        pieces += (text[last:start], mask)
        last = end
    return "".join((*pieces, text[last:]))


def _within_json(text: str, spans: Sequence[Span], mask: str) -> list[tuple[int, int, str]]:
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    starts = [start for start, _end in tokens]
    masks: list[tuple[int, int, str]] = []
    for start, end in spans:
        first = max(0, bisect_right(starts, start) - 1)
        inside = [
            token
            for token in tokens[first : bisect_right(starts, end)]
            if token[0] < end and token[1] > start
        ]
        for left, right, replaced in _masks(text, start, end, inside, mask):
            # Two spans may touch one number, which becomes one text.
            if not masks or left >= masks[-1][1]:
                masks.append((left, right, replaced))
    return masks


def _masks(text: str, start: int, end: int, tokens: list[Span], mask: str) -> Iterator[tuple[int, int, str]]:
    """Yield the masks for one span, which may begin in one token and end in another."""
    if len(tokens) > 1 and start <= tokens[0][0] and end >= tokens[-1][1] and _parses(f"[{text[start:end]}]"):
        yield start, end, f'"{mask}"'
        return
    for left, right in tokens:
        if text[left] != '"':
            yield left, right, f'"{mask}"'
        elif max(start, left + 1) < min(end, right - 1):
            yield *_whole_escapes(text, left, right, max(start, left + 1), min(end, right - 1)), mask


def _whole_escapes(text: str, left: int, right: int, start: int, end: int) -> Span:
    """Return the span within a token (`left` to `right`), widened to cut no escape."""
    for match in _ESCAPE.finditer(text, left, right):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
    return start, end
