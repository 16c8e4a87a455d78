"""Deleted entries in the app: listed, restored, and purged after a question."""

from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import Open, screen_text, see, stored, unlocked, until

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.deleted import DeletedEntries


@pytest.fixture
def key(vault_file: Path) -> KeyFile:
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        vault.delete("production", "alpha_key")
        vault.delete("production", "gamma_url")
    return KeyFile(vault_file.parent / "key")


async def show(app: StrongroomApp, pilot: object) -> None:
    await unlocked(app, pilot)
    await pilot.press("U")  # type: ignore[attr-defined]
    await dialog(app, DeletedEntries)
    await see(app, "alpha_key")


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_a_deleted_entry_is_restored_with_its_value_and_that_is_taken_back(
    opened: Open, vault_file: Path, key: KeyFile, size: tuple[int, int]
) -> None:
    app = opened()
    async with app.run_test(size=size) as pilot:
        await show(app, pilot)
        await see(app, "gamma_url")
        await pilot.press("slash", *"alpha", "enter")
        await until(lambda: "gamma_url" not in screen_text(app))
        await pilot.press("enter")
        await see(app, "restored alpha_key")
        assert stored(vault_file)["alpha_key"] == "alpha-value-1"
        await pilot.press("z")
        await see(app, "taken back: restored alpha_key")
        assert "alpha_key" not in stored(vault_file)


async def test_purging_asks_says_that_nothing_brings_it_back_and_goes_on_with_the_list(
    opened: Open, vault_file: Path, key: KeyFile
) -> None:
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await show(app, pilot)
        await pilot.press("slash", *"alpha", "enter", "P")
        await dialog(app, Confirm)
        await see(app, "Nothing brings them back")
        await pilot.press("n")
        await dialog(app, DeletedEntries)
        await pilot.press("slash", *"alpha", "enter", "P")
        await dialog(app, Confirm)
        await pilot.press("y")
        await see(app, "purged alpha_key")
        await dialog(app, DeletedEntries)
        assert "alpha_key" not in screen_text(app).split("Deleted from")[1].split("close")[0]
    with Vault.unlock(vault_file, [key]) as vault:
        assert [one.name for one in vault.deleted("production")] == ["gamma_url"]


async def test_what_was_deleted_here_and_then_purged_cannot_be_taken_back(
    opened: Open, vault_file: Path, key: KeyFile
) -> None:
    app = opened()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await unlocked(app, pilot)
        app.secrets.go_to("beta_key")
        await pilot.press("d", "y")
        await see(app, "deleted beta_key")
        await pilot.press("U")
        await dialog(app, DeletedEntries)
        await pilot.press("slash", *"beta", "enter", "P")
        await dialog(app, Confirm)
        await pilot.press("y")
        await see(app, "purged beta_key")
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, DeletedEntries))
        await pilot.press("z")
        await see(app, "Not taken back: beta_key")


async def test_a_name_that_another_program_deleted_again_is_not_purged_unseen(
    opened: Open, vault_file: Path, key: KeyFile
) -> None:
    app = opened()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await show(app, pilot)
        with Vault.unlock(vault_file, [key]) as other:
            other.add("production", "alpha_key", Kind.SECRET, SecretValue("theirs"))
            other.delete("production", "alpha_key")
        await pilot.press("slash", *"alpha", "enter", "P")
        await dialog(app, Confirm)
        await pilot.press("y")
        await see(app, "alpha_key in production was deleted again")
    with Vault.unlock(vault_file, [key]) as vault:
        vault.undelete("production", "alpha_key")
        assert vault.get("production", "alpha_key").reveal() == "theirs"


async def test_nothing_deleted_is_said(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=(100, 30)) as pilot:
        await unlocked(app, pilot)
        await pilot.press("U")
        await see(app, "nothing deleted is kept in production")
