"""Talking with a command on a real pseudo-terminal."""

import os
import select
import sys
import time


def converse(strongroom, arguments: list[str], *turns: tuple[str, str | bytes]) -> tuple[int, str]:
    """Run a command line of `strongroom` on a terminal; see `on_terminal`."""
    return on_terminal(strongroom, [sys.executable, "-m", "strongroom_cli", *arguments], *turns)


def on_terminal(strongroom, command: list[str], *turns: tuple[str, str | bytes]) -> tuple[int, str]:
    """Run a command on a terminal of its own; for each turn wait for the question and type the answer.

    Bytes are typed as they are; a text is followed by Enter.
    """
    import pty
    import signal

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(strongroom.folder)
        os.execve(command[0], command, {**strongroom.environment, "TERM": "xterm"})
    said, at = "", 0
    deadline = time.monotonic() + 60
    waiting = list(turns)
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux's way of saying that the other end is closed
            data = b""
        if not data:
            break
        said += data.decode("utf-8", "replace")
        if waiting and waiting[0][0] in said[at:]:
            at = len(said)
            answer = waiting.pop(0)[1]
            type_all(terminal, answer if isinstance(answer, bytes) else answer.encode() + b"\n")
    else:
        os.kill(pid, signal.SIGKILL)  # a question that nobody answers must not hold up the tests
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    assert not waiting, said
    return status, said


def type_all(terminal: int, data: bytes) -> None:
    """Write all of `data`, however little the terminal takes at once."""
    while data:
        data = data[os.write(terminal, data) :]
