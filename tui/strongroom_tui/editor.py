"""Which command opens a file at a line in the editor that a person uses."""

import os
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

_AT_PLUS: Final = "+{line} {path}"
_AT_COLON: Final = "{path}:{line}:{column}"
SYNTAX: Final[Mapping[str, str]] = {
    "vi": _AT_PLUS,
    "vim": _AT_PLUS,
    "nvim": _AT_PLUS,
    "kak": "+{line}:{column} {path}",
    "nano": "+{line},{column} {path}",
    "micro": "+{line}:{column} {path}",
    "emacs": "+{line}:{column} {path}",
    "emacsclient": "+{line}:{column} {path}",
    "hx": _AT_COLON,
    "helix": _AT_COLON,
    "zed": "--wait " + _AT_COLON,
    "subl": "--wait " + _AT_COLON,
    "code": "--wait --goto " + _AT_COLON,
    "codium": "--wait --goto " + _AT_COLON,
    "cursor": "--wait --goto " + _AT_COLON,
}
"""How each editor is told a line, from its own manual. Any other editor gets the path alone."""

FALLBACKS: Final = ("nvim", "vim", "nano", "vi")


def editor_command(
    path: str, line: int, column: int, environment: Mapping[str, str], which: Sequence[str] = FALLBACKS
) -> list[str]:
    """The command for `path` at 1-based `line` and `column`: $VISUAL, $EDITOR, or the first of `which`.

    Flags in the variable are kept ("code -n"). Empty where there is no editor at all.
    """
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or next(iter(which), "")
    words = shlex.split(chosen)
    if not words:
        return []
    program = os.path.basename(words[0]).removesuffix(".exe")
    pattern = SYNTAX.get(program, "{path}")
    given = [part.format(path=path, line=line, column=column) for part in pattern.split(" ")]
    return words + [part for part in given if part not in words]
