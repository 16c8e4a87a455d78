"""Match paths with patterns as `strongroom.toml` has them: `widgets/old/**`.

`*` and `?` stay within one folder name, `**` crosses folders, and the name of a folder matches everything below it.
"""

import re
from typing import Final

_PIECES: Final = re.compile(r"(\*\*/|\*\*|\*|\?)")
_GLOB: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def glob(pattern: str) -> re.Pattern[str]:
    """Return the expression that a whole path must match.

    The path is below the settings file, with `/` between.
    """
    return re.compile(f"{_expression(_plain(pattern))}(?:/.*)?", re.DOTALL)


def may_be_below(pattern: str, folder: str) -> bool:
    """Return True if a path below `folder` may match.

    A walk can leave out a folder for which this is False.
    """
    levels = _plain(pattern).split("/")
    for level, name in zip(levels, folder.split("/"), strict=False):
        if "**" in level:
            return True
        if re.fullmatch(_expression(level), name, re.DOTALL) is None:
            return False
    return True


def why_it_never_matches(pattern: str) -> str:
    """Return the reason why no path can match, as a clause; "" if one can.

    The clause has the way out.
    """
    plain = _plain(pattern)
    for reason, is_so in (
        ("a pattern begins at a folder: leave the first `/` out", plain.startswith("/")),
        ("`!` takes nothing back here: leave it out", plain.startswith("!")),
        ("a pattern cannot leave the folder that it begins at", ".." in plain.split("/")),
        ("a pattern begins at a folder, not at `~`", plain.startswith("~/")),
        ("folders are divided by `/`, not by `\\`", "\\" in plain),
        ("braces are ordinary characters: write one pattern for each", "{" in plain and "}" in plain),
        ("brackets are ordinary characters: write `?` for one character", "[" in plain and "]" in plain),
        ("a folder's name is missing between two `/`", "//" in plain or not plain),
        ("`.` is not a folder's name: leave it out", "." in plain.split("/")),
    ):
        if is_so:
            return reason
    return ""


def _plain(pattern: str) -> str:
    return pattern.removeprefix("./").rstrip("/") if pattern != "/" else pattern


def _expression(pattern: str) -> str:
    return "".join(_GLOB.get(piece, re.escape(piece)) for piece in _PIECES.split(pattern))
