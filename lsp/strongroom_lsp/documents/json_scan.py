"""Find where a cursor is in a JSON text that may be unfinished.

Only the text before the cursor has to be sound. The document's own reader gives values, and has none where the person
is writing one. This module reads the tokens up to the cursor, and keeps what is open there.
"""

import re
from typing import Final, NamedTuple

Step = str | int

_TOKEN: Final = re.compile(r'"(?:[^"\\\r\n]|\\.)*(?P<closed>")?|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_PUNCTUATION: Final = "{}[]:,"
_OPENERS: Final = "{["


class Cursor(NamedTuple):
    """Hold what is at a cursor.

    `path` leads to the object or list that is open there. `key` is the member whose value is being written; for a key
    it is None. `start` and `end` enclose the text that is there, with its quotes, and are equal without one.
    `siblings` are the object's other keys. `following` is the next token.
    """

    path: tuple[Step, ...]
    is_object: bool
    key: str | None
    start: int
    end: int
    siblings: frozenset[str]
    has_colon: bool
    following: str

    @property
    def is_key(self) -> bool:
        return self.is_object and self.key is None


class _Frame:
    """Hold an object or list that is open, its member or item, and its keys."""

    __slots__ = ("_word", "index", "is_object", "key", "keys", "wants_value")

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object
        self.key: str | None = None
        self.keys: list[str] = []
        self._word: str | None = None
        self.wants_value = not is_object
        self.index = 0

    @property
    def step(self) -> Step:
        """Return the step of a path to the member or item that is open."""
        return self.key or "" if self.is_object else self.index

    def take(self, mark: str) -> None:
        """Take a token that opens and closes nothing."""
        if mark == ",":
            self.index += 1
            self.key, self.wants_value = None, not self.is_object
        elif mark == ":":
            self.key, self.wants_value = self._word, True
        else:
            self._word = mark.strip('"')
            if not self.wants_value:
                self.keys.append(self._word)


def cursor_at(text: str, start: int, offset: int) -> Cursor | None:
    """Return what is at the offset, or None outside of objects and lists.

    The text is read from `start`, which is outside of any string.
    """
    frames: list[_Frame] = []
    word = (offset, offset)
    for token in _TOKEN.finditer(text, start):
        mark = token.group()
        is_word = mark[0] not in _PUNCTUATION
        if token.start() > offset or (token.start() == offset and not is_word):
            break
        if token.end() > offset or (token.end() == offset and is_word and not token.group("closed")):
            word = token.span()
            break
        if mark in _OPENERS:
            frames.append(_Frame(mark == "{"))
        elif frames and mark in "}]":
            frames.pop()
        elif frames:
            frames[-1].take(mark)
    if not frames:
        return None
    frame = frames[-1]
    after, has_colon, following = _after(text, word[1])
    return Cursor(
        tuple(outer.step for outer in frames[:-1]),
        frame.is_object,
        frame.key if frame.wants_value and frame.is_object else None,
        *word,
        frozenset(frame.keys + after),
        has_colon,
        following,
    )


def _after(text: str, offset: int) -> tuple[list[str], bool, str]:
    """Return what follows the cursor: keys, a colon, the next token.

    The keys are those of the same object. The colon counts if it follows at once.
    """
    keys: list[str] = []
    depth = 0
    following = ""
    previous = ""
    for token in _TOKEN.finditer(text, offset, min(len(text), offset + 20_000)):
        mark = token.group()
        following = following or mark
        if mark in _OPENERS:
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth < 0:
                break
        elif mark == ":" and depth == 0 and previous.startswith('"'):
            keys.append(previous.strip('"'))
        previous = mark
    return keys, following == ":", following
