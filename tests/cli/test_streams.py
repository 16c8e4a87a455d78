"""Standard streams that are closed, as a daemon or a cron job may leave them: a message at most, never a traceback."""

import subprocess
import sys

import pytest

COMMANDS = [
    ("check",),
    ("check", "--format", "sarif"),
    ("check", "--fix"),
    ("check", "-"),
    ("names",),
    ("secret", "list"),
    ("secret", "add", "other"),
    ("community", "list"),
    ("vault", "status"),
    ("rules",),
    ("doctor",),
    ("--help",),
    ("test", "nothing"),
    ("lsp",),
    (),
]


def run_with(strongroom, closed, arguments):
    """Run a command with these streams closed, by number; gives its status and what it said on the others."""
    code = f"import os; [os.close(number) for number in {closed}]; os.execv({sys.executable!r}, {command(arguments)!r})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=strongroom.folder,
        env=strongroom.environment,
        input=b"a value",
        capture_output=True,
        timeout=60,
        check=False,
    )


def command(arguments):
    return [sys.executable, "-m", "strongroom_cli", *arguments]


@pytest.fixture
def prepared(strongroom):
    strongroom.make_vault("api_key")
    strongroom.write("connectors.json", '{"connectors": []}')
    return strongroom


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_closed_stream_is_never_a_fault_of_the_program(prepared, arguments):
    for closed in ([0], [1], [2], [1, 2], [0, 1, 2]):
        ran = run_with(prepared, closed, arguments)
        assert ran.returncode in (0, 1, 2), (closed, ran)
        assert b"Traceback" not in ran.stderr
        assert b"internal error" not in ran.stderr
    assert not list(prepared.folder.parent.rglob("crash-*"))


@pytest.mark.parametrize("arguments", [("check",), ("rules",), ("names",), ("vault", "status")], ids=" ".join)
def test_an_output_that_is_closed_is_said_and_ends_with_two(prepared, arguments):
    ran = run_with(prepared, [1], arguments)
    assert ran.returncode == 2
    assert b"the output cannot be written: it is closed." in ran.stderr


def test_what_a_command_does_is_done_although_its_output_is_closed(prepared):
    assert run_with(prepared, [1, 2], ("secret", "add", "other", "--community", "production")).returncode == 2
    assert "other" in prepared("secret", "list").out


def test_no_file_that_is_opened_gets_the_number_of_a_closed_stream(prepared):
    before = prepared.vault.read_bytes()[:16]
    run_with(prepared, [0, 1, 2], ("names",))
    run_with(prepared, [0, 1, 2], ("secret", "add", "third", "--community", "production"))
    assert prepared.vault.read_bytes()[:16] == before == b"SQLite format 3\0"
    assert prepared("vault", "audit").status == 0
