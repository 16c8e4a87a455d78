"""Signals that whoever started the tests ignores, and that children of the tests must not ignore.

A shell starts a background job with SIGINT and SIGQUIT ignored, and `nohup` does the same with SIGHUP. Programs inherit
that, so that a test which interrupts a program would wait for ever.
"""

import signal

_INHERITED = ("SIGINT", "SIGQUIT", "SIGHUP", "SIGTERM", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGCHLD")


def give_children_the_default() -> None:
    """Replace "ignored" by a handler that does nothing: a program that is started gets the default instead."""
    for name in _INHERITED:
        number = getattr(signal, name, None)  # Windows has few of them
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _do_nothing)


def _do_nothing(*_: object) -> None:
    """Let the tests run on, as with the signal ignored."""
