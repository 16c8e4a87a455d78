"""Unlocking over a vault in memory: refusals, the ways that are offered, and the first run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import CANARY, MemorySession, ready, screen_text, see, typed

from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.unlock import CreateVault, Unlock

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


async def test_a_wrong_passphrase_is_refused_and_the_right_one_goes_on_to_what_was_asked(
    make_app: Make, session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await dialog(app, Unlock)
        await pilot.pause()
        await typed(pilot, "wrong")
        await pilot.press("enter")
        await see(app, "The passphrase does not open this vault.")
        assert "wrong" not in screen_text(app)
        await pilot.press("ctrl+u")
        await typed(pilot, "open sesame")
        await pilot.press("enter")
        await see(app, CANARY)


async def test_the_key_file_of_the_environment_unlocks_without_a_question(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_KEY_FILE", "/somewhere/the.key")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, "● unlocked")
        assert len(app.screen_stack) == 1


async def test_the_first_run_explains_makes_a_vault_and_goes_on_to_the_first_secret(
    make_app: Make, session: MemorySession
) -> None:
    session.exists = False
    session.data["production"].clear()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, "– no vault")
        await pilot.press("n")
        await dialog(app, CreateVault)
        await pilot.pause()
        await typed(pilot, "abc")
        await pilot.press("enter")
        await typed(pilot, "abd")
        await pilot.press("enter")
        await see(app, "The two are not the same.")
        await pilot.press("backspace", "c", "enter")
        await dialog(app, EntryForm)
        assert session.open


async def test_unlocking_offers_only_the_ways_that_the_vault_has(
    make_app: Make, session: MemorySession
) -> None:
    session.kinds = ("key-file",)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("u")
        await see(app, "Unlock the vault")
        assert "key file" in screen_text(app)
        assert "passphrase" not in screen_text(app)


def test_the_ways_of_a_real_vault_are_read_without_its_key(tmp_path: Path) -> None:
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault

    path = str(tmp_path / "vault")
    Vault.create(path, [KeyFile(str(tmp_path / "key"))]).close()
    assert VaultSession(path).slots() == ("key-file",)
    assert VaultSession(str(tmp_path / "none")).slots() == ()
