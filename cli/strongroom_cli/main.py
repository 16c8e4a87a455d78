"""Choose the command, run it, and end every run with its exit status.

Exit statuses: 0 clean, 1 findings of severity error or a failed test, 2 bad usage or unreadable input, 70 a
fault of Strongroom itself, 130 on interrupt, 141 when the reader of the output has closed it (`| head`). A
shell counts a program that SIGPIPE ended the same.

Only built-in modules are imported at the top. `check` is started on every save, and imports only the modules
that it uses.
"""

import errno
import sys
from collections.abc import Sequence

INTERRUPTED = 130
UNUSABLE = 2
NOBODY_READS = 141
FAULT = 70

_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO, errno.EBADF)
"""The errors of an output that cannot be written.

The disk is full or broken, or the output is closed.
"""

_LEAVE_NOTHING_BEHIND = ("check", "names", "secret", "variable")
"""Commands after which nothing has to be closed. Their process ends at once."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name) and return its exit status.

    Raises nothing.
    """
    typed = list(sys.argv[1:] if argv is None else argv)
    arguments = list(typed)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from strongroom_cli.terminal.streams import stand_in_for_closed

        stand_in_for_closed()
    _prepare_output()
    try:
        status = _run(arguments)
        sys.stdout.flush()
        if argv is None and arguments and arguments[0] in _LEAVE_NOTHING_BEHIND:
            _end_now(status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return NOBODY_READS
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _drop_output()
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            print(f"strongroom: the output cannot be written: {reason}.", file=sys.stderr)
            return UNUSABLE
        return _explain(error, arguments, typed)
    return status


_QUICK = ("names", "secret", "variable")


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0].startswith("--"):
        from strongroom_cli.terminal.arguments import take_global_options

        take_global_options(arguments)
    if not arguments:
        from strongroom_cli.faces.app import run_app

        return run_app()
    if arguments[0] == "check":
        from strongroom_cli.terminal.arguments import asks_for_help

        if not asks_for_help(arguments):
            import gc

            # Imports make no garbage, and the collector takes a tenth of the start.
            gc.disable()
            from strongroom_cli.check.command import run

            return run(arguments[1:])
    if arguments[0] in _QUICK:
        import gc

        # These make many objects and little garbage, and end at once.
        gc.set_threshold(100_000, 50, 50)
        from strongroom_cli.secrets.quick import run_quick

        if run_quick(arguments):
            return 0
    from strongroom_cli.commands import run_command

    return run_command(arguments)


def _explain(error: Exception, arguments: list[str], typed: list[str]) -> int:
    """Print a user's mistake with the way out, or the path of the crash report.

    Return the exit status.
    """
    from strongroom.errors import StrongroomError
    from strongroom_cli.terminal.messages import say

    if isinstance(error, StrongroomError):
        from strongroom_cli.terminal.arguments import without_values

        say(*(without_values(text, typed) for text in (error.message, error.way_out) if text))
        return error.exit_status
    from strongroom.crash import write_crash
    from strongroom_cli.commands import COMMANDS

    # Of the command line only the command: the words after it may be values.
    command = arguments[0] if arguments and arguments[0] in COMMANDS else "(none)"
    say(write_crash(error, f"command {command}"))
    return FAULT


def _end_now(status: int) -> None:
    """End the process at once.

    Closing the interpreter takes a tenth of the time of a check.
    """
    import os

    sys.stderr.flush()
    os._exit(status)


def _prepare_output() -> None:
    """Make the output write escapes for characters that its encoding does not have."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Drop the text in the output's buffer, so that its write cannot fail again."""
    import os

    # A stream of a test or an embedding program may have no file below it.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
