"""Read a `.gitignore` file and match paths with its patterns.

They are those of https://git-scm.com/docs/gitignore, and a test compares the result with git itself. The code
is ours because the library for it takes longer to import than a whole check. Files that only this machine has
(`.git/info/exclude`, the user's own file) do not count, so that a check finds the same everywhere.
"""

# os.path, because pathlib would be imported for this alone.

import os
import re
from typing import Final, NamedTuple

from strongroom.text.expressions import expression

FILE_NAME: Final = ".gitignore"


class _Line(NamedTuple):
    expression: re.Pattern[str]
    is_for_folders: bool
    takes_back: bool


class IgnoreFile:
    """Hold the patterns of one `.gitignore`; `folder` is the one that it is in."""

    __slots__ = ("_lines", "folder")

    def __init__(self, folder: str, text: bytes) -> None:
        self.folder = folder
        # Git matches bytes: each is one character here.
        lines = (_line(line.removesuffix("\r")) for line in text.decode("latin-1").split("\n"))
        self._lines = [line for line in lines if line is not None]

    @classmethod
    def read(cls, folder: str) -> "IgnoreFile | None":
        """Read the folder's file; None if it is missing, unreadable or without a pattern."""
        try:
            with open(os.path.join(folder, FILE_NAME), "rb") as file:
                found = cls(folder, file.read().removeprefix(b"\xef\xbb\xbf"))
        except OSError:
            return None
        return found if found._lines else None

    def says(self, path: str, *, is_folder: bool) -> bool | None:
        """Return True if `path` below `folder` is ignored, False if taken back.

        Without a match the result is None.
        """
        relative = path[len(self.folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
        relative = os.fsencode(relative).decode("latin-1")
        for line in reversed(self._lines):
            if (is_folder or not line.is_for_folders) and line.expression.fullmatch(relative):
                return not line.takes_back
        return None


def _line(line: str) -> _Line | None:
    while line.endswith(" ") and not _ends_escaped(line[:-1]):
        line = line[:-1]
    if not line or line.startswith("#"):
        return None
    takes_back = line.startswith("!")
    pattern = line.removeprefix("!")
    is_for_folders = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    if not pattern:
        return None
    is_anchored = "/" in pattern
    lead = "" if is_anchored else "(?:.*/)?"
    try:
        compiled = re.compile(lead + _expression(pattern.removeprefix("/")), re.DOTALL)
        return _Line(compiled, is_for_folders, takes_back)
    except re.error:
        return None  # a set such as [z-a] matches nothing


def _ends_escaped(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


_PIECES: Final = expression(
    r"(?P<within>(?<=/)\*\*/|\A\*\*/)|(?P<below>(?<=/)\*\*\Z)|(?P<star>\*+)|(?P<one>\?)"
    r"|\[(?P<not>[!^]?)(?P<set>\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*)\]|\\(?P<escaped>.)|(?P<open>\[)"
    r"|(?P<plain>.)",
    re.DOTALL,
)
_CLASSES: Final = {
    "[:alnum:]": "a-zA-Z0-9", "[:alpha:]": "a-zA-Z", "[:blank:]": " \\t", "[:digit:]": "0-9", "[:lower:]": "a-z",
    "[:space:]": "\\s", "[:upper:]": "A-Z", "[:xdigit:]": "0-9a-fA-F", "[:punct:]": "!-/:-@\\[-`{-~",
}  # fmt: skip
_IN_SET: Final = expression(r"\[:[a-z]+:\]|\\(.)|(.)", re.DOTALL)


def _expression(pattern: str) -> str:
    """Return the expression that a whole path, relative to the folder, must match."""
    if _ends_escaped(pattern):
        return "(?!)"  # a backslash that escapes nothing
    return "".join(map(_piece, _PIECES.finditer(pattern)))


def _piece(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "within":
        return "(?:.*/)?"
    if kind == "below":
        return ".+"
    if kind == "star":
        return "[^/]*"
    if kind == "one":
        return "[^/]"
    if kind == "set":
        inside = "".join(map(_in_set, _IN_SET.finditer(found["set"])))
        return f"(?!/)[{'^' if found['not'] else ''}{inside}]"
    if kind == "open":
        return "(?!)"  # a set that is not closed matches nothing
    return re.escape(found["escaped"] or found["plain"])


def _in_set(found: re.Match[str]) -> str:
    text = found.group()
    if text in _CLASSES:
        return _CLASSES[text]
    if found[1] is not None:
        return re.escape(found[1])
    return text if text == "-" else re.escape(text)
