"""What a person at a terminal is asked, on a real pseudo-terminal."""

import sys

import pytest

from terminal_support import converse, on_terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses Linux's pseudo-terminals")


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


def test_two_different_values_are_asked_for_again_and_after_three_times_nothing_was_changed(vault) -> None:
    differing = (("Value of", "one"), ("Again:", "other"))
    command = ["secret", "add", "api_key", "--community", "c"]
    status, said = converse(vault, command, *differing, ("Value of", "canary"), ("Again:", "canary"))
    assert status == 0, said
    assert vault("secret", "show", "api_key", "--reveal").out == "canary"
    vault("community", "delete", "c", "--yes")
    status, said = converse(vault, command, *differing, *differing, *differing)
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
        ("New passphrase:", phrase),
        ("Again:", phrase),
        ("recovery code as a second way in? [y/N]", "y"),
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
    wrong = ("Passphrase:", "wrong")
    status, said = converse(strongroom, ["secret", "show", "api_key"], wrong, wrong, wrong)
    assert status == 2
    assert "The passphrase does not open" in said
    status, said = converse(strongroom, ["secret", "show", "api_key"], wrong, ("Passphrase:", phrase))
    assert status == 0
    assert "That passphrase does not open it. Try again." in said


def test_an_import_asks_after_its_preview_and_a_no_changes_nothing(vault) -> None:
    vault.write(".env", "api_key=canary-value\nbase_url=https://example.com\n")
    arguments = ["secret", "import", ".env", "--community", "c"]
    status, said = converse(vault, arguments, ('Import 2 entries into community "c"? [y/N]', "n"))
    assert (status, "Nothing was imported." in said) == (1, True)
    assert said.index("2 new, 0 changed, 0 same, 0 refused") < said.index("[y/N]")
    assert vault("community", "list", "--format", "json").out.strip() == "[]"
    status, said = converse(vault, arguments, ("[y/N]", "y"))
    assert (status, 'Imported 2 entries into community "c".' in said) == (0, True)
    assert "canary" not in said
    assert vault("secret", "show", "api_key", "--reveal").out == "canary-value"


def test_a_restore_says_what_the_backup_holds_and_asks(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="first-value")
    vault("vault", "backup", "../private/backup.db")
    vault("secret", "set", "api_key", given="second-value")
    arguments = ["vault", "restore", "../private/backup.db"]
    status, said = converse(vault, arguments, ("[y/N]", ""))
    assert (status, "Nothing was restored." in said) == (1, True)
    assert "holds 1 entry of 1 community" in said
    assert vault("secret", "show", "api_key", "--reveal").out == "second-value"
    status, said = converse(vault, arguments, (f'Put it in the place of "{vault.vault}"? [y/N]', "yes"))
    assert (status, "What was there before is kept as" in said) == (0, True)
    assert vault("secret", "show", "api_key", "--reveal").out == "first-value"


def test_an_older_file_in_the_vaults_place_is_asked_about(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="first-value")
    older = vault.vault.read_bytes()
    vault("secret", "set", "api_key", given="second-value")
    vault.vault.write_bytes(older)
    status, said = converse(
        vault, ["secret", "show", "api_key", "--reveal"], ("Is this file the right one? [y/N]", "")
    )
    assert (status, "first-value" in said) == (2, False)
    status, said = converse(vault, ["secret", "show", "api_key", "--reveal"], ("[y/N]", "y"))
    assert (status, said.endswith("first-value\r\n")) == (0, True)
    assert converse(vault, ["secret", "show", "api_key", "--reveal"]) == (0, "first-value\r\n")


def test_an_export_asks_twice_for_its_passphrase_and_an_import_once(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="canary-value")
    twice = (("New passphrase of the bundle:", "correct horse"), ("Again:", "correct horse"))
    status, said = converse(vault, ["secret", "export", "bundle.strongroom"], *twice)
    assert status == 0, said
    status, said = converse(
        vault,
        ["secret", "import", "bundle.strongroom", "--community", "other"],
        ("Passphrase of the bundle bundle.strongroom:", "a wrong one"),
        ("Passphrase of the bundle bundle.strongroom:", "correct horse"),
        ('Take what is of community "c" into "other"? [y/N]', "y"),
        ('Import 1 entry into community "other"? [y/N]', "y"),
    )
    assert status == 0, said
    assert "canary" not in said
    assert "correct" not in said
    assert vault("secret", "show", "api_key", "--community", "other", "--reveal").out == "canary-value"
