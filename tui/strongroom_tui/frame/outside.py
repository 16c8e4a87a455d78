"""Give the terminal to another program or to the shell, and take it back.

The terminal is taken back in any case.

An interrupt (ctrl+c) and a stop (ctrl+z) belong to the program that has the terminal. A signal that ends the app
(SIGTERM, SIGHUP) ends that program first. Without another program each of these signals leaves the app in order, so
that the terminal is as it was before.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole

if TYPE_CHECKING:
    import subprocess

    from textual.app import App

Handler = Callable[[int, FrameType | None], Any] | int | None


def _known(*names: str) -> tuple[int, ...]:
    return tuple(int(getattr(signal, name)) for name in names if hasattr(signal, name))


ENDING: Final = _known("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""The signals that leave the app.

The exit status is 128 and the signal's number.
"""

HANGUP: Final = _known("SIGHUP")

PASSED_ON: Final = _known("SIGTERM", "SIGHUP")
"""The signals that end the program that has the terminal as well."""

NOT_OURS: Final = _known("SIGINT", "SIGQUIT", "SIGTSTP")
"""The keyboard's signals, which are meant for the program that has the terminal."""


_STDIN: Final = 0


class Outside:
    """Do what an app does with its terminal besides drawing on it."""

    def __init__(self, app: "App[Any]", leave: Callable[[int], None]) -> None:
        """Take `leave`, which is called with the number of the signal that ends the app.

        The call is made in the app's loop.
        """
        self._app = app
        self._leave = leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_away = False

    # -- signals ------------------------------------------------------------------

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Let signals end the app in order while it runs. Call it in the main thread."""
        with handled(dict.fromkeys(ENDING, self._end)):
            yield

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if self._loop is None or not self._app.is_running:
            sys.exit(128 + number)
        self._loop.call_soon_threadsafe(self._end_in_loop, number)

    def _end_in_loop(self, number: int) -> None:
        driver = self._app._driver
        if number in HANGUP and driver is not None and not _has_terminal():
            # Nothing reads the output any more: writing would wait for ever.
            driver.write = lambda data: None  # type: ignore[method-assign] # noqa: ARG005
            if hasattr(driver, "_writer_thread"):
                driver._writer_thread = None
        self._leave(number)

    def begin(self) -> None:
        """Begin to follow the signals that stop and continue the app.

        The app has its terminal by then. Textual goes on as after a stop of its own. If something else stopped the
        app, Textual then reads the keys twice.
        """
        self._loop = asyncio.get_running_loop()
        driver = self._app._driver
        if driver is not None and driver.can_suspend:
            for number in _known("SIGTSTP"):
                signal.signal(number, lambda *_: self._in_loop(self.suspend))
            for number in _known("SIGCONT"):
                signal.signal(number, lambda *_: self._in_loop(self._take_back))

    def _in_loop(self, work: Callable[[], object]) -> None:
        if not self._is_away and self._loop is not None:
            self._loop.call_soon_threadsafe(work)

    def _take_back(self) -> None:
        """Set the terminal up again.

        Nobody knows what happened to the terminal while the app was stopped.
        """
        with self.away():
            pass

    # -- leaving the screen -------------------------------------------------------

    @contextmanager
    def away(self) -> Iterator[None]:
        """Leave the terminal to the work inside, and take it back also after an error."""
        failed: BaseException | None = None
        self._is_away = True
        try:
            with self._app.suspend():
                # Textual does not come back if something leaves its own context by an exception.
                try:
                    yield
                except BaseException as error:
                    failed = error
        finally:
            self._is_away = False
        if failed is not None:
            raise failed

    def run(self, command: Sequence[str], way_out: str = "") -> None:
        """Run another program until it ends.

        Raises `StrongroomError` if the program does not start, or fails.
        """
        with self.away():
            run_command(command, way_out)

    def suspend(self) -> bool:
        """Stop, and give the terminal to the shell. Return False if no shell took it."""
        with self.away():
            return stop()

    def edit(self, text: str, command: Callable[[str], list[str]], name: str) -> str:
        """Let another program edit `text` in a private file, and return the new text.

        The file is removed afterwards. `command` returns the program's command for the file's path.
        Raises `StrongroomError`.
        """
        import tempfile

        with tempfile.TemporaryDirectory(prefix="strongroom-", ignore_cleanup_errors=True) as folder:
            path = os.path.join(folder, name)
            try:
                write_whole(path, text.encode(), mode=0o600)
                self.run(command(path))
                with open(path, encoding="utf-8", newline="") as file:
                    edited = file.read()
            except (OSError, UnicodeError) as error:
                raise StrongroomError(
                    f"The edited text cannot be read: {error}.", "What the field held is still there."
                ) from error
        # Editors end the last line; the text had no such end.
        return edited if text.endswith("\n") else edited.removesuffix("\n").removesuffix("\r")


def run_command(command: Sequence[str], way_out: str = "") -> None:
    """Run a program in this terminal until it ends.

    Raises `StrongroomError` if the program does not start, or fails.
    """
    import subprocess

    try:
        process = subprocess.Popen(command)  # noqa: S603 - the person's own editor, or ours
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StrongroomError(f"{command[0]} could not be started: {reason}.", way_out) from error

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)
        before = replaced.get(number)
        if callable(before):
            before(number, None)

    ignored = dict.fromkeys(NOT_OURS, _ignore)
    with handled({**ignored, **dict.fromkeys(PASSED_ON, pass_on)}) as replaced:
        status = _wait(process)
    if status > 0:
        raise StrongroomError(f"{command[0]} ended with status {status}.")
    if status < 0:
        raise StrongroomError(f"{command[0]} was ended by {_signal_name(-status)}.")


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait until `process` ends.

    Because the shell waits for this program only, this program stops together with `process`.
    """
    if not hasattr(os, "WUNTRACED"):
        return process.wait()
    while True:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode
        stop()
        process.send_signal(signal.SIGCONT)


def stop() -> bool:
    """Stop all programs of this terminal until this one is continued in front.

    Return False if nothing was stopped. Because no shell waits then, nobody could continue this program.
    """
    if not hasattr(signal, "SIGTSTP"):
        return False
    went_on: list[int] = []
    with handled({signal.SIGTSTP: signal.SIG_DFL, signal.SIGCONT: lambda number, _: went_on.append(number)}):
        while True:
            had = len(went_on)
            os.kill(0, signal.SIGTSTP)
            if len(went_on) == had or _is_in_front():
                return bool(went_on)


def _is_in_front() -> bool:
    try:
        return os.tcgetpgrp(_STDIN) == os.getpgrp()
    except OSError:
        return True


def _has_terminal() -> bool:
    try:
        os.tcgetpgrp(_STDIN)
    except OSError:
        return False
    return True


@contextmanager
def handled(handlers: Mapping[int, Handler]) -> Iterator[dict[int, Handler]]:
    """Use these signal handlers inside. Yield the handlers that they replace."""
    replaced: dict[int, Handler] = {}
    try:
        for number, handler in handlers.items():
            replaced[number] = signal.signal(number, handler)
        yield replaced
    finally:
        for number, before in replaced.items():
            signal.signal(number, before)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    # Not SIG_IGN: the program that is started would inherit that.
    return


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
