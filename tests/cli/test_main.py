"""How a run ends: the statuses, the sentences, and what is kept of a fault."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.validator import RULES
from strongroom_cli import main as entry
from strongroom_cli.rules import index_page, page_files, rule_page

ROOT = Path(__file__).parents[2]


def test_help_lists_every_command_and_imports_none(strongroom) -> None:
    ran = strongroom("--help")
    assert ran.status == 0
    for command in (
        "check",
        "names",
        "secret",
        "variable",
        "community",
        "vault",
        "test",
        "rules",
        "doctor",
        "demo",
        "lsp",
    ):
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize(
    "command", ["check", "secret", "vault", "test", "rules", "names", "demo", "lsp", "doctor"]
)
def test_every_command_has_help(strongroom, command: str) -> None:
    ran = strongroom(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert "Usage: strongroom" in ran.out


def test_the_help_of_check_is_made_from_the_options_that_it_reads(strongroom) -> None:
    from strongroom_cli.check.table import CHECK

    shown = strongroom("check", "--help").out
    assert all(option.name in shown for option in CHECK.options)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chekc"], 'No command is named "chekc". Did you mean "check"?'),
        (["secret", "lsit"], 'No command is named "lsit". Did you mean "list"?'),
        (["secret", "list", "--fromat", "json"], 'No option is named --fromat. Did you mean "--format"?'),
        (["doctor", "surplus-value"], "There are more arguments than this command takes."),
        (["--vault"], "--vault needs a value"),
        (["rules", "secret-qoutes"], 'Did you mean "secret-quotes"?'),
    ],
)
def test_bad_usage_ends_with_two(strongroom, arguments: list[str], says: str) -> None:
    ran = strongroom(*arguments)
    assert ran.status == 2
    assert says in " ".join(ran.err.split())
    assert "surplus-value" not in ran.err


@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_a_screen_without_a_terminal_ends_in_one_clear_sentence(strongroom, arguments: list[str]) -> None:
    ran = strongroom(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "terminal" in ran.err
    assert "Traceback" not in ran.err


def test_a_mistake_in_the_settings_ends_every_command_in_a_sentence(strongroom) -> None:
    strongroom.write("strongroom.toml", 'comunity = "x"\n')
    strongroom.write("connectors.json", "{}")
    for line in (("check",), ("names",), ("secret", "list")):
        ran = strongroom(*line)
        assert ran.status == 2
        assert 'Did you mean "community"?' in ran.err


def test_an_error_of_ours_shows_its_message_and_the_way_out(monkeypatch, capsys) -> None:
    def fail(_arguments):
        raise StrongroomError("It \x1b[2J failed.", "Do that.")

    monkeypatch.setattr(entry, "_run", fail)
    assert entry.main(["check"]) == 2
    assert capsys.readouterr().err == "strongroom: It ␛[2J failed.\n  Do that.\n"


def test_a_fault_leaves_a_crash_report_without_any_value(monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def fail(_arguments):
        secret = "canary-value"
        raise ValueError(f"bad {secret}")

    monkeypatch.setattr(entry, "_run", fail)
    assert entry.main(["secret", "canary-value"]) == 70
    (file,) = (tmp_path / "strongroom").glob("crash-*.txt")
    said = capsys.readouterr().err
    assert str(file) in said
    text = file.read_text()
    assert "builtins.ValueError" in text
    assert "during: command secret" in text
    assert " in main" in text
    assert "canary" not in text + said
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="signals are different on Windows")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_demo_that_is_interrupted_or_killed_cleans_up(strongroom, number: int, status: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "strongroom_cli", "demo", "--print"],
        cwd=strongroom.folder,
        env={**strongroom.environment, "TMPDIR": str(strongroom.folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # Its last line says that it waits.
        while not process.stdout.readline().startswith("cd "):
            assert process.poll() is None
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(timeout=30) == status
    assert said.strip() == ""
    assert not list(strongroom.folder.glob("strongroom-demo-*"))


def test_the_catalogue_of_rules_for_people_and_programs(strongroom) -> None:

    ran = strongroom("rules")
    assert ran.status == 0
    assert all(f"\n{name} " in ran.out for name in RULES)
    listed = json.loads(strongroom("rules", "--format", "json").out)
    assert {entry["name"] for entry in listed} == set(RULES)
    page = strongroom("rules", "secret-quotes")
    assert page.out.startswith(
        "# secret-quotes\n\nSeverity: warning (a documented mistake, or a leak). Fix: see"
    )


def test_the_pages_of_the_rules_are_up_to_date() -> None:
    folder = ROOT / "docs" / "rules"
    written = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    assert written == page_files(), "run `make pages`"


def test_the_documentation_has_a_page_for_each_rule_and_an_index():
    files = page_files()
    assert set(files) == {"README.md", *(f"{name}.md" for name in RULES)}
    assert files["secret-quotes.md"].startswith(
        "# secret-quotes\n\nSeverity: warning (a documented mistake, or a leak). Fix: see [Fix safety](#fix-safety).\n"
    )
    assert rule_page(RULES["json-syntax"]) == files["json-syntax.md"]
    assert all(f"[`{name}`]({name}.md)" in index_page() for name in RULES)


def test_the_page_about_the_command_line_names_every_command_and_option() -> None:
    import click

    from strongroom_cli.commands import commands

    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")

    def walk(command: click.Command, name: str) -> None:
        assert name in page, f"put `{name}` into docs/command-line.md"
        for parameter in command.params:
            if (
                isinstance(parameter, click.Option)
                and not parameter.hidden
                and "--version" not in parameter.opts
            ):
                assert parameter.opts[0] in page, (
                    f"put {parameter.opts[0]} of `{name}` into docs/command-line.md"
                )
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                assert found is not None
                walk(found, f"{name} {below}")

    walk(commands, "strongroom")


def test_the_demo_prints_an_environment_in_which_commands_work(strongroom) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "strongroom_cli", "demo", "--print"],
        cwd=strongroom.folder,
        env={**strongroom.environment, "TMPDIR": str(strongroom.folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines = []
        while not lines or not lines[-1].startswith("cd "):
            line = process.stdout.readline()
            assert line, "the demo ended early"
            lines.append(line.rstrip("\n"))
        environment = dict(
            line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export ")
        )
        workspace = lines[-1].removeprefix("cd ")
        strongroom.folder = Path(workspace)
        assert json.loads(strongroom("secret", "list", "--format", "json", environment=environment).out)
        assert strongroom("check", environment=environment).status == 1
        doctor = strongroom("doctor", environment=environment)
        assert doctor.status == 0, doctor.out
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.wait(timeout=30) == 0
    assert not Path(workspace).exists()


def test_doctor_names_what_is_wrong_and_ends_with_one(strongroom) -> None:
    healthy = strongroom("doctor")
    assert healthy.status == 0
    assert "no strongroom.toml" in healthy.out
    strongroom.make_vault("api_key")
    strongroom.write("bad_connectors.json", b"\xff")
    ran = strongroom("doctor", "--format", "json")
    lines = {(line["topic"], line["state"]) for line in json.loads(ran.out)}
    assert ran.status == 1
    assert ("files", "problem") in lines
    assert ("vault", "ok") in lines
    assert ("key", "ok") in lines
    strongroom.key_file.write_text("nonsense")
    assert ("key", "problem") in {
        (line["topic"], line["state"]) for line in json.loads(strongroom("doctor", "--format", "json").out)
    }


@pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")
def test_doctor_names_a_key_file_that_others_may_read_and_the_command_that_closes_it(strongroom) -> None:
    strongroom.make_vault("api_key")
    assert "open to others" not in strongroom("doctor").out
    strongroom.key_file.chmod(0o640)
    ran = strongroom("doctor", "--format", "json")
    (wrong,) = [line for line in json.loads(ran.out) if "open to others" in line["text"]]
    assert ran.status == 1
    assert wrong["topic"] == "key"
    assert wrong["way_out"] == f"Run: chmod 600 {strongroom.key_file}"


def test_a_vault_that_was_just_made_is_no_problem(strongroom) -> None:
    strongroom("vault", "init", "--key-file", str(strongroom.key_file))
    ran = strongroom("doctor")
    assert ran.status == 0, ran.out
    assert "First use makes one" in ran.out


def test_every_note_of_doctor_that_leaves_something_out_says_what_to_do(strongroom) -> None:
    lines = json.loads(strongroom("doctor", "--format", "json").out)
    notes = {line["topic"]: line["way_out"] for line in lines if line["state"] == "note"}
    assert set(notes) == {"settings", "vault", "names", "files"}
    assert all(way_out for topic, way_out in notes.items() if topic != "settings")
