"""What changes a real vault from the Secrets tab: rename, history, bulk work, expiry, undo."""

from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import FILES, Open, screen_text, see, stored, unlocked, until

from strongroom.errors import StrongroomError
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows.expected import Saved
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom.workspace.rename_transaction import RenameTransaction
from strongroom.workspace.renaming import plan_rename
from strongroom_tui.dialogs.history import History
from strongroom_tui.dialogs.rename import Rename
from strongroom_tui.widgets.line_view import LineView

SIZE = (80, 24)


async def test_renaming_shows_each_line_and_changes_vault_and_files_together_and_back(
    opened: Open, vault_file: Path, site: Path
) -> None:
    before = {file: (site / file).read_bytes() for file in FILES}
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("R")
        await dialog(app, Rename)
        await see(app, "3 lines in 3 files will change with it:")
        await see(app, "widgets/a/connectors.json:")
        await pilot.press(*["backspace"] * 9, *"delta")
        await see(app, "get_secret('delta')")
        await pilot.press("ctrl+s")
        await see(app, "renamed alpha_key to delta in the vault and 3 files")
        assert stored(vault_file)["delta"] == "alpha-value-1"
        for file in FILES:
            assert (site / file).read_bytes() == before[file].replace(b"'alpha_key'", b"'delta'")
        await pilot.press("z")
        await see(app, "taken back: renamed")
        assert stored(vault_file)["alpha_key"] == "alpha-value-1"
        assert {file: (site / file).read_bytes() for file in FILES} == before
        await pilot.press("Z")
        await see(app, "done again: renamed")
        assert "delta" in stored(vault_file)
        assert b"get_secret('delta')" in (site / FILES[1]).read_bytes()
        (site / FILES[0]).write_text("{}")  # a file that somebody changed since
        await pilot.press("z")
        await until(lambda: app.undo.last is None)
        assert "delta" in stored(vault_file)
        assert b"get_secret('delta')" in (site / FILES[1]).read_bytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [("al-pha", "Invalid secret name - contains a hyphen"), ("beta_key", "Duplicate secret name")],
)
async def test_a_refused_new_name_is_named_while_it_is_typed_and_changes_nothing(
    opened: Open, vault_file: Path, name: str, words: str
) -> None:
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("R")
        await dialog(app, Rename)
        app.screen.query_one("#name").value = name  # type: ignore[attr-defined]
        await see(app, words)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, Rename)
    assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_the_new_name_is_seen_in_the_lines_on_a_narrow_screen(
    opened: Open, site: Path, size: tuple[int, int]
) -> None:
    deep = site / "a_folder_with_a_long_name" / "another_one"
    deep.mkdir(parents=True)
    (site / "connectors_registry.json").rename(deep / "connectors.json")
    app = opened()
    async with app.run_test(size=size) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("R")
        await dialog(app, Rename)
        app.screen.query_one("#name").value = "omega_key"  # type: ignore[attr-defined]
        await see(app, "'omega_key'")
        lines = app.screen.query_one(LineView)
        assert lines.virtual_size.width <= lines.size.width


async def test_leaving_the_files_says_what_would_break(opened: Open, vault_file: Path, site: Path) -> None:
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("R")
        await dialog(app, Rename)
        app.screen.query_one("#name").value = "delta"  # type: ignore[attr-defined]
        await pilot.press("tab", "right")
        await see(app, "3 lines in 3 files will go on asking for alpha_key")
        await pilot.press("ctrl+s")
        await see(app, "renamed alpha_key to delta")
    assert "delta" in stored(vault_file)
    assert b"'alpha_key'" in (site / FILES[0]).read_bytes()


async def test_a_file_that_cannot_be_written_leaves_the_vault_as_it_was(
    opened: Open, vault_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(change: object) -> None:
        raise StrongroomError("The files cannot be written.", "No file was changed.")

    monkeypatch.setattr(RenameTransaction, "write", refuse)
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("R")
        await dialog(app, Rename)
        app.screen.query_one("#name").value = "delta"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await see(app, "The files cannot be written.")
    assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}


async def test_an_earlier_value_is_looked_at_restored_and_the_restore_taken_back(
    opened: Open, vault_file: Path
) -> None:
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        vault.set("production", "alpha_key", value=SecretValue("alpha-value-2"))
    app = opened(reveal_seconds=30)
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("h")
        await dialog(app, History)
        await see(app, "● current")
        await pilot.press("down", "r")
        await see(app, "alpha-value-1")
        assert "alpha-value-1" not in app.export_screenshot()
        await pilot.press("r")
        await see(app, "alpha-value-1")
        await pilot.press("r")
        await until(lambda: "alpha-value-1" not in screen_text(app))
        await pilot.press("enter")
        await see(app, "restored version 1 of alpha_key")
        assert stored(vault_file)["alpha_key"] == "alpha-value-1"
        await pilot.press("z")
        await see(app, "taken back")
    assert stored(vault_file)["alpha_key"] == "alpha-value-2"


