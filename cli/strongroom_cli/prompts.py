"""Asking a person, and reading values from standard input. Values never come from arguments."""

import os
import sys

from strongroom.errors import StrongroomError
from strongroom.secret_value import SecretValue


def has_terminal() -> bool:
    """Whether the person who runs the command can be asked on standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def can_ask_for_passphrase() -> bool:
    """Whether a passphrase can be asked for; there may be a terminal while standard input brings a value."""
    if has_terminal():
        return True
    try:
        # What getpass reads from; it is there only when the process has a controlling terminal.
        with open("/dev/tty", "rb"):
            return True
    except OSError:
        return False


def ask_passphrase() -> SecretValue:
    """The passphrase of an existing vault."""
    return SecretValue(_hidden("Passphrase: "))


def ask_hidden(prompt: str) -> SecretValue:
    """What is typed at `prompt`, without showing it."""
    return SecretValue(_hidden(prompt))


def ask_new_passphrase() -> SecretValue:
    """A new passphrase, typed twice."""
    return _twice("New passphrase: ", "The passphrases differ.")


def read_value(what: str, exact: bool) -> SecretValue:
    """A value: from a hidden prompt on a terminal, typed twice; else all of standard input.

    One final line break of standard input is left out (`echo` and editors add it), unless `exact`.
    Raises `StrongroomError` for bytes that are no UTF-8 text.
    """
    if has_terminal():
        return _twice(f"Value of {what}: ", "The two values differ.")
    if sys.stdin is None:
        raise StrongroomError("There is no standard input to read the value from.")
    data = sys.stdin.buffer.read()
    if not exact:
        data = data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data
    try:
        return SecretValue(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        # Not the error's own words: they quote the byte.
        raise StrongroomError(
            f"The value is not UTF-8 text (at byte {error.start}).", "Encode binary values, as base64 does."
        ) from None


def confirm(question: str, flag: str) -> bool:
    """Ask yes or no. Without a terminal raises `StrongroomError`, which names the flag that answers."""
    if not has_terminal():
        raise StrongroomError(f"{question} There is no terminal to answer on.", f"Say {flag} to do it.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _twice(prompt: str, differ: str) -> SecretValue:
    first = SecretValue(_hidden(prompt))
    if first != SecretValue(_hidden("Again: ")):
        raise StrongroomError(differ, "Nothing was changed. Do it again.")
    return first


def _hidden(prompt: str) -> str:
    import warnings
    from getpass import GetPassWarning, getpass

    with warnings.catch_warnings():
        # Where echo cannot be switched off getpass would read the value in clear: better not at all.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass(prompt)
        except GetPassWarning:
            raise StrongroomError(
                "This terminal cannot hide what is typed.", "Pass the value on standard input."
            ) from None
        except EOFError:
            print(file=sys.stderr)
            raise KeyboardInterrupt from None


NEVER_FROM_ARGUMENTS = (
    "A secret's value is never taken from the command line, where the shell's history and the list of "
    "processes show it."
)


def refuse_value(command: str) -> StrongroomError:
    """The error for a value among the arguments; it does not repeat the value."""
    return StrongroomError(
        NEVER_FROM_ARGUMENTS,
        f"Run `strongroom {command} NAME` and type it at the prompt, or pass it on standard input: "
        f"`strongroom {command} NAME < FILE`. If it is a real one, remove it from the shell's history"
        f"{' (' + shell_history() + ')' if shell_history() else ''}.",
    )


def shell_history() -> str:
    """The history file as the shell says it, or ""."""
    return os.environ.get("HISTFILE", "")
