"""Read typed text that the terminal does not show, and keep all of it.

The system's own line editing keeps 4,095 characters of a line (1,024 on macOS) and drops the rest without a
message. So the terminal is in a mode without lines during a question. It is restored at the end, on every
signal that ends or stops the process, and after ctrl+z.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Protocol, Self

from strongroom.errors import StrongroomError
from strongroom_cli.terminal.typed import Typed

PAUSE: Final = 0.2
"""The seconds without input after a line end that end the entry."""


class Terminal(Protocol):
    """Show questions on a person's terminal, and read the answers.

    It is a context manager: inside it, typed text is not shown.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, text: str) -> None:
        """Show `text` at once."""
        ...

    def read(self, seconds: float | None) -> bytes:
        """Return the typed bytes; none if none came in time.

        Raises KeyboardInterrupt at the end of input.
        """
        ...

    def stop(self) -> None:
        """Stop the process as ctrl+z does, with the terminal restored, and then ask again."""
        ...


def open_terminal() -> Terminal:
    """Return the terminal of this process.

    Raises `StrongroomError` if typed text cannot be hidden.
    """
    if sys.platform == "win32":
        return _WindowsConsole()
    return _PosixTerminal()


def ask(terminal: Terminal, prompt: str) -> str:
    """Ask for one entry, of one line or several.

    Raises KeyboardInterrupt or `StrongroomError`.
    """
    typed = Typed()
    terminal.write(prompt)
    try:
        _read(terminal, typed)
        if typed.ended:
            discard(terminal)
    except KeyboardInterrupt:
        terminal.write("\n")
        discard(terminal)
        raise
    terminal.write("\n")
    return typed.text()


def discard(terminal: Terminal) -> None:
    """Drop input that still comes, so that no shell gets the rest of a paste."""
    while terminal.read(PAUSE):
        pass


def _read(terminal: Terminal, typed: Typed) -> None:
    """Feed `typed` until the entry is over."""
    noted = 0
    while not typed.ended:
        data = terminal.read(PAUSE if typed.may_end else None)
        if not data and not typed.is_unfinished_key():
            return
        if not data:
            terminal.write("\nThe last line of this key did not come yet: paste it, or press ctrl+d to end. ")
            data = terminal.read(None)
        typed.feed(data)
        if typed.wants_stop:
            typed.wants_stop = False
            terminal.stop()
        if typed.pastes > noted and typed.lines() > 1 and not (typed.in_paste or typed.may_end):
            # The entry is still open, and the person sees nothing of it.
            terminal.write(f"\n{typed.lines()} lines pasted. Press Enter to end. ")
        noted = typed.pastes


def _cannot_hide() -> StrongroomError:
    return StrongroomError(
        "This terminal cannot hide what is typed.", "Pass the value on standard input, or name a key file."
    )


if sys.platform == "win32":
    import msvcrt

    class _WindowsConsole:
        """Read the console, key by key."""

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            while msvcrt.kbhit():
                msvcrt.getwch()

        def write(self, text: str) -> None:
            for character in text:
                msvcrt.putwch(character)

        def read(self, seconds: float | None) -> bytes:
            end = None if seconds is None else time.monotonic() + seconds
            while not msvcrt.kbhit():
                if end is not None and time.monotonic() > end:
                    return b""
                time.sleep(0.01)
            text = msvcrt.getwch()
            while msvcrt.kbhit() and len(text) < 4096:
                text += msvcrt.getwch()
            # The halves of a character come one by one. A key without a character begins with a null.
            whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return whole.replace("\0", "\x1b").encode("utf-8")

        def stop(self) -> None:
            return None

