"""Ask a person, and read values from standard input.

No value comes from arguments.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Final

from strongroom.errors import StrongroomError
from strongroom.text.phrases import counted
from strongroom.values.secret_value import SecretValue
from strongroom_cli.terminal.messages import say

if TYPE_CHECKING:
    from strongroom.store.vault import Vault

TRIES: Final = 3
"""The number of tries for one question, as in sudo, gpg and ssh."""


def has_terminal() -> bool:
    """Return True if the person who runs the command can be asked on standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def can_ask_for_passphrase() -> bool:
    """Return True if a passphrase can be asked for.

    Standard input may have a value, beside a terminal.
    """
    if has_terminal():
        return True
    try:
        # Hidden prompts read from this file. It opens only if the process has a controlling terminal.
        with open("/dev/tty", "rb"):
            return True
    except OSError:
        return False


def passphrase_prompt(whose: str = "") -> Callable[[], SecretValue]:
    """Return a prompt for an existing passphrase that asks again after a wrong one.

    `whose` names the thing that the passphrase opens ("the bundle b.strongroom"), by default the user's
    vault.
    """
    asked = False

    def prompt() -> SecretValue:
        nonlocal asked
        if asked:
            print("That passphrase does not open it. Try again.", file=sys.stderr)
        asked = True
        return ask_hidden(f"Passphrase of {whose}: " if whose else "Passphrase: ")

    return prompt


def ask_passphrase() -> SecretValue:
    """Ask once for the passphrase of the user's own vault."""
    return passphrase_prompt()()


def ask_hidden(prompt: str) -> SecretValue:
    """Return the text that is typed at `prompt`. It is not shown."""
    from strongroom_cli.terminal import hidden

    with hidden.open_terminal() as terminal:
        return SecretValue(hidden.ask(terminal, prompt))


def ask_new_passphrase(whose: str = "") -> SecretValue:
    """Ask twice for a new passphrase, and warn about a weak one."""
    from strongroom.store.keys.passphrases import weakness

    what = f"New passphrase of {whose}: " if whose else "New passphrase: "
    passphrase = _twice(what, "The passphrases differ.")
    if reason := weakness(passphrase):
        say(
            f"This passphrase is weak: {reason}.",
            "Anybody who has the file can try it. Several unrelated words are better.",
        )
    return passphrase


def read_value(what: str, exact: bool) -> SecretValue:
    """Return a value.

    On a terminal it is typed twice at a hidden prompt. Else it is all of standard input. One final line break of
    standard input is left out (`echo` and editors add it), unless `exact`. Notes on standard error name unusual parts
    of the value that are hard to see. Raises `StrongroomError` for bytes that are not UTF-8 text.
    """
    if has_terminal():
        print(
            "Type or paste the value: it is not shown. Lines that are pasted stay together; Enter ends it.",
            file=sys.stderr,
        )
        return _with_notes(_twice(f"Value of {what}: ", "The two values differ."))
    data = standard_input().read()
    if not exact:
        data = data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data
    try:
        return _with_notes(SecretValue(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        # The error's own message is not used, because it quotes the byte.
        kind = " It looks like UTF-16." if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        raise StrongroomError(
            f"The value is not UTF-8 text (at byte {error.start}).{kind}",
            "Save text as UTF-8; encode binary values, as base64 does.",
        ) from None


def standard_input() -> BinaryIO:
    """Return standard input as bytes.

    Raises `StrongroomError` if the process has none (`<&-`).
    """
    if sys.stdin is None:
        raise StrongroomError("Standard input is closed.", "Name a file with: < FILE")
    return sys.stdin.buffer


def saved_size(value: SecretValue) -> str:
    """Return the size of a saved value: "saved: 1,704 characters, 28 lines"."""
    text = value.reveal()
    lines = text.removesuffix("\n").count("\n") + 1
    return f"saved: {counted(len(text), 'character')}, {counted(lines, 'line')}"


def confirm(question: str, flag: str) -> bool:
    """Ask yes or no.

    Without a terminal, raise `StrongroomError` with the flag that answers.
    """
    if not has_terminal():
        raise StrongroomError(f"{question} Nobody can answer without a terminal.", f"Give {flag} to do it.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return read_line().strip().lower() in ("y", "yes")


def say_notices(vault: "Vault") -> None:
    """Say the vault's notices, which need no answer."""
    for notice in vault.notices:
        say(notice)


def heed_warnings(vault: "Vault") -> None:
    """Ask about an older or another file in the vault's place.

    Without a yes, close the vault and raise.
    """
    acceptable = all(concern.can_be_accepted for concern in vault.warnings)
    if acceptable and has_terminal():
        for concern in vault.warnings:
            say(concern.message, concern.way_out)
        if confirm("Is this file the right one?", "--accept"):
            vault.accept_warnings()
            return
        vault.close()
        raise StrongroomError("Nothing was done.", "Put the newest file back, or restore a backup.")
    vault.close()
    message = " ".join(concern.message for concern in vault.warnings)
    if acceptable:
        raise StrongroomError(message, "If this file is the right one, run: strongroom vault verify --accept")
    raise StrongroomError(message, vault.warnings[0].way_out)


def read_line() -> str:
    """Return one line of standard input as UTF-8. Other bytes are replaced."""
    return sys.stdin.buffer.readline().decode("utf-8", "replace") if sys.stdin is not None else ""


def _with_notes(value: SecretValue) -> SecretValue:
    from strongroom.values.notes import notes

    for note in notes(value):
        say(f"Note: the value {note}.")
    return value


def _twice(prompt: str, differ: str) -> SecretValue:
    from strongroom_cli.terminal import hidden

    with hidden.open_terminal() as terminal:
        for left in reversed(range(TRIES)):
            first = SecretValue(hidden.ask(terminal, prompt))
            if first == SecretValue(hidden.ask(terminal, "Again: ")):
                return first
            hidden.discard(terminal)
            if left:
                terminal.write(f"{differ} Type both again.\n")
    raise StrongroomError(differ, "Nothing was changed. Do it again, or pass a value on standard input.")


NEVER_FROM_ARGUMENTS = (
    "A secret's value is never taken from the command line, where the shell's history and the list of "
    "processes show it."
)


def refuse_value(command: str) -> StrongroomError:
    """Return the error for a value among the arguments. It does not repeat the value."""
    return StrongroomError(
        NEVER_FROM_ARGUMENTS,
        f"Run `strongroom {command} NAME` and type it at the prompt, or pass it on standard input: "
        f"`strongroom {command} NAME < FILE`. If it is a real one, remove it from the shell's history"
        f"{' (' + shell_history() + ')' if shell_history() else ''}.",
    )


def shell_history() -> str:
    """Return the path of the shell's history, or ""."""
    return os.environ.get("HISTFILE", "")
