"""Define the one kind of error that a user meets: sentence, way out, exit status.

Every failure a person can cause is raised as a `StrongroomError`, or as a named subclass if a caller needs to
handle one failure apart. The faces show `message` and `way_out` and nothing else: no traceback, no value.
"""

from collections.abc import Iterator


class StrongroomError(Exception):
    """Describe a failure in one plain sentence, with the way out.

    `message` ends with a full stop and never holds a secret's value. `way_out` is a second sentence that names the
    command, flag or file that mends it; it may be empty. `exit_status` is the status with which the command line ends:
    2 is bad usage or unreadable input.
    """

    exit_status = 2

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message} {self.way_out}".rstrip()


def related(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, the members of its groups, and its causes, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        # Tasks that run at the same time fail as a group. The group alone says nothing.
        waiting += current.exceptions if isinstance(current, BaseExceptionGroup) else ()
        waiting += [current.__cause__, current.__context__]