async def test_selected_entries_are_deleted_together_and_come_back_together(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("home", "space", "end", "V")
        await see(app, "3 entries selected")
        await pilot.press("d")
        await see(app, "Delete 3 entries?")
        await see(app, "alpha_key: C")
        await pilot.press("y")
        await see(app, "deleted 3 entries")
        assert stored(vault_file) == {}
        await until(lambda: "selected" not in screen_text(app))
        await pilot.press("z")
        await see(app, "taken back: deleted 3 entries")
    assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}


async def test_what_was_deleted_before_a_refusal_is_told_and_can_be_taken_back(
    opened: Open, vault_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()
    delete = app.session.delete

    def refuse_the_second(community: str, name: str, expected: bytes) -> Saved:
        if name == "beta_key":
            raise StrongroomError("The disk is full.")
        return delete(community, name, expected)

    monkeypatch.setattr(app.session, "delete", refuse_the_second)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        await pilot.press("asterisk", "d")
        await see(app, "Delete 3 entries?")
        await pilot.press("y")
        await see(app, "Stopped after 1 of 3.")
        assert set(stored(vault_file)) == {"beta_key", "gamma_url"}
        await pilot.press("z")
        await see(app, "taken back: deleted 1 entry")
    assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}


async def test_an_expiry_is_given_to_all_selected_as_a_distance_and_taken_back(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("home", "shift+down", "E")
        await see(app, "When do 2 entries expire?")
        await pilot.press(*"1x")
        await see(app, "Not a date")
        await pilot.press("backspace", "0", "d")
        await see(app, "2026-12-03  ! in 10 d")
        await pilot.press("enter")
        await see(app, "2 entries expire 2026-12-03")
        await pilot.press("M")
        await see(app, "2 of 3")
        await pilot.press("escape", "z")
        await see(app, "taken back")
        assert {e.name: e.expires for e in app.snapshot.entries} == {
            "alpha_key": "",
            "beta_key": "2027-01-31",
            "gamma_url": "",
        }


async def test_a_changed_value_note_and_expiry_are_taken_back(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("beta_key")
        await pilot.press("e")
        await see(app, "Edit beta_key")
        await pilot.press(*"other")
        app.screen.query_one("#note").value = "gone"  # type: ignore[attr-defined]
        app.screen.query_one("#expires").value = ""  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await see(app, "✓ saved beta_key")
        assert stored(vault_file)["beta_key"] == "other"
        await pilot.press("z")
        await see(app, "taken back: saved beta_key")
        back = next(e for e in app.snapshot.entries if e.name == "beta_key")
        assert (back.note, back.expires) == ("kept", "2027-01-31")
    assert stored(vault_file)["beta_key"] == "beta-value-1"


async def test_a_made_up_value_is_saved_and_never_shown(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("n")
        await see(app, "New · production")
        await pilot.press(*"made", "ctrl+g")
        await see(app, "40 characters, about 238 bits")
        await pilot.press("up")
        await see(app, "6 words, about 96 bits")
        await pilot.press("enter")
        await until(lambda: not app.screen.query_one("#value").buffer.is_empty)  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await see(app, "✓ added made")
        made = stored(vault_file)["made"]
        assert len(made) == 6 * 5 + 5
        assert made not in screen_text(app)
        await pilot.press("z")
        await see(app, "taken back: added made")
    assert "made" not in stored(vault_file)


async def test_nothing_done_is_nothing_to_take_back(opened: Open) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("z")
        await see(app, "nothing to take back")


async def test_a_rename_that_was_interrupted_is_ended_before_the_next_one(
    opened: Open, vault_file: Path, site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    files = plan_rename([str(site / file) for file in FILES], "alpha_key", "delta").files
    change = RenameTransaction.begin(str(vault_file), "production", "alpha_key", "delta", files)
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        vault.rename("production", "alpha_key", "delta")
    assert change._note is not None
    change._note.close(keep=True)  # as a kill would leave it
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("delta")
        await pilot.press("R")
        await until(
            lambda: any("was finished in 3 of 3 files" in note.message for note in app._notifications)
        )
    for file in FILES:
        assert b"'delta'" in (site / file).read_bytes()
