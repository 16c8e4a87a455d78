"""Run `strongroom` as a child process.

What needs a key or a value happens in the child, never in this process.
"""

import asyncio
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from strongroom import child
from strongroom.errors import StrongroomError
from strongroom_lsp.services import CommandServices

LONGEST: Final = 120.0
"""Seconds after which a child is killed. An external API may take 15 s a step, and a batch has many."""

_PREFIX: Final = "strongroom: "


class EndedChild(NamedTuple):
    """Hold how a child ended."""

    status: int
    out: str
    error: str

    @property
    def sentence(self) -> str:
        """Return the error that the child wrote, as one sentence for a person."""
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        said = [line.removeprefix(_PREFIX) for line in lines if line.startswith(_PREFIX)]
        return next(iter(said or lines), f"strongroom ended with status {self.status}.")


def start(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], stdin: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """Start `strongroom` without a terminal. Raises `StrongroomError`."""
    try:
        # A session of its own has no terminal, so a child that has a question fails.
        return subprocess.Popen(  # noqa: S603
            child.command("strongroom_cli", *arguments),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder if os.path.isdir(folder) else None,
            env=child.environment({"NO_COLOR": "1", **environment}),
            start_new_session=True,
        )
    except OSError as error:
        raise StrongroomError(f"strongroom cannot be started: {error.strerror}.") from error
    except ValueError as error:  # a null character, or half of a pair
        raise StrongroomError("strongroom cannot be started with a character that was given.") from error


_TOO_LONG: Final = f"\nstrongroom took longer than {LONGEST:.0f} s and was stopped.".encode()


class Child:
    """Run one child, and call `on_done` in the loop's thread when it has ended.

    `given` is its standard input.

    `on_done` is also called when the child was stopped.
    """

    def __init__(
        self,
        services: CommandServices,
        arguments: Sequence[str],
        folder: str,
        environment: Mapping[str, str],
        on_done: Callable[[EndedChild], object],
        *,
        given: bytes = b"",
    ) -> None:
        self._services = services
        self._on_done = on_done
        self._given = given
        stdin = subprocess.PIPE if given else subprocess.DEVNULL
        self._process = start(arguments, folder, environment, stdin)
        threading.Thread(target=self._wait, name="child", daemon=True).start()

    def stop(self) -> None:
        """Kill the child."""
        self._process.kill()

    def _wait(self) -> None:
        try:
            out, error = self._process.communicate(self._given or None, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, error = self._process.communicate()
            error += _TOO_LONG
        self._services.call_from_thread(self._on_done, ended_child(self._process, out, error))


async def run_child(
    services: CommandServices,
    arguments: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    *,
    given: bytes = b"",
) -> EndedChild:
    """Run one child to its end, with `given` as its standard input.

    A cancellation kills the child.
    """
    ended: asyncio.Future[EndedChild] = services.loop.create_future()

    def done(how: EndedChild) -> None:
        if not ended.done():
            ended.set_result(how)

    child = Child(services, arguments, folder, environment, done, given=given)
    try:
        return await ended
    finally:
        if not ended.done() or ended.cancelled():
            child.stop()


def ended_child(process: "subprocess.Popen[bytes]", out: bytes, error: bytes) -> EndedChild:
    """Return how a process ended."""
    return EndedChild(process.returncode, out.decode("utf-8", "replace"), error.decode("utf-8", "replace"))
