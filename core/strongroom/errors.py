"""The one kind of error a user meets: a sentence, the way out, and an exit status.

Every failure a person can cause is raised as a `StrongroomError` (or a named subclass, where a caller needs to
tell failures apart). The faces show `message` and `way_out` and nothing else: no traceback, no value.
"""


class StrongroomError(Exception):
    """What went wrong, in one plain sentence, and what to do about it.

    `message` ends with a full stop and never holds a secret's value. `way_out` is a second sentence that
    names the command, flag or file that mends it; it may be empty. `exit_status` is what the command line
    ends with (DESIGN, "Command line": 2 is bad usage or unreadable input).
    """

    exit_status = 2

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message} {self.way_out}".rstrip()
