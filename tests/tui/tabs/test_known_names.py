"""What is known of names is one answer: for the Secrets list, the Connectors tree, `check` and the language server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_support import connector, see, until

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.settings.model import Settings
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom.workspace import format_names_file, resolve_names
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.model.connectors.workspace_view import Checks, scan


def make(folder: Path, *names: tuple[str, str]) -> None:
    (folder / "v").mkdir(mode=0o700)
    with Vault.create(folder / "v" / "vault.db", [KeyFile(folder / "v" / "key")]) as vault:
        for community, name in names:
            vault.add(community, name, Kind.SECRET, SecretValue("x"))


def names_file(folder: Path, *, complete: bool = True) -> None:
    text = format_names_file({"default": [Name("cc_id", Kind.SECRET)]}, complete)
    (folder / "strongroom.names.json").write_text(text)


SITUATIONS: dict[str, tuple[Callable[[Path], object], Knowledge, str]] = {
    "no vault": (lambda _: None, Knowledge.NONE, "needed"),
    "a vault without entries": (make, Knowledge.COMPLETE, "✗ missing"),
    "a vault with another name": (
        lambda folder: make(folder, ("default", "a")),
        Knowledge.COMPLETE,
        "✗ missing",
    ),
    "a vault with the name": (lambda folder: make(folder, ("default", "cc_id")), Knowledge.COMPLETE, ""),
    "a names file with the name": (names_file, Knowledge.COMPLETE, ""),
    "an incomplete names file": (lambda folder: names_file(folder, complete=False), Knowledge.PARTIAL, ""),
    "a names file beside an empty vault": (
        lambda folder: (make(folder), names_file(folder)),
        Knowledge.COMPLETE,
        "",
    ),
}


@pytest.fixture(params=SITUATIONS)
def situation(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Knowledge, str]:
    set_up, knowledge, shown = SITUATIONS[request.param]
    registry = {"connectors": [connector("C", "cc_id")]}
    (tmp_path / "connectors_registry.json").write_text(json.dumps(registry))
    set_up(tmp_path)
    return tmp_path, knowledge, shown


def test_the_app_and_the_checker_know_the_same(situation: tuple[Path, Knowledge, str]) -> None:
    folder, knowledge, shown = situation
    vault = str(folder / "v" / "vault.db")
    settings = Settings(str(folder), vault=vault)
    session = VaultSession(vault)
    app_knows = session.known_names(settings, session.snapshot().community)
    session.close()
    checker = resolve_names(settings)
    assert app_knows.knowledge is checker.knowledge is knowledge
    assert app_knows.by_name == checker.by_name
    view = scan(str(folder), Checks.read(settings, app_knows, vault), app_knows)
    found = [f.rule for file in view.files for f in file.findings if "cc_id" in f.message]
    is_missing = view.knowledge is Knowledge.COMPLETE and ("cc_id", Kind.SECRET) in view.missing
    assert bool(found) is is_missing is (shown == "✗ missing")


def test_a_variable_with_a_default_is_not_missing(tmp_path: Path) -> None:
    url = "https://{{ get_variable('%s') | default('a.example.com') }}/%s"
    connectors = [
        {"name": "one", "url": url % ("covered", "x")},
        {"name": "two", "url": url % ("other", "{{ get_variable('other') }}")},
    ]
    (tmp_path / "connectors_registry.json").write_text(json.dumps({"connectors": connectors}))
    names = Names(Knowledge.COMPLETE, {}, "c")
    view = scan(str(tmp_path), Checks.read(Settings(str(tmp_path)), names, "v"), names)
    assert view.missing == (("other", Kind.VARIABLE),)


async def test_the_list_and_the_tree_do_not_contradict_each_other(
    situation: tuple[Path, Knowledge, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, shown = situation
    for name in ("STRONGROOM_KEY_FILE", "STRONGROOM_VAULT", "STRONGROOM_COMMUNITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    app = StrongroomApp(str(folder), VaultSession(str(folder / "v" / "vault.db")), Settings(str(folder)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(lambda: app.workspace.files)
        await pilot.pause()
        rows = (app.secrets_state.row(index) for index in range(len(app.secrets_state)))
        assert ("cc_id" in {row.name for row in rows if row and row.missing}) is bool(shown)
        if shown:
            await see(app, shown)
        await pilot.press("2")
        await see(app, "✗" if shown == "✗ missing" else "✓")


async def test_a_names_file_that_cannot_be_read_makes_no_stored_name_a_needed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    connectors = [connector("C", "cc_id"), connector("D", "other")]
    (tmp_path / "connectors_registry.json").write_text(json.dumps({"connectors": connectors}))
    make(tmp_path, ("default", "cc_id"))
    (tmp_path / "strongroom.names.json").write_text("{")
    app = StrongroomApp(
        str(tmp_path), VaultSession(str(tmp_path / "v" / "vault.db")), Settings(str(tmp_path))
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await until(lambda: app.workspace.files)
        await pilot.pause()
        rows = [app.secrets_state.row(index) for index in range(len(app.secrets_state))]
        assert [(row.name, row.missing) for row in rows if row] == [("cc_id", False)]
