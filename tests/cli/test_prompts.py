"""What a person at a terminal is asked, on a real pseudo-terminal."""

import os
import select
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses Linux's pseudo-terminals")


def converse(strongroom, arguments: list[str], *turns: tuple[str, str]) -> tuple[int, str]:
    """Run a command line of `strongroom` on a terminal; see `on_terminal`."""
    return on_terminal(strongroom, [sys.executable, "-m", "strongroom_cli", *arguments], *turns)


def on_terminal(strongroom, command: list[str], *turns: tuple[str, str]) -> tuple[int, str]:
    """Run a command on a terminal of its own; for each turn wait for the question and type the answer."""
    import pty

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
        said += data.decode()
        if waiting and waiting[0][0] in said[at:]:
            at = len(said)
            os.write(terminal, waiting.pop(0)[1].encode() + b"\n")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    assert not waiting, said
    return status, said


@pytest.fixture
def vault(strongroom):
    """A command line with an empty vault that a key file opens."""
    strongroom.make_vault()
    return strongroom


def test_a_value_is_typed_twice_and_never_shown(vault) -> None:
    status, said = converse(
        vault,
        ["secret", "add", "api_key", "--community", "c"],
        ("Value of api_key:", "canary-value"),
        ("Again:", "canary-value"),
    )
    assert status == 0, said
    assert "canary" not in said
    assert vault("secret", "show", "api_key", "--reveal").out == "canary-value"


def test_two_different_values_change_nothing(vault) -> None:
    status, said = converse(
        vault, ["secret", "add", "api_key", "--community", "c"], ("Value of", "one"), ("Again:", "other")
    )
    assert status == 2
    assert "differ" in said
    assert vault("community", "list", "--format", "json").out.strip() == "[]"


def test_a_revealed_value_gets_a_line_of_its_own_on_a_terminal(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="canary-value")
    assert converse(vault, ["secret", "show", "api_key", "--reveal"]) == (0, "canary-value\r\n")


def test_a_question_is_answered_with_yes_or_left(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="x")
    status, said = converse(vault, ["secret", "delete", "api_key"], ("[y/N]", ""))
    assert (status, "Nothing was deleted." in said) == (1, True)
    status, said = converse(vault, ["secret", "delete", "api_key"], ("[y/N]", "y"))
    assert (status, "Deleted secret api_key" in said) == (0, True)


def test_a_passphrase_makes_and_opens_a_vault_also_while_a_value_is_piped(strongroom) -> None:
    strongroom.environment.pop("STRONGROOM_KEY_FILE")
    phrase = "correct horse battery"
    status, said = converse(
        strongroom,
        ["vault", "init"],
        ("recovery code as a second way in? [y/N]", "y"),
        ("New passphrase:", phrase),
        ("Again:", phrase),
    )
    assert status == 0, said
    assert "Recovery code, shown only this once" in said
    value = strongroom.write("value.txt", "canary-value\n")
    # The value comes from the file, the passphrase from the terminal.
    shell = f'exec "{sys.executable}" -m strongroom_cli secret add api_key --community c < "{value}"'
    status, said = on_terminal(strongroom, ["/bin/sh", "-c", shell], ("Passphrase:", phrase))
    assert status == 0, said
    assert phrase not in said
    status, said = converse(strongroom, ["secret", "show", "api_key", "--reveal"], ("Passphrase:", phrase))
    assert status == 0
    assert said.endswith("canary-value\r\n")
    status, said = converse(strongroom, ["secret", "show", "api_key"], ("Passphrase:", "wrong"))
    assert status == 2
    assert "passphrase" in said