else:
    import select
    import termios

    class _PosixTerminal:
        """Use the controlling terminal, or standard input without one.

        Messages go to it, too.
        """

        def __init__(self) -> None:
            self._descriptor, self._is_own = _open_descriptor()
            self._before: list[Any] = []
            self._handlers: dict[int, Any] = {}
            self._signals = _Signals()
            self._question = ""

        def __enter__(self) -> Self:
            try:
                self._before = termios.tcgetattr(self._descriptor)
            except termios.error:
                self._close()
                raise _cannot_hide() from None
            try:
                self._signals.open()
                self._handle(self._end, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)
                self._handle(self._stopped, signal.SIGTSTP)
                self._handle(self._continued, signal.SIGCONT)
                self._hide()
            except termios.error:
                self.__exit__(None, None, None)
                raise _cannot_hide() from None
            except BaseException:
                self.__exit__(None, None, None)
                raise
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            try:
                self._show()
                for number, handler in self._handlers.items():
                    signal.signal(number, handler)
            finally:
                self._signals.close()
                self._close()

        def write(self, text: str) -> None:
            self._question = text.rpartition("\n")[2]
            self._send(text)

        def _send(self, text: str) -> None:
            data = text.encode("utf-8", "replace")
            try:
                while data:
                    data = data[os.write(self._descriptor if self._is_own else sys.stderr.fileno(), data) :]
            except OSError:  # the terminal was closed
                raise KeyboardInterrupt from None

        def read(self, seconds: float | None) -> bytes:
            if not self._signals.wait_for(self._descriptor, seconds):
                return b""
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:  # the terminal was closed
                data = b""
            if not data:
                raise KeyboardInterrupt
            return data

        def stop(self) -> None:
            os.kill(0, signal.SIGTSTP)

        def _hide(self) -> None:
            present = termios.tcgetattr(self._descriptor)
            mode = [*present[:6], list(present[6])]
            mode[0] &= ~(
                termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP | termios.IXON | termios.IXOFF
            )
            mode[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            if mode == present:
                return
            # Text that was typed before the question is dropped, because the system may have cut it.
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, mode)
            if _knows_paste():
                self._send("\x1b[?2004h")

        def _show(self) -> None:
            """Restore the terminal. The rest of a paste is dropped, so that no shell gets it."""
            try:
                if _knows_paste():
                    self._send("\x1b[?2004l")
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
            except (OSError, termios.error, KeyboardInterrupt):
                return  # the terminal is gone

        def _close(self) -> None:
            if self._is_own:
                os.close(self._descriptor)

        def _handle(self, handler: Callable[[int, FrameType | None], None], *numbers: int) -> None:
            for number in numbers:
                # Signals that are ignored or have another handler (Python's for an interrupt) keep it.
                if signal.getsignal(number) is not signal.SIG_DFL:
                    continue
                try:
                    self._handlers[number] = signal.signal(number, handler)
                except ValueError:
                    return  # only the main thread may do this, and only it asks

        def _end(self, number: int, _frame: FrameType | None) -> None:
            self._show()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

        def _stopped(self, number: int, _frame: FrameType | None) -> None:
            self._show()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)  # the process stops here, until it is continued
            signal.signal(number, self._stopped)
            self._hide()

        def _continued(self, _number: int, _frame: FrameType | None) -> None:
            self._hide()
            self._send("\n" + self._question)

    class _Signals:
        """Hold a pipe that a signal makes readable.

        Python runs a handler between two instructions. Without the pipe, a signal between the last instruction and the
        system call that waits would be handled after the next key.
        """

        def __init__(self) -> None:
            self._ends: tuple[int, int] | None = None
            self._before = -1

        def open(self) -> None:
            ends = os.pipe()
            for end in ends:
                os.set_blocking(end, False)
            try:
                self._before = signal.set_wakeup_fd(ends[1], warn_on_full_buffer=False)
            except ValueError:  # only the main thread may do this, and only it asks
                for end in ends:
                    os.close(end)
            else:
                self._ends = ends

        def close(self) -> None:
            if self._ends is None:
                return
            signal.set_wakeup_fd(self._before)
            for end in self._ends:
                os.close(end)
            self._ends = None

        def wait_for(self, descriptor: int, seconds: float | None) -> bool:
            """Wait until `descriptor` is readable. Return False if it is not after `seconds`."""
            watched = [descriptor] if self._ends is None else [descriptor, self._ends[0]]
            end = None if seconds is None else time.monotonic() + seconds
            while True:
                left = None if end is None else max(0.0, end - time.monotonic())
                ready = select.select(watched, [], [], left)[0]
                if descriptor in ready:
                    return True
                if not ready:
                    return False
                os.read(watched[1], 4096)

    def _open_descriptor() -> tuple[int, bool]:
        """Return the terminal's descriptor, and True if it was opened here."""
        try:
            return os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC), True
        except OSError:
            if sys.stdin is not None and sys.stdin.isatty():
                return sys.stdin.fileno(), False
            raise _cannot_hide() from None

    def _knows_paste() -> bool:
        return os.environ.get("TERM", "") not in ("", "dumb")
