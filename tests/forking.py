"""Run command lines in forks of one process that has imported the program already.

Each command is a process of its own, with its folder, environment, session and streams. Only the start of Python and
the imports are shared, because they take three quarters of the time of a short command.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 60
"""Longest time of one command. Then it is ended by SIGALRM."""


class ForkServer:
    """Hold the process that is forked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # An interrupt of the tests is theirs alone.
            start_new_session=True,
        )

    def run(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[Path]
    ) -> int:
        """Run `strongroom` with the files `streams` as standard input, output and error. Return its exit status.

        The status of a command that a signal ended is the negative number of the signal.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = [list(arguments), str(folder), dict(environment), [str(stream) for stream in streams]]
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _serve() -> None:
    import strongroom_cli

    for module in pkgutil.walk_packages(strongroom_cli.__path__, "strongroom_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(*json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]) -> None:
    """Be the command, as `python -m strongroom_cli` would be it."""
    from strongroom_cli import __file__ as package
    from strongroom_cli.main import main

    os.setsid()
    signal.alarm(SECONDS)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    encoding = environment["PYTHONIOENCODING"]
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = [str(Path(package).with_name("__main__.py")), *arguments]
    status = 70
    try:
        status = main()
        sys.stdout.flush()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve()
