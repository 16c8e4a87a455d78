"""Import with a preview, and export, on a real vault."""

import stat
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import Open, screen_text, see, stored, unlocked, until

from strongroom.names import Kind
from strongroom.store.identity import Identity, identity_of_key_file
from strongroom.store.keys.ways import KeyFile
from strongroom.store.shared import Imported, read_shared
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, bundle_content, sources
from strongroom.transfer.parsed_file import ParsedFile
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.export_file import ENV, RECIPIENT, ExportChoice, ExportFile
from strongroom_tui.dialogs.import_file import ImportFile
from strongroom_tui.flows import exporting

SIZE = (90, 30)
CANARY = "imported-canary-42"
DOTENV = f"NEW_KEY={CANARY}\nalpha_key=alpha-value-2\nbad-name=x1\nbeta_key=beta-value-1\n"


async def test_an_import_shows_what_would_change_before_and_is_taken_back_whole(
    opened: Open,
    vault_file: Path,
    site: Path,
) -> None:
    (site / ".env").write_text(DOTENV)
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await dialog(app, ImportFile)
        await pilot.press("full_stop", *"env", "enter")
        await see(app, "1 new, 1 changed, 1 the same, 1 refused")
        text = screen_text(app)
        for words in ("+ new", "~ changes", "= the same", "✗ refused", "NEW_KEY", "contains a hyphen"):
            assert words in text, text
        assert CANARY not in text
        assert "alpha-value" not in text
        assert set(stored(vault_file)) == {"alpha_key", "beta_key", "gamma_url"}
        await pilot.press("ctrl+s")
        await see(app, "✓ imported 2 entries")
        assert stored(vault_file)["NEW_KEY"] == CANARY
        assert stored(vault_file)["alpha_key"] == "alpha-value-2"
        await pilot.press("z")
        await see(app, "taken back: imported 2 entries")
    assert stored(vault_file) == {
        "alpha_key": "alpha-value-1",
        "beta_key": "beta-value-1",
        "gamma_url": "https://gamma.example.com",
    }


async def test_bad_names_are_made_valid_where_that_is_chosen(
    opened: Open,
    vault_file: Path,
    site: Path,
) -> None:
    (site / ".env").write_text(DOTENV)
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await dialog(app, ImportFile)
        await pilot.press("full_stop", *"env", "enter")
        await see(app, "1 refused")
        app.screen.query_one("#invalid").focus()
        await pilot.press("right")
        await see(app, "2 new, 1 changed, 1 the same.")
        await see(app, "bad-name in the file")
        await pilot.press("ctrl+s")
        await see(app, "✓ imported 3 entries")
    assert "bad_name" in stored(vault_file)


async def test_a_file_that_is_not_there_is_said_and_nothing_is_imported(opened: Open) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await dialog(app, ImportFile)
        await pilot.press(*"nothing", "enter")
        await see(app, "no such file or directory")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, ImportFile)


async def test_selected_entries_go_into_a_bundle_that_its_passphrase_opens_again(
    opened: Open,
    vault_file: Path,
    site: Path,
) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("home", "space", "x")
        await see(app, "Export 1 entry of production")
        app.screen.query_one("#passphrase").focus()
        await pilot.press(*"pass", "enter", *"pasx", "ctrl+s")
        await see(app, "The two are not the same.")
        await pilot.press("backspace", "s", "ctrl+s")
        await see(app, "✓ exported 1 entry")
        file = site / "production.strongroom"
        assert b"alpha-value-1" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

        await pilot.press("escape", "i")
        await dialog(app, ImportFile)
        await pilot.press(*"production", "full_stop", *"strongroom", "enter")
        await see(app, "This is a bundle. Type its passphrase.")
        await pilot.press(*"pass", "enter")
        await see(app, "0 new, 0 changed, 1 the same")
    source = sources.open_bundle(file.read_bytes(), lambda: [], lambda: SecretValue("pass"))
    assert not isinstance(source, ParsedFile)
    assert [(item.name, item.kind) for item in source.entries] == [("alpha_key", Kind.SECRET)]


