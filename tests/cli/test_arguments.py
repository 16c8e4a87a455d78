"""What is typed where it does not belong: never repeated before it is known to be a name, never dropped.

Every command and every place of an argument is found by walking the tree of commands.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest

from strongroom_cli.check.table import CHECK
from strongroom_cli.commands import COMMANDS, commands
from strongroom_cli.main import main
from strongroom_cli.terminal.click_options import EntryName, ExpiryDate

CANARY = "hunter2secret"
PAIRS = (f"name={CANARY}", f"name:{CANARY}")


class Command(NamedTuple):
    """One command: its words, and what click knows of it."""

    words: tuple[str, ...]
    command: click.Command

    def arguments(self) -> list[click.Argument]:
        return [
            one for one in self.command.params if isinstance(one, click.Argument) and one.name != "surplus"
        ]

    def options(self) -> list[click.Option]:
        return [one for one in self.command.params if isinstance(one, click.Option)]

    def plain(self) -> list[str]:
        """A plausible word for each argument that is needed."""
        return [*self.words, *("api_key" for one in self.arguments() if one.required)]


def walk(words: tuple[str, ...], command: click.Command) -> Iterator[Command]:
    """Every command at and below this one."""
    yield Command(words, command)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from walk((*words, name), below)


EVERY = [found for found in walk((), commands) if found.words]


def named(found: Command) -> str:
    return " ".join(found.words)


@pytest.fixture
def run(strongroom, monkeypatch, capsys):
    """Run a command line in this process, in a workspace with a vault, without a terminal."""
    import io

    strongroom.make_vault("api_key")
    monkeypatch.chdir(strongroom.folder)
    for name in [name for name in os.environ if name.startswith("STRONGROOM_")]:
        monkeypatch.delenv(name)
    for name, value in strongroom.environment.items():
        monkeypatch.setenv(name, value)

    def run(arguments: list[str]) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
        status = main(arguments)
        for made in strongroom.folder.glob(f"*{CANARY}*"):
            # A path that exists is not taken for a value.
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_the_walk_finds_the_commands() -> None:
    assert {found.words[0] for found in EVERY} == set(COMMANDS)
    assert ("vault", "slots", "add") in [found.words for found in EVERY]


def misplaced(found: Command) -> Iterator[list[str]]:
    """Command lines in which a value stands where something else belongs."""
    words, plain = list(found.words), found.plain()
    for value in (*PAIRS, CANARY):
        yield [*plain, f"--{value}"]
        yield [*plain, f"-{value}"]
        yield [*words, f"--{value}", *plain[len(words) :]]
        if not any(one.nargs == -1 for one in found.command.params if isinstance(one, click.Argument)):
            yield [*plain, *("more" for one in found.arguments() if not one.required), value]
        if isinstance(found.command, click.Group):
            yield [*words, value]
    for number, argument in enumerate(found.arguments()):
        values = [*PAIRS, f"{CANARY}!", f"9{CANARY}", f"{CANARY} {CANARY}"] if is_closed(argument) else PAIRS
        for value in values:
            line = list(plain)
            line[len(words) + number : len(words) + number + 1] = [value]
            yield line
    for option in found.options():
        name = max(option.opts, key=len)
        if option.is_flag or option.count:
            yield [*plain, f"{name}={CANARY}"]
            continue
        for value in (*PAIRS, CANARY) if is_closed(option) else PAIRS:
            yield [*plain, name, *[value] * option.nargs]
            if option.nargs == 1:
                yield [*plain, f"{name}={value}"]


def is_closed(parameter: click.Parameter) -> bool:
    """Whether it takes only values of a form, so that what does not have it is never repeated."""
    return isinstance(parameter.type, click.Choice | click.IntRange | EntryName | ExpiryDate)


# Where these words are right, the command would run: a language server, an app, a server of samples.
RUNNING = {"lsp", "demo"}


@pytest.mark.parametrize("found", [one for one in EVERY if one.words[0] != "check"], ids=named)
def test_a_value_in_a_wrong_place_is_never_repeated(found: Command, run) -> None:
    tried = 0
    for line in misplaced(found):
        if found.words[0] in RUNNING and "path" in " ".join(line):
            continue
        status, said = run(line)
        assert status in (0, 1, 2), (line, said)
        # What was accepted is a name now: a new community may have any.
        assert CANARY not in said or status == 0, (line, said)
        tried += 1
    assert tried > 3


@pytest.mark.parametrize("option", ["", *(option.name for option in CHECK.options)])
def test_a_value_in_a_wrong_place_of_check_is_never_repeated(option: str, run) -> None:
    for value in (*PAIRS, f"--{CANARY}", f"--{CANARY}=x"):
        status, said = run(["check", *filter(None, [option]), value])
        assert status in (0, 2)
        assert CANARY not in said or status == 0, said
    for name in ("--format", "--fix", "--select", "--ignore"):
        _, said = run(["check", f"{name}={CANARY}"])
        assert CANARY not in said, said


@pytest.mark.parametrize("value", [CANARY, *PAIRS, f"--{CANARY}", f"-{CANARY}", f"--vaul={CANARY}"])
def test_a_value_in_the_place_of_a_command_is_never_repeated(value: str, run) -> None:
    status, said = run([value])
    assert status == 2
    assert CANARY not in said, said


def test_a_name_with_a_value_says_how_it_is_meant(run) -> None:
    for action in ("add", "set", "show", "delete", "history"):
        status, said = run(["secret", action, f"api_key={CANARY}"])
        assert status == 2
        assert '"api_key=…" has an equals sign' in said
        assert "Give only the name, api_key" in said


def test_a_mistyped_word_is_still_repeated_with_what_was_meant(run) -> None:
    assert 'No command is named "secrte". Did you mean "secret"?' in flat(run(["secrte"]))
    assert 'No command is named "lsit". Did you mean "list"?' in flat(run(["secret", "lsit"]))
    assert 'No option is named --comunity. Did you mean "--community"?' in flat(
        run(["secret", "list", "--comunity", "c"])
    )
    assert 'has no secret "api_kye". Did you mean "api_key"?' in flat(run(["secret", "show", "api_kye"]))


def flat(ran: tuple[int, str]) -> str:
    assert ran[0] == 2
    return re.sub(r"\s+", " ", ran[1])


def lines_with_an_option_twice(found: Command) -> Iterator[tuple[str, list[str]]]:
    plain = found.plain()
    for option in found.options():
        if option.multiple or option.count:
            continue
        name = max(option.opts, key=len)
        values = ["1", "2"][: option.nargs] if not option.is_flag else []
        yield name, [*plain, name, *values, name, *values]
        if values and option.nargs == 1:
            yield name, [*plain, f"{name}=1", name, "2"]
        for other in option.secondary_opts:
            yield name, [*plain, name, other]


REPEATED = [
    (found, *line)
    for found in EVERY
    if found.words[0] != "check"
    for line in lines_with_an_option_twice(found)
]


@pytest.mark.parametrize(("found", "name", "line"), REPEATED, ids=[" ".join(line) for _, _, line in REPEATED])
def test_an_option_with_one_value_that_is_given_again_is_an_error(found, name, line, run) -> None:
    status, said = run(line)
    assert (status, f"{name} was given more than once." in said) == (2, True), said


@pytest.mark.parametrize(
    "option", [option for option in CHECK.options if not option.many], ids=lambda o: o.name
)
def test_an_option_of_check_that_is_given_again_is_an_error(option, run) -> None:
    values = [option.choices[0]] if option.choices else ["x"] if option.metavar else []
    status, said = run(["check", option.name, *values, option.name, *values])
    assert (status, f"{option.name} was given more than once." in said) == (2, True), said


@pytest.mark.parametrize("line", [["--vault", "a", "--vault=b"], ["--key-file=a", "--key-file", "b"]])
def test_an_option_before_the_command_that_is_given_again_is_an_error(line: list[str], run) -> None:
    status, said = run([*line, "secret", "list"])
    assert (status, "was given more than once." in said) == (2, True), said


def test_an_option_of_a_group_is_not_lost_before_a_command_of_it(run) -> None:
    status, said = run(["names", "--community", "production", "export", "-"])
    assert status == 2
    assert "--community before `export` would be lost." in said


@pytest.mark.parametrize(
    "line",
    [
        ["secret", "import", "x.env", "--kind-of", "api_key=secret", "--kind-of", "api_key=variable"],
        ["test", "orders", "--query", "a=1", "--query", "a=2"],
        ["test", "orders", "--path-param", "id=1", "--path-param", "id=2"],
    ],
    ids=" ".join,
)
def test_a_key_that_is_given_again_in_a_list_is_an_error(line: list[str], run) -> None:
    status, said = run(line)
    assert (status, f"{line[-2]} {line[-1].partition('=')[0]} was given more than once." in said) == (
        2,
        True,
    ), said


CLOSED = [
    ["secret", "import", "-", "--from", "env"],
    ["secret", "set", "api_key"],
    ["secret", "delete", "api_key"],
]


@pytest.mark.skipif(os.name == "nt", reason="closed by a shell")
@pytest.mark.parametrize("line", CLOSED, ids=" ".join)
def test_a_closed_standard_input_ends_in_a_sentence(line: list[str], strongroom) -> None:
    strongroom.make_vault("api_key")
    closed = ["sh", "-c", 'exec "$0" -m strongroom_cli "$@" <&-', sys.executable]
    ran = subprocess.run(
        [*closed, *line, "--community", "production"],
        cwd=strongroom.folder,
        env=strongroom.environment,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 2), ran.stderr
