"""The canary: marked secrets in every place, every command driven, and the marks found nowhere.

`secret show --reveal` and `secret export --plain` are what a person asks for values with, and are left out.
"""

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from end_to_end.canary_support import MARK, PLAIN, World, forms
from strongroom_cli.main import main


@pytest.fixture
def drive(
    world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Runs one command line, looks through its output and every file, and gives its status and output."""

    def run(*arguments: str, given: str = "") -> tuple[int, str]:
        import io

        stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", stdin)
        status = main(list(arguments))
        out, err = capfd.readouterr()
        world.search.expect_nothing(f"the output of {' '.join(arguments)}", out)
        world.search.expect_nothing(f"the errors of {' '.join(arguments)}", err)
        assert status in (0, 1, 2), (arguments, status, err)
        return status, out

    return run


def look_through(world: World) -> None:
    found = world.search.in_files(world.folder)
    assert not found, found


def test_test_runs_leak_nothing_in_any_mode(world: World, drive: Callable[..., Any]) -> None:
    status, out = drive("test", "--all", "--verbose", "--record")
    assert status == 1
    assert "PASS key-in-header" in out or "tests passed" in out
    _, shown = drive("test", "--all", "--json", "--junit", "out.xml")
    results = json.loads(shown)
    assert len(results) == 29
    passed = [result["test"] for result in results if result["passed"]]
    # The places are really used: these calls were made with values, and were answered.
    assert passed == [
        "key-in-header",
        "key-in-query",
        "grant",
        "signed",
        "bearer",
        "misplaced-answer",
        "missing-name",
        "steps",
    ]
    assert all(
        result["echoes"] for result in results if result["test"] in ("key-in-header", "grant", "steps")
    )
    drive("test", "--all", "--replay")
    for mode in (["--dry-run"], ["--dry-run", "--json"], ["--curl"], ["--curl", "--json"]):
        drive("test", "--all", *mode)
    captured = list((world.workspace / ".strongroom/captures").iterdir())
    assert len(captured) == 2 * 29
    look_through(world)


def test_single_runs_and_their_history_leak_nothing(world: World, drive: Callable[..., Any]) -> None:
    (world.workspace / "connectors.tests.toml").unlink()
    registry = json.loads((world.workspace / "connectors_registry.json").read_text())
    for connector in [*registry["connectors"], *registry["composite_connectors"]]:
        drive("test", connector["permalink"], "--query", "city=x", "--verbose")
    drive("test", "--history")
    drive("test", "--history", "--json")
    for pair in (("1", "2"), ("4", "9"), ("20", "12")):
        drive("test", "--compare", *pair)
        drive("test", "--compare", *pair, "--json")
    look_through(world)


def test_every_other_command_leaks_nothing(world: World, drive: Callable[..., Any], capfd: Any) -> None:
    for form in ("text", "json", "sarif", "github", "junit"):
        drive("check", "--format", form)
    drive("check", "--diff")
    drive("check", "--write-baseline", "baseline.json")
    for line in (
        "names", "names --format json", "names export names.json", "rules", "doctor", "doctor --format json",
        "secret list", "secret list --format json", "secret show s_header", "secret show s_pem", "secret history s_old",
        "secret history s_old --format json", "secret restore s_old 1", "secret rename s_old s_older",
        "secret show nothing", "secret add s_header --community acme", "secret delete s_unused --yes",
        "variable list", "variable show host", "variable show s_header", "variable add s_header",
        "community list", "community list --format json", "community rename acme acme2", "community rename acme2 acme",
        "vault status", "vault verify", "vault slots", "vault identity", "vault backup ../backup.db",
        "vault restore ../backup.db --yes", "vault rotate --yes", "vault lock",
    ):  # fmt: skip
        given = world.values["s_header"] if " add " in line else ""
        drive(*line.split(), given=given)
    drive("secret", "set", "s_header", given=world.values["s_query"])
    drive("secret", "add", "another", given=world.values["s_query"])
    (world.folder / "pass").write_text("a passphrase that is long enough\n")
    status, out = drive("secret", "export", "../bundle.txt", "--passphrase-file", "../pass")
    assert status == 0, out
    drive("secret", "import", "../bundle.txt", "--passphrase-file", "../pass", "--dry-run")
    _, identity = drive("vault", "identity")
    (world.workspace / "strongroom.recipients").write_text(
        f'[people]\nme = "{identity.strip()}"\n[communities]\nacme = "me"\n'
    )
    status, out = drive("bundle", "seal", "../b.strongroom", "--community", "acme")
    assert status == 0, out
    drive("secret", "set", "s_query", given=world.values["s_header"])
    for line in (
        "open ../b.strongroom --yes",
        "open ../b.strongroom --community x --yes --format json",
        "check ../b.strongroom",
        "rekey ../b.strongroom",
        "seal ../b.strongroom --replace --community acme",
    ):
        drive("bundle", *line.split())
    drive("vault", "audit")
    outside = world.folder.parent / f"{world.folder.name}-outside"
    outside.mkdir()
    source = outside / "values.env"
    source.write_text(
        "\n".join(f"I_{n}={json.dumps(v)}" for n, v in world.values.items() if n != "s_pem")
        + "\nbroken line "
        + MARK
    )
    for mode in (["--dry-run"], ["--dry-run", "--format", "json"], ["--skip-refused", "--yes"]):
        drive("secret", "import", str(source), "--community", "acme", "--kind", "secret", *mode)
    shutil.rmtree(outside)
    look_through(world)


def test_wrong_usage_with_a_value_in_it_does_not_repeat_it(world: World, drive: Callable[..., Any]) -> None:
    value = world.values["s_header"]
    for line in (
        ["secret", "add", "name", value],
        ["secret", "set", "s_header", value],
        ["variable", "add", "x", "y", value],
    ):
        status, _out = drive(*line)
        assert status == 2
    look_through(world)


def test_a_crash_report_holds_no_value(world: World, capfd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    value = world.values["s_header"]

    def fails(*_arguments: object, **_options: object) -> None:
        secret = value
        raise ExceptionGroup(secret, [KeyError(secret)]) from ValueError(secret)

    monkeypatch.setattr("strongroom_cli.runs.running.run_cases", fails)
    assert main(["test", "--all"]) == 70
    out, err = capfd.readouterr()
    world.search.expect_nothing("the output of a crash", out + err)
    (crash,) = (world.folder / "state").rglob("crash-*.txt")
    assert all(kind in crash.read_text() for kind in ("ExceptionGroup", "KeyError", "ValueError"))
    look_through(world)


def test_the_search_finds_every_form_and_masking_is_what_keeps_it_empty(
    world: World, drive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in forms(MARK) | forms(PLAIN):
        assert world.search.in_bytes(b"before " + form + b" after"), form
    monkeypatch.setattr(
        "strongroom.resolver.masking.echoes.Echoes.masked_bytes", lambda _self, data, _charset: data
    )
    with pytest.raises(AssertionError, match="holds"):
        drive("test", "key-in-header", "--json")
    assert world.search.in_files(world.workspace / ".strongroom")
