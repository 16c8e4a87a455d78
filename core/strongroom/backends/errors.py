"""Name what can go wrong with an engine that many machines share."""

# ruff: noqa: N818  # named for what a person meets, as a sentence would name it

from strongroom.errors import StrongroomError


class BackendError(StrongroomError):
    """Report something about an engine."""


class Unreachable(BackendError):
    """Report that an engine does not answer.

    The names that were read before are still known.
    """


class AccessRefused(BackendError):
    """Report that the engine answered, and that the token may not do this."""


class LoginNeeded(BackendError):
    """Report that no token is known, or that the engine refuses the known one."""


class LibraryMissing(BackendError):
    """Report that the library for an engine is not installed."""


class NotFound(BackendError):
    """Report that the engine has nothing of this name."""


class Conflict(BackendError):
    """Report that the engine's state is no longer the one that a request is about."""
