"""The tour: its steps, the offer, the card that goes on by itself; and jump mode and the settings screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import MemorySession, ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.jump import Jump
from strongroom_tui.dialogs.settings import ChangeSetting, SettingsScreen
from strongroom_tui.model import tour
from strongroom_tui.model.tour import STEPS, TourState, next_step

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


def test_steps_that_are_done_already_are_passed_over() -> None:
    assert next_step(0, TourState(False, False, "", False)) == 0
    assert next_step(0, TourState(True, False, "", False)) == 1
    assert next_step(1, TourState(True, True, tour.CONNECTOR, False)) == 3
    assert next_step(0, TourState(True, True, tour.CONNECTOR, True)) == len(STEPS) - 1


def test_the_demo_for_the_tour_takes_the_key_that_the_tour_tells() -> None:
    from strongroom_cli.demo.workspace import TOUR_KEY

    assert TOUR_KEY == tour.KEY


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.heading)
def test_each_step_fits_the_card_at_60_columns(step: tour.TourStep) -> None:
    assert len(step.lines) <= 3
    assert max(map(len, step.lines)) <= 56


async def test_the_card_goes_on_when_its_step_is_done_and_t_ends_the_tour(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    key = session.data["production"].pop("weather_api_key")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await app.begin_tour()
        await see(app, "Tour 1 of 5 · Create the missing secret")
        session.put("production", key[0], key[1].reveal())
        await see(app, "Tour 2 of 5 · Go to Test")
        await pilot.press("3")
        await see(app, "Tour 3 of 5 · Pick the connector")
        await pilot.press("1", "T")
        await until(lambda: "Tour 3" not in screen_text(app))


async def test_the_tour_is_offered_with_what_it_does_not_touch(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("T")
        await see(app, "Take the tour?")
        await see(app, "Nothing of yours is read or changed.")
        await pilot.press("n")
        await until(lambda: len(app.screen_stack) == 1)


async def test_a_letter_jumps_to_a_row_and_to_a_tab(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("semicolon")
        await dialog(app, Jump)
        assert isinstance(app.screen, Jump)
        letters = {target.offset: letter for letter, target in app.screen._targets.items()}
        rows = [letter for offset, letter in letters.items() if offset.x == 0 and offset.y > 0]
        await pilot.press(rows[3])
        await until(lambda: app.secrets.entries.cursor == 3)
        await pilot.press("semicolon")
        await dialog(app, Jump)
        await pilot.press("b")
        await see(app, "[2 Connectors]")
        await pilot.press("semicolon")
        await dialog(app, Jump)
        await pilot.press("ctrl+l")
        await until(lambda: len(app.screen_stack) == 1 and not session.open)


async def test_a_setting_is_written_with_its_comments_kept_and_taken_at_once(
    make_app: Make, workspace: Path
) -> None:
    file = workspace / "strongroom.toml"
    file.write_text("# ours\n[app]\nreveal-for = 20 # long\n")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await app.take_settings()
        await pilot.press("comma")
        await see(app, "app.reveal-for")
        for title, typed, problem in (
            ("app.theme", "pink", 'one of "dark"'),
            ("app.lock-after", "x", "whole number"),
        ):
            rows = app.screen.query_one("#settings")
            titles = [one.title for one in rows.source.all]  # type: ignore[attr-defined]
            rows.go(titles.index(title))  # type: ignore[attr-defined]
            await pilot.press("enter")
            await dialog(app, ChangeSetting)
            app.screen.query_one("#value").value = typed  # type: ignore[attr-defined]
            await pilot.press("enter")
            await see(app, problem)
            app.screen.query_one("#value").value = {"pink": "light", "x": "90"}[typed]  # type: ignore[attr-defined]
            await pilot.press("enter")
            await dialog(app, SettingsScreen)
        assert app.theme == "strongroom-light"
        assert app.idle_seconds == 90
        await see(app, "strongroom.toml")
    assert file.read_text() == '# ours\n[app]\nreveal-for = 20 # long\ntheme = "light"\nlock-after = 90\n'


def test_the_theme_of_the_settings_is_the_first_one_unless_no_color_says_otherwise(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from strongroom.settings.model import Settings

    chosen = Settings(".", theme="light", lock_after=7)
    assert make_app(settings=chosen).theme == "strongroom-light"
    assert make_app(settings=chosen).idle_seconds == 7
    monkeypatch.setenv("NO_COLOR", "1")
    assert make_app(settings=chosen).theme == "strongroom-mono"
