"""The settings in the app: those in force are shown, those that another program writes are taken."""

from pathlib import Path

from dialog_support import dialog
from tui_support import Open, see, unlocked, until

from strongroom.settings.loading import load_settings
from strongroom.settings.model import Settings
from strongroom_tui.dialogs.settings import ChangeSetting, SettingsScreen
from strongroom_tui.frame.app_settings import shown_settings

SIZE = (100, 30)


def write(site: Path, text: str) -> None:
    (site / "strongroom.toml").write_text(text)


def test_a_setting_that_nobody_gave_is_shown_with_what_is_in_force() -> None:
    in_force = {"theme": "light", "community": "production", "vault": "/v/vault.db"}
    shown = {one.key.field: one for one in shown_settings(Settings("."), {}, in_force)}
    assert {field: shown[field].now for field in in_force} == in_force
    assert shown["theme"].source == "default"
    assert all(one.now or one.text for one in shown.values())


def test_what_this_start_was_given_is_told_from_what_is_written() -> None:
    settings = Settings(".", vault="/written.db", theme="dark")
    shown = {
        one.key.field: one for one in shown_settings(settings, {}, {"vault": "/given.db", "theme": "dark"})
    }
    assert (shown["vault"].now, shown["vault"].text, shown["vault"].source) == (
        "/given.db",
        "/written.db",
        "this start",
    )
    assert shown["theme"].now == ""


async def test_the_list_of_settings_shows_theme_community_and_vault(opened: Open, vault_file: Path) -> None:
    app = opened()
    async with app.run_test(size=(140, 40)) as pilot:
        await unlocked(app, pilot)
        await pilot.press("comma")
        await dialog(app, SettingsScreen)
        await see(app, "production")
        await see(app, "dark")


async def test_settings_that_another_program_writes_are_taken(opened: Open, site: Path) -> None:
    app = opened()
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        assert app.reveal_seconds == 15
        write(site, '[app]\nreveal-for = 77\ntheme = "light"\n')
        await see(app, "the settings were read again")
        assert app.reveal_seconds == 77
        assert app.theme == "strongroom-light"
        (site / "strongroom.toml").unlink()
        await until(lambda: app.reveal_seconds == 15)


async def test_a_broken_settings_file_is_told_once_and_the_former_settings_stay(
    opened: Open, site: Path
) -> None:
    write(site, "[app]\nreveal-for = 77\n")
    app = opened(settings=load_settings(str(site)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await unlocked(app, pilot)
        write(site, "[app\n")
        await until(lambda: any("The settings from before" in n.message for n in app._notifications))
        assert app.reveal_seconds == 77
        await pilot.press("comma")
        await pilot.pause()
        assert app.is_running
        write(site, "[app]\nreveal-for = 78\n")
        await until(lambda: app.reveal_seconds == 78)


async def test_a_setting_that_another_program_changed_is_shown_before_it_is_written_over(
    opened: Open, site: Path
) -> None:
    write(site, "[app]\nreveal-for = 20\n")
    app = opened(settings=load_settings(str(site)))
    async with app.run_test(size=SIZE) as pilot:
        await unlocked(app, pilot)
        await pilot.press("comma")
        await dialog(app, SettingsScreen)
        fields = [one.key.field for one in shown_settings(app.settings, {})]
        await pilot.press("home", *["down"] * fields.index("reveal_for"), "enter")
        await dialog(app, ChangeSetting)
        write(site, "[app]\nreveal-for = 44\n")
        await pilot.press("ctrl+a", "ctrl+k", *"30", "enter")
        await see(app, 'app.reveal-for was changed to "44"')
        assert "44" in (site / "strongroom.toml").read_text()
        await pilot.press("enter")
        await see(app, "is written")
        assert "reveal-for = 30" in (site / "strongroom.toml").read_text()