def bundle_of_a_colleague(vault_file: Path, file: Path, to: Recipient | None = None) -> None:
    """Write a bundle of staging, made by somebody who had alpha_key and beta_key before they changed both here."""
    colleague = Identity.of_private(bytes([7] * 32))
    origin = Imported("0" * 32, 3, "2026-11-30T11:00:00.000000Z")
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        mine = {entry.name: entry for entry in read_shared(vault, "production").entries}
        to = to or Recipient.of_vault(vault)
        made = "2026-11-29T11:00:00.000000Z"
        alpha = mine["alpha_key"]._replace(value=SecretValue("canary-alpha"), versions=(made,))
        beta = mine["beta_key"]._replace(value=None, versions=(*mine["beta_key"].versions, made))
        gamma = mine["gamma_url"]._replace(name="gamma_new", former=("gamma_url",))
    content = bundle_content.write(origin, [alpha, beta, gamma])
    file.write_bytes(bundle.seal_for(content, "staging", [to], colleague))


async def test_the_identity_of_the_key_file_opens_bundles_and_seals_them(
    opened: Open, vault_file: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file = vault_file.parent / "key"
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(key_file))
    mine = Recipient.of_identity(identity_of_key_file(str(key_file)))
    bundle_of_a_colleague(vault_file, site / "b.strongroom", mine)
    (site / "strongroom.recipients").write_text(f'[people]\nann = "{mine}"\n')
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await dialog(app, ImportFile)
        await pilot.press(*"b", "full_stop", *"strongroom", "enter")
        await see(app, "1 renamed, 1 deleted, 1 in conflict, 0 the same")
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, ImportFile))
        chosen = ExportChoice(RECIPIENT, "out.strongroom", SecretValue(""), str(mine))
        await app.vault_call(
            app.session.do, exporting._write, str(site), str(key_file), "production", ["alpha_key"], chosen
        )
    opened_bundle = bundle.open_with(
        (site / "out.strongroom").read_bytes(), [identity_of_key_file(str(key_file))]
    )
    assert opened_bundle.sender == mine


async def test_a_bundle_shows_conflicts_deletions_and_renames_and_another_community_is_asked_about(
    opened: Open, vault_file: Path, site: Path
) -> None:
    before = stored(vault_file)
    bundle_of_a_colleague(vault_file, site / "b.strongroom")
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("i")
        await dialog(app, ImportFile)
        await pilot.press(*"b", "full_stop", *"strongroom", "enter")
        await see(app, "1 renamed, 1 deleted, 1 in conflict, 0 the same")
        text = screen_text(app)
        for words in ("! conflict", "- deleted", "~ renamed", "was gamma_url", "mine stay"):
            assert words in text, text
        assert "A bundle of 2026-11-30 by strongroom1" in text
        assert "who is not listed" in text.replace("│", "")
        assert "canary" not in text
        await pilot.press("ctrl+s")
        await see(app, "Press ^s again to import it all the same.")
        assert stored(vault_file) == before
        app.screen.query_one("#side").focus()
        await pilot.press("right")
        await see(app, "1 renamed, 1 deleted, 0 the same")
        await pilot.press("ctrl+s")
        await see(app, "✓ imported 3 entries")
        assert stored(vault_file) == {"alpha_key": "canary-alpha", "gamma_new": before["gamma_url"]}
        await pilot.press("z")
        await see(app, "taken back: imported 3 entries")
    assert stored(vault_file) == before


async def test_a_plain_export_says_that_it_is_in_clear_and_never_overwrites(
    opened: Open,
    site: Path,
) -> None:
    (site / "production.env").write_text("mine")
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("x")
        await dialog(app, ExportFile)
        app.screen.query_one("#form").choose(ENV)  # type: ignore[attr-defined]
        await see(app, "Every value is in this file in clear.")
        await pilot.press("ctrl+s")
        await see(app, "exists already")
        assert (site / "production.env").read_text() == "mine"
