"""The commands that only read: read by their tables, without click and through it."""

import pytest

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_cli.commands import run_command
from strongroom_cli.main import main
from strongroom_cli.secrets.quick import COMMANDS, QuickCommand, run_quick

QUICK = [
    ["names"],
    ["names", "--format", "json"],
    ["names", "--community=staging"],
    ["secret", "list"],
    ["secret", "list", "--format=json", "--community", "staging"],
    ["secret", "show", "api_key"],
    ["secret", "show", "--reveal", "api_key"],
    ["secret", "show", "api_key", "--format", "json", "--reveal"],
    ["secret", "show", "--", "api_key"],
    ["secret", "show", "api_key", "--rev"],
    ["secret", "show", "api_key", "--format", "json"],
    ["variable", "list"],
    ["variable", "list", "--format", "json"],
    ["variable", "show", "base_url"],
    ["variable", "show", "base_url", "--format", "json"],
]
REFUSED = [
    ["names", "--community", "nowhere"],
    ["secret", "list", "--community", "nowhere"],
    ["secret", "show", "api_kei"],
    ["secret", "show", "base_url"],
    ["variable", "show", "api_key"],
    ["variable", "show", "base_urls"],
]
MISTAKEN = [
    ["names", "--format", "yaml"],
    ["names", "--format"],
    ["names", "--nonsense"],
    ["names", "surplus", "surplus"],
    ["secret", "show"],
    ["secret", "show", "a", "b"],
    ["secret", "show", "not-a-name"],
    ["secret", "show", "api_key", "--reveal=yes"],
    ["secret", "list", "--format", "text", "--format", "json"],
    ["variable", "list", "surplus"],
]
LEFT_TO_CLICK = [
    ["names", "--help"],
    ["names", "-h"],
    ["names", "export", "-"],
    ["secret"],
    ["secret", "--help"],
    ["secret", "show", "--help"],
    ["secret", "history", "api_key"],
]


@pytest.fixture
def workspace(strongroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the command line, for commands that run in this process."""
    with Vault.create(strongroom.vault, [KeyFile(strongroom.key_file)]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("a value\nof two lines"), note="for the CRM\tü")
        vault.add("prod", "other", Kind.SECRET, SecretValue("x"), expires="2030-01-31")
        vault.add("prod", "base_url", Kind.VARIABLE, SecretValue("https://example.com\n"))
        vault.add("staging", "api_key", Kind.SECRET, SecretValue("staging's"))
        vault.use_community("prod")
    for name, value in strongroom.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(strongroom.folder)


def outcome(run, arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    try:
        status = run(arguments)
    except Exception as error:
        status = f"{type(error).__name__}: {error}"
    out, err = capfd.readouterr()
    return status, out, err


def by_click(arguments: list[str]) -> int:
    return run_command(arguments)


def without_click(arguments: list[str]) -> int:
    assert run_quick(arguments)
    return 0


@pytest.mark.parametrize("arguments", QUICK + REFUSED, ids=" ".join)
def test_both_ways_give_the_same_answer(
    arguments: list[str], workspace: None, capfd: pytest.CaptureFixture[str]
) -> None:
    quick = outcome(without_click, arguments, capfd)
    assert quick == outcome(by_click, arguments, capfd)
    assert (quick[0] == 0) is (arguments in QUICK)
    assert bool(quick[1]) is (arguments in QUICK)


@pytest.mark.parametrize("arguments", MISTAKEN, ids=" ".join)
def test_a_mistake_ends_with_two_and_the_way_out(
    arguments: list[str], workspace: None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(list(arguments)) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize("arguments", LEFT_TO_CLICK, ids=" ".join)
def test_groups_and_help_are_left_to_click(
    arguments: list[str], workspace: None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_quick(arguments) is False
    assert capfd.readouterr() == ("", "")
    assert main(list(arguments)) in (0, 2)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.table.name)
def test_help_is_made_from_the_table(
    command: QuickCommand, workspace: None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.table.name.split(), "--help"]) == 0
    shown = capfd.readouterr().out
    assert command.table.help in " ".join(shown.split())
    for option in command.table.options:
        assert option.name in shown
        assert option.help in " ".join(shown.split())


def test_one_value_is_read_without_looking_at_the_others(
    workspace: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Reading one value costs the same in a vault of any size."""
    from strongroom.store.rows.ledger import Ledger

    def refuse(*_: object) -> None:
        raise AssertionError("all entries were read")

    monkeypatch.setattr(Ledger, "check_entries", refuse)
    assert main(["secret", "show", "api_key", "--reveal"]) == 0
    assert capfd.readouterr().out == "a value\nof two lines"
