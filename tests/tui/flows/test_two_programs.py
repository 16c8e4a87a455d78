"""Two programs on one vault: nobody's change is overwritten unseen."""

from pathlib import Path
from typing import Any

import pytest
from dialog_support import dialog
from textual import events
from tui_support import Open, screen_text, see, stored, unlocked

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.conflict import Conflict
from strongroom_tui.dialogs.form import EntryForm

SIZE = (100, 30)
V = SecretValue


def theirs(vault_file: Path) -> Vault:
    """The vault, opened by another program."""
    return Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")])


async def editing(app: StrongroomApp, pilot: Any, name: str = "alpha_key") -> None:
    """The form of an entry, with a new value typed into it."""
    await unlocked(app, pilot)
    app.secrets.go_to(name)
    await pilot.press("e")
    await dialog(app, EntryForm)
    await pilot.press(*"mine")


async def test_a_save_over_another_programs_change_shows_both_and_overwrites_when_told_to(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", V("THEIRS-VALUE"), note="their note")
        await pilot.press("ctrl+s")
        await dialog(app, Conflict)
        await see(app, "It was changed by another program")
        await see(app, "their note")
        assert stored(vault_file)["alpha_key"] == "THEIRS-VALUE"
        assert "THEIRS-VALUE" not in screen_text(app)
        await pilot.press("r")
        await see(app, "THEIRS-VALUE")
        await see(app, "mine")
        assert "THEIRS-VALUE" not in app.export_screenshot()
        await pilot.press("o")
        await see(app, "saved alpha_key")
        assert stored(vault_file)["alpha_key"] == "mine"
        with theirs(vault_file) as other:
            assert other.get_version("production", "alpha_key", 2).reveal() == "THEIRS-VALUE"
            assert other.entries("production")[0].note == "their note"  # nobody here has touched it
        await pilot.press("z")
        await see(app, "taken back: saved alpha_key")
        assert stored(vault_file)["alpha_key"] == "THEIRS-VALUE"


async def test_a_key_that_was_pressed_before_the_choice_was_seen_does_not_answer_it(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", V("THEIRS"))
        for key in ("ctrl+s", "o"):  # in one burst: nothing is waited for between them
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await dialog(app, Conflict)
        await pilot.pause()
        assert isinstance(app.screen, Conflict)
        assert stored(vault_file)["alpha_key"] == "THEIRS"


async def test_their_change_can_be_kept_and_nothing_is_left_to_take_back(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", V("THEIRS"))
        await pilot.press("ctrl+s")
        await dialog(app, Conflict)
        await pilot.press("k")
        await see(app, "alpha_key is left as the other program made it")
        await pilot.press("z")
        await see(app, "nothing to take back")
        assert stored(vault_file)["alpha_key"] == "THEIRS"


async def test_going_back_from_the_choice_keeps_what_was_typed(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", note="theirs")
        await pilot.press("ctrl+s")
        await dialog(app, Conflict)
        await pilot.press("escape")
        form = await dialog(app, EntryForm)
        assert form.editor.buffer.value() == V("mine")
        await see(app, "alpha_key in production was changed by")
        assert stored(vault_file)["alpha_key"] == "alpha-value-1"


@pytest.mark.parametrize("purged", [False, True])
async def test_an_edit_of_what_another_program_deleted_can_be_saved_again(
    opened: Open, vault_file: Path, purged: bool
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.delete("production", "alpha_key")
            if purged:
                other.purge("production", "alpha_key")
        await pilot.press("ctrl+s")
        await see(app, "not there any more")
        await pilot.press("o")
        await see(app, "saved alpha_key")
        assert stored(vault_file)["alpha_key"] == "mine"
        await pilot.press("z")
        await see(app, "taken back: saved")
        assert "alpha_key" not in stored(vault_file)


async def test_a_secret_is_never_saved_over_what_became_a_variable(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        with theirs(vault_file) as other:
            other.delete("production", "alpha_key")
            other.add("production", "alpha_key", Kind.VARIABLE, V("clear"))
        await pilot.press("ctrl+s")
        await see(app, "alpha_key is a variable now")
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, Conflict)
        assert stored(vault_file)["alpha_key"] == "clear"


async def test_an_entry_that_changed_since_it_was_looked_at_is_not_deleted_unseen(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("alpha_key")
        await pilot.press("d")
        await see(app, "Delete alpha_key?")
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", V("theirs"))
        await pilot.press("y")
        await dialog(app, Conflict)
        assert stored(vault_file)["alpha_key"] == "theirs"
        await pilot.press("o")
        await see(app, "deleted alpha_key")
        assert "alpha_key" not in stored(vault_file)


async def test_of_many_only_those_that_are_as_they_were_seen_are_deleted_before_a_second_yes(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("asterisk", "d")
        await see(app, "Delete 3 entries?")
        with theirs(vault_file) as other:
            other.set("production", "beta_key", V("theirs"))
        await pilot.press("y")
        await see(app, "1 of them changed since you looked")
        assert stored(vault_file) == {"beta_key": "theirs"}
        await pilot.press("n")
        await see(app, "deleted 2 entries")
        assert stored(vault_file) == {"beta_key": "theirs"}
        await pilot.press("z")
        await see(app, "taken back: deleted 2 entries")
        assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}


async def test_a_rename_and_an_expiry_ask_too(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        for keys, begins in (("R", "Rename"), ("E", "When does")):
            app.secrets.go_to("beta_key")
            await pilot.press(keys)
            await see(app, begins)
            with theirs(vault_file) as other:
                other.set("production", "beta_key", note=f"theirs {keys}")
            await pilot.press(*(["x", "ctrl+s"] if keys == "R" else ["ctrl+u", *"90d", "enter"]))
            await dialog(app, Conflict)
            await pilot.press("k")
            await see(app, "beta_key is left as the other program made it")
        with theirs(vault_file) as other:
            entry = other.find("production", "beta_key")
            assert entry is not None
            assert (entry.note, entry.expires) == ("theirs E", "2027-01-31")


async def test_undo_leaves_what_another_program_changed_and_says_so(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await editing(app, pilot)
        await pilot.press("ctrl+s")
        await see(app, "saved alpha_key")
        with theirs(vault_file) as other:
            other.set("production", "alpha_key", V("theirs"))
        await pilot.press("z")
        await see(app, "Not taken back: alpha_key was")
        assert stored(vault_file)["alpha_key"] == "theirs"
        await pilot.press("Z")
        await see(app, "nothing to do again")


async def test_an_added_secret_that_another_program_gave_a_value_is_not_deleted_by_undo(
    opened: Open, vault_file: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        await pilot.press("n")
        await dialog(app, EntryForm)
        await pilot.press(*"shared", "tab", "tab", *"value1", "ctrl+s")
        await see(app, "added shared")
        with theirs(vault_file) as other:
            other.set("production", "shared", V("theirs"))
        await pilot.press("z")
        await see(app, "Not taken back: shared")
        assert stored(vault_file)["shared"] == "theirs"


async def test_what_was_taken_back_is_done_again(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await editing(app, pilot)
        await pilot.press("ctrl+s")
        await see(app, "saved alpha_key")
        app.secrets.go_to("beta_key")
        await pilot.press("d", "y")
        await see(app, "deleted beta_key")
        for _ in range(2):
            await pilot.press("z")
            await see(app, "taken back: deleted beta_key")
            await pilot.press("z")
            await see(app, "taken back: saved alpha_key")
            assert stored(vault_file)["alpha_key"] == "alpha-value-1"
            await pilot.press("Z")
            await see(app, "done again: saved alpha_key")
            await pilot.press("Z")
            await see(app, "done again: deleted beta_key")
            assert stored(vault_file) == {"alpha_key": "mine", "gamma_url": "https://gamma.example.com"}


async def test_two_apps_on_one_vault_meet_in_the_choice(opened: Open, vault_file: Path) -> None:
    first, second = opened(), opened()
    async with first.run_test(size=SIZE) as one:
        await editing(first, one)
        async with second.run_test(size=SIZE) as two:
            await editing(second, two)
            await two.press("ctrl+s")
            await see(second, "saved alpha_key")
            with theirs(vault_file) as command_line:
                command_line.set("production", "alpha_key", V("by command"))
        await one.press("ctrl+s")
        await dialog(first, Conflict)
        await one.press("o")
        await see(first, "saved alpha_key")
    with theirs(vault_file) as vault:
        values = [
            vault.get_version("production", "alpha_key", v.number).reveal()
            for v in vault.history("production", "alpha_key")
        ]
    assert values == ["mine", "by command", "mine", "alpha-value-1"]


async def test_an_import_that_was_overtaken_says_what_it_would_do_by_now(
    opened: Open, vault_file: Path, site: Path
) -> None:
    (site / "new.env").write_text("beta_key=imported\ndelta_key=new\n")
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await see(app, "Import into production")
        await pilot.press(*"new.env", "enter")
        await see(app, "1 new, 1 changed")
        with theirs(vault_file) as other:
            other.add("production", "delta_key", Kind.SECRET, V("theirs"))
        await pilot.press("ctrl+s")
        await see(app, "delta_key changes: value")
        assert stored(vault_file)["delta_key"] == "theirs"
        await pilot.press("n")
        await pilot.pause()
        assert stored(vault_file)["beta_key"] == "beta-value-1"
        await pilot.press("z")
        await see(app, "nothing to take back")
