"""The vault's file is followed: it appears, goes, comes back, is replaced, or cannot be read."""

import os
import shutil
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import Open, screen_text, see, stored, unlocked, until

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.unlock import CreateVault, Unlock
from strongroom_tui.model.secrets.vault_news import news
from strongroom_tui.vault_state import Snapshot, VaultFingerprint, VaultState

SIZE = (100, 30)


@pytest.fixture
def key(vault_file: Path) -> Path:
    return vault_file.parent / "key"


@pytest.fixture
def away(vault_file: Path) -> Path:
    """A place where the vault can be moved to."""
    return vault_file.with_name("away.db")


@pytest.fixture
def asking(opened: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The app without a key file in its environment: it has to ask."""
    monkeypatch.delenv("STRONGROOM_KEY_FILE")
    return opened


async def test_a_vault_that_appears_is_offered_and_unlocked_by_the_named_key_file(
    opened: Open, vault_file: Path, away: Path
) -> None:
    os.rename(vault_file, away)
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "There is no vault yet.")
        await pilot.pause()
        os.rename(away, vault_file)
        await see(app, "● unlocked")
        await see(app, "alpha_key")


async def test_a_vault_that_appears_without_a_key_is_offered(
    asking: Open, vault_file: Path, away: Path
) -> None:
    os.rename(vault_file, away)
    app = asking()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "There is no vault yet.")
        os.rename(away, vault_file)
        await see(app, "a vault was made here: u unlocks it")
        await see(app, "○ locked")
        await see(app, "beta_key")
        await pilot.press("u")
        await dialog(app, Unlock)


async def test_a_vault_that_appears_while_one_is_being_made_is_used(
    asking: Open, vault_file: Path, away: Path
) -> None:
    os.rename(vault_file, away)
    app = asking()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "There is no vault yet.")
        await pilot.press("u")
        await dialog(app, CreateVault)
        os.rename(away, vault_file)
        await dialog(app, Unlock)
        await see(app, "There is a vault at")


async def test_a_vault_that_is_there_when_one_is_made_is_left_alone_and_offered(
    asking: Open, vault_file: Path, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.rename(vault_file, away)
    app = asking()

    async def not_looking() -> None:
        """As if the file appeared between two looks."""

    monkeypatch.setattr(app, "_look", not_looking)
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "There is no vault yet.")
        await pilot.press("u")
        await dialog(app, CreateVault)
        os.rename(away, vault_file)
        before = vault_file.read_bytes()
        await pilot.press(*"open sesame", "tab", *"open sesame", "enter")
        await dialog(app, Unlock)
        assert vault_file.read_bytes() == before


async def test_a_vault_that_goes_is_an_alarm_and_comes_back_locked(
    opened: Open, vault_file: Path, away: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        os.rename(vault_file, away)
        await see(app, "✗ vault gone")
        await see(app, "The vault has gone.")
        shown = "".join(line.strip() for line in screen_text(app).splitlines())
        assert str(vault_file) in shown  # folded where it is long
        assert "There is no vault yet" not in screen_text(app)
        assert not app.session.is_unlocked
        await pilot.press("n")
        await see(app, "A new vault would be empty.")
        await pilot.press("n")
        await pilot.pause()
        assert not vault_file.exists()
        os.rename(away, vault_file)
        await see(app, "○ locked")
        await see(app, "the vault is back: u unlocks it")
        await pilot.press("u")
        await see(app, "● unlocked")


async def test_a_new_vault_is_made_in_place_of_the_gone_only_after_a_question(
    asking: Open, vault_file: Path, away: Path
) -> None:
    app = asking()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "○ locked")
        os.rename(vault_file, away)
        await see(app, "✗ vault gone")
        await pilot.press("u")
        await see(app, "make a new one")
        await pilot.press("y")
        await dialog(app, CreateVault)
        await pilot.press(*"open sesame", "tab", *"open sesame", "enter")
        await see(app, "● unlocked")
        assert app.snapshot.communities == ()


async def test_what_is_being_typed_stays_when_the_vault_goes_and_is_saved_once_it_is_back(
    opened: Open, vault_file: Path, away: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("n")
        await dialog(app, EntryForm)
        await pilot.press(*"new_key", "tab", "tab", *"typed")
        os.rename(vault_file, away)
        await until(lambda: app.snapshot.state is VaultState.GONE)
        await pilot.press("ctrl+s")
        await see(app, "✗ The vault has gone")
        os.rename(away, vault_file)
        await until(lambda: app.snapshot.state is VaultState.LOCKED)
        assert isinstance(app.screen, EntryForm)
        await pilot.press("ctrl+s")
        await see(app, "added new_key")
        assert stored(vault_file)["new_key"] == "typed"


async def test_another_vault_in_the_same_place_is_locked_and_said_to_be_another(
    opened: Open, vault_file: Path, key: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir(mode=0o700)
    other = tmp_path / "other" / "vault.db"
    with Vault.create(other, [KeyFile(key)]) as vault:
        vault.add("production", "other_key", Kind.SECRET, SecretValue("o"))
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        os.replace(other, vault_file)
        await see(app, "Another vault is at")
        await see(app, "○ locked")
        await see(app, "other_key")
        assert not app.session.is_unlocked


async def test_a_backup_in_the_vaults_place_is_opened_locked(
    opened: Open, vault_file: Path, away: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        shutil.copy2(vault_file, away)
        os.replace(away, vault_file)
        await until(lambda: any("was replaced" in n.message for n in app._notifications))
        await see(app, "○ locked")


async def test_a_vault_with_a_new_master_key_is_locked_and_says_why(
    opened: Open, vault_file: Path, key: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        with Vault.unlock(vault_file, [KeyFile(key)]) as other:
            other.rotate([KeyFile(key)])
        await until(lambda: any("was given a new master key" in n.message for n in app._notifications))
        await see(app, "○ locked")


async def test_a_file_that_is_no_vault_is_unreadable_until_the_vault_is_back(
    opened: Open, vault_file: Path, away: Path
) -> None:
    app = opened()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        os.rename(vault_file, away)
        vault_file.write_bytes(b"garbage" * 1000)
        vault_file.chmod(0o600)
        await see(app, "✗ unreadable")
        await see(app, "The vault cannot be read.")
        assert vault_file.read_bytes() == b"garbage" * 1000
        os.replace(away, vault_file)
        await see(app, "○ locked")
        await see(app, "alpha_key")


async def test_a_vault_with_too_open_a_folder_is_read_again_once_that_is_mended(
    opened: Open, vault_file: Path
) -> None:
    vault_file.parent.chmod(0o777)
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "✗ unreadable")
        await pilot.pause()
        vault_file.parent.chmod(0o700)
        await see(app, "○ locked")


async def test_the_list_follows_another_program(opened: Open, vault_file: Path, key: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        with Vault.unlock(vault_file, [KeyFile(key)]) as other:
            other.add("production", "from_elsewhere", Kind.SECRET, SecretValue("x"))
            other.delete("production", "beta_key")
        await see(app, "from_elsewhere")
        await until(lambda: "beta_key" not in screen_text(app))


def snapshot(state: VaultState, vault_id: bytes = b"1", file: int = 1, problem: str = "") -> Snapshot:
    return Snapshot(state, "p", ("p",), (), VaultFingerprint(VaultState.LOCKED, (1, file)), problem, vault_id)


@pytest.mark.parametrize(
    ("before", "after", "words", "alarms"),
    [
        (snapshot(VaultState.NEVER, b""), snapshot(VaultState.LOCKED), "a vault was made here", False),
        (snapshot(VaultState.LOCKED), snapshot(VaultState.GONE), 'The vault has gone: it was at "/v".', True),
        (snapshot(VaultState.UNLOCKED), snapshot(VaultState.GONE), "The vault has gone", True),
        (snapshot(VaultState.GONE), snapshot(VaultState.LOCKED), "the vault is back", False),
        (snapshot(VaultState.GONE), snapshot(VaultState.LOCKED, b"2"), "Another vault is at /v", True),
        (snapshot(VaultState.LOCKED), snapshot(VaultState.LOCKED, b"2"), "Another vault is at /v", True),
        (
            snapshot(VaultState.LOCKED),
            snapshot(VaultState.UNREADABLE, problem="It is damaged."),
            "It is",
            True,
        ),
        (snapshot(VaultState.UNREADABLE), snapshot(VaultState.LOCKED), "can be read again", False),
        (snapshot(VaultState.UNLOCKED), snapshot(VaultState.LOCKED, file=2), "was replaced", True),
        (
            snapshot(VaultState.UNLOCKED),
            snapshot(VaultState.LOCKED, problem="A new key."),
            "A new key.",
            True,
        ),
    ],
)
def test_each_change_of_the_vaults_file_has_words_of_its_own(
    before: Snapshot, after: Snapshot, words: str, alarms: bool
) -> None:
    told = news(before, after, "/v")
    assert told is not None
    assert words in told.text
    assert told.is_alarm is alarms


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (snapshot(VaultState.LOCKED), snapshot(VaultState.UNLOCKED)),
        (snapshot(VaultState.UNLOCKED), snapshot(VaultState.LOCKED)),  # a person locked it
        (snapshot(VaultState.UNKNOWN, b""), snapshot(VaultState.LOCKED)),
        (snapshot(VaultState.NEVER, b""), snapshot(VaultState.UNLOCKED)),  # made here
    ],
)
def test_what_a_person_did_here_is_not_news(before: Snapshot, after: Snapshot) -> None:
    assert news(before, after, "/v") is None


def test_states_of_the_vault_have_signs_and_words_that_differ() -> None:
    assert len({state.label[0] for state in VaultState}) == len(VaultState)


def test_a_mark_is_another_one_for_each_thing_that_happens_to_the_file(vault_file: Path, key: Path) -> None:
    session = VaultSession(str(vault_file))
    fingerprints = [session.fingerprint()]
    with Vault.unlock(vault_file, [KeyFile(key)]) as other:
        other.set("production", "alpha_key", note="n")
    fingerprints.append(session.fingerprint())
    copy = vault_file.with_name("copy.db")
    shutil.copy2(vault_file, copy)
    os.replace(copy, vault_file)
    fingerprints.append(session.fingerprint())
    vault_file.unlink()
    fingerprints.append(session.fingerprint())
    vault_file.write_bytes(b"x")
    vault_file.chmod(0o600)
    fingerprints.append(session.fingerprint())
    session.close()
    assert len(set(fingerprints)) == len(fingerprints)
