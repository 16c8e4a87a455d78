"""Unlocking a real vault: each of its ways, and the key that `strongroom vault unlock` keeps."""

import shutil
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import Open, screen_text, see, until

from strongroom.store.errors import CannotRemember
from strongroom.store.keys import remembered
from strongroom.store.keys.ways import KeyFile, RecoveryCode
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.unlock import Unlock

SIZE = (80, 24)


@pytest.fixture
def code(vault_file: Path) -> SecretValue:
    """The recovery code of the vault on the disk."""
    way = RecoveryCode()
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        vault.add_slot(way)
    assert way.new_code is not None
    return way.new_code


async def test_the_recovery_code_opens_the_vault_and_is_never_shown(
    opened: Open, code: SecretValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRONGROOM_KEY_FILE")
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "○ locked")
        await until(lambda: app.workspace.files)
        await pilot.press("u")
        await dialog(app, Unlock)
        app.screen.query_one("#way").choose("recovery code")  # type: ignore[attr-defined]
        await see(app, "The code that was shown once")
        editor = app.screen.query_one("#passphrase")
        editor.set_value(SecretValue("not-a-code"))  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await see(app, "✗ ")
        editor.set_value(code)  # type: ignore[attr-defined]
        assert code.reveal() not in screen_text(app)
        assert code.reveal() not in app.export_screenshot()
        await pilot.press("ctrl+s")
        await see(app, "● unlocked")


async def test_the_remembered_key_opens_at_the_start_and_is_offered_after_a_lock(
    opened: Open, vault_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRONGROOM_KEY_FILE")
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        store_id = vault._ledger.vault_row.store_id
        try:
            vault.remember(600)
        except CannotRemember:
            pytest.skip("this machine has no place in memory for a key")
    try:
        app = opened()
        async with app.run_test(size=SIZE) as pilot:
            await see(app, "● unlocked")
            await until(lambda: app.workspace.files)
            await pilot.press("ctrl+l")
            await see(app, "○ locked")
            await pilot.press("u")
            await see(app, "● remembered key")
            await pilot.press("enter")
            await see(app, "● unlocked")
    finally:
        remembered.forget(store_id)


async def test_what_has_only_to_be_said_of_the_vault_is_said(opened: Open, tmp_path: Path) -> None:
    app = opened()
    shutil.rmtree(tmp_path / "state", ignore_errors=True)
    (tmp_path / "state").write_text("")
    async with app.run_test(size=(120, 40), notifications=True):
        await see(app, "● unlocked")
        await see(app, "noticed.")
