"""Copy a value to the clipboard, and clear the clipboard after a while.

A lock and leaving the app clear the clipboard too. A small process does the clearing, so that it also happens when
the app or its terminal is killed. The process knows a keyed digest of the value, not the value, and clears only a
clipboard that still holds the value. Nobody can read back what the terminal's own clipboard (OSC 52) holds. Then
the app clears it in any case.

Run as `python -m strongroom_tui.backend.clipboard WAY SECONDS`, this module is that process.
"""

import base64
import hashlib
import hmac
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from strongroom import child
from strongroom.errors import StrongroomError
from strongroom.values.secret_value import SecretValue

BUFFER: Final = "strongroom"
"""The name of the tmux buffer.

A named one is not pasted by mistake, and can be deleted.
"""

TIMEOUT: Final = 3.0
"""Seconds that a clipboard program may take. One without its display would hang."""


class ClipboardProgram(NamedTuple):
    """Describe one clipboard.

    `needs` is the environment variable that the clipboard needs, or "".
    """

    name: str
    needs: str
    copy: tuple[str, ...]
    paste: tuple[str, ...]
    clear: tuple[str, ...]
    paste_hint: str = ""
    """A sentence about pasting, where that is not common knowledge."""


WAYS: Final = (
    ClipboardProgram(
        "wl-copy", "WAYLAND_DISPLAY", ("wl-copy",), ("wl-paste", "--no-newline"), ("wl-copy", "--clear")
    ),
    ClipboardProgram(
        "xclip",
        "DISPLAY",
        ("xclip", "-selection", "clipboard"),
        ("xclip", "-selection", "clipboard", "-out"),
        ("xclip", "-selection", "clipboard"),
    ),
    ClipboardProgram(
        "xsel",
        "DISPLAY",
        ("xsel", "--clipboard", "--input"),
        ("xsel", "--clipboard", "--output"),
        ("xsel", "--clipboard", "--clear"),
    ),
    ClipboardProgram("pbcopy", "", ("pbcopy",), ("pbpaste",), ("pbcopy",)),
    ClipboardProgram(
        "clip",
        "",
        ("clip.exe",),
        ("powershell.exe", "-NoProfile", "-Command", "[Console]::Out.Write((Get-Clipboard -Raw))"),
        ("clip.exe",),
    ),
    ClipboardProgram(
        "tmux",
        "TMUX",
        ("tmux", "load-buffer", "-b", BUFFER, "-"),
        ("tmux", "save-buffer", "-b", BUFFER, "-"),
        ("tmux", "delete-buffer", "-b", BUFFER),
        f"tmux paste-buffer -b {BUFFER}",
    ),
)
"""The clipboards in the order of trying: the desktop's, tmux's, the terminal's."""

TERMINAL: Final = "the terminal"


class CannotCopy(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that no clipboard took the value."""


class CopyResult(NamedTuple):
    """Hold how a value was copied.

    `checked` is True if the clipboard can be read back.
    """

    way: str
    checked: bool
    paste_hint: str = ""


class Clipboard:
    """Hold at most one copied value, which `clear` takes back.

    Blocking: call it in a thread.
    """

    def __init__(
        self,
        seconds: float,
        write: Callable[[str], None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Take `write`, which sends an escape sequence to the terminal.

        Without it the terminal is not tried.
        """
        self.seconds = seconds
        self._write = write
        self._environment = os.environ if environment is None else environment
        self._out: tuple[ClipboardProgram | None, bytes, bytes] | None = None

    @property
    def holds(self) -> bool:
        """Return True from copying a value until it is cleared, as far as this app knows."""
        return self._out is not None

    def copy(self, value: SecretValue) -> CopyResult:
        """Copy the value, and start the process that clears it. Raises `CannotCopy`."""
        data = value.reveal().encode("utf-8", "surrogatepass")
        key = os.urandom(32)
        for way in ways_here(self._environment):
            if _run(way.copy, data) is None:
                continue
            digest = _digest(key, data)
            self._out = way, key, digest
            _start_guard(way, self.seconds, key, digest)
            return CopyResult(way.name, True, way.paste_hint)
        if self._write is None:
            raise CannotCopy(
                "No clipboard can be used here.",
                "Install wl-clipboard, xclip or xsel, or reveal the value instead.",
            )
        self._write(f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07")
        self._out = None, b"", b""
        return CopyResult(TERMINAL, False)

    def clear(self) -> bool:
        """Clear the clipboard if it still holds the value. Return True if it was cleared."""
        if self._out is None:
            return False
        way, key, digest = self._out
        self._out = None
        if way is not None:
            return clear_if_ours(way, key, digest)
        if self._write is not None:
            self._write("\x1b]52;c;\x07")
        return True


def copy_plain(
    text: str, write: Callable[[str], None] | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """Copy a text that is not secret, for good.

    Return the clipboard's name. Raises `CannotCopy`. Blocking.
    """
    data = text.encode("utf-8", "replace")
    for way in ways_here(os.environ if environment is None else environment):
        if _run(way.copy, data) is not None:
            return way.paste_hint or way.name
    if write is None:
        raise CannotCopy("No clipboard can be used here.", "Install wl-clipboard, xclip or xsel.")
    write(f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07")
    return TERMINAL


def ways_here(environment: Mapping[str, str]) -> Iterator[ClipboardProgram]:
    """Return the clipboards whose programs and displays are here."""
    for way in WAYS:
        if (not way.needs or environment.get(way.needs)) and all(
            shutil.which(program, path=environment.get("PATH")) for program in {way.copy[0], way.paste[0]}
        ):
            yield way


def clear_if_ours(way: ClipboardProgram, key: bytes, digest: bytes) -> bool:
    """Clear the clipboard if its content has this digest. Return True if so."""
    held = _run(way.paste)
    if held is None or not hmac.compare_digest(_digest(key, held), digest):
        return False
    return _run(way.clear, b"") is not None


def _digest(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, key=key).digest()


def _run(command: tuple[str, ...], data: bytes | None = None) -> bytes | None:
    """Return the program's output, or None if it failed.

    A program that takes data may live on.
    """
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, and no shell
            command,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            # A pipe would never end for a program that takes data: xclip and wl-copy stay and serve the value.
            stdout=subprocess.PIPE if data is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return None if done.returncode else (done.stdout or b"")


def _start_guard(way: ClipboardProgram, seconds: float, key: bytes, digest: bytes) -> None:
    guard = subprocess.Popen(  # noqa: S603 - this module itself
        child.command("strongroom_tui.backend.clipboard", way.name, str(seconds)),
        env=child.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the process goes on when the terminal ends
    )
    assert guard.stdin is not None
    guard.stdin.write(key + digest)
    guard.stdin.close()


def guard(name: str, seconds: float) -> None:
    """Wait, then clear the clipboard if it still holds the value."""
    known = sys.stdin.buffer.read()
    time.sleep(seconds)
    way = next(way for way in WAYS if way.name == name)
    clear_if_ours(way, known[:32], known[32:])


if __name__ == "__main__":
    guard(sys.argv[1], float(sys.argv[2]))
