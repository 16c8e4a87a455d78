"""Return the command that opens a file at a line in a person's editor."""

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from typing import Final

from strongroom.errors import StrongroomError

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
"""The arguments of each editor for a line, from its own manual.

Other editors get the path alone.
"""

WAY_OUT: Final = "an editor that is installed here, such as vi."

FALLBACKS: Final = ("nvim", "vim", "nano", "vi")


def editor_command(
    path: str, line: int, column: int, environment: Mapping[str, str], which: Sequence[str] = FALLBACKS
) -> list[str]:
    """Return the command for `path` at 1-based `line` and `column`.

    The editor is $VISUAL, $EDITOR, or the first of `which`. Flags in the variable are kept ("code -n"). The command is
    empty if no editor is found. Raises `StrongroomError` for a variable whose quotes are not closed.
    """
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or next(iter(which), "")
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        variable = "VISUAL" if environment.get("VISUAL") else "EDITOR"
        raise StrongroomError(f"{variable} cannot be read: {error}.", f"Set it to {WAY_OUT}") from error
    if not words:
        return []
    program = os.path.basename(words[0]).removesuffix(".exe")
    pattern = SYNTAX.get(program, "{path}")
    given = [part.format(path=path, line=line, column=column) for part in pattern.split(" ")]
    return words + [part for part in given if part not in words]


def editor_here(path: str, line: int, column: int, environment: Mapping[str, str]) -> list[str]:
    """Return the command with an editor of this machine.

    Raises `StrongroomError` if this machine has no editor.
    """
    command = editor_command(path, line, column, environment, [n for n in FALLBACKS if shutil.which(n)])
    if not command:
        raise StrongroomError("No editor was found.", f"Set VISUAL or EDITOR to {WAY_OUT}")
    return command
