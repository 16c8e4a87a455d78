"""The registry of actions, and what is made of it: keys, footer, help, palette."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input
from tui_support import ready, screen_text, see, until

from strongroom_tui.actions import (
    ACTIONS,
    FOOTER_KEYS,
    Place,
    bindings,
    footer,
    key_tables,
    of,
    reachable,
    search,
)
from strongroom_tui.app import StrongroomApp
from strongroom_tui.screens.connectors import ConnectorsPane
from strongroom_tui.screens.secrets import SecretsPane
from strongroom_tui.screens.test import TestPane

Make = Callable[..., StrongroomApp]
HANDLERS = {
    Place.APP: StrongroomApp,
    Place.SECRETS: SecretsPane,
    Place.CONNECTORS: ConnectorsPane,
    Place.TEST: TestPane,
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: f"{a.place.value}-{a.id}")
def test_every_action_has_a_handler_where_it_belongs(action) -> None:
    assert callable(getattr(HANDLERS[action.place], f"action_{action.id}"))


@pytest.mark.parametrize("place", list(Place))
def test_no_key_means_two_things_in_one_place(place: Place) -> None:
    keys = Counter(key for action in reachable(place) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("place", [Place.SECRETS, Place.CONNECTORS, Place.TEST])
def test_the_footer_has_at_most_seven_keys_and_fits_80_columns(place: Place) -> None:
    shown = footer(place)
    assert len(shown) <= FOOTER_KEYS
    assert sum(len(a.key) + len(a.short) + 3 for a in shown) <= 79
    assert shown[-1].id == "help"


def test_bindings_come_from_the_registry_alone() -> None:
    assert [b.action for b in bindings(Place.TEST)] == [a.id for a in of(Place.TEST) for _ in a.keys]


def test_help_searches_titles_places_and_keys() -> None:
    assert [a.id for a in search(ACTIONS, "reveal")] == ["reveal"]
    assert "lock" in [a.id for a in search(ACTIONS, "^l")]
    assert {a.place for a in search(ACTIONS, "connectors")} >= {Place.CONNECTORS}


async def test_help_runs_what_is_picked(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("question_mark")
        await see(app, "New secret or variable")
        await pilot.press(*"connec", "enter")
        await see(app, "[2 Connectors]")


async def test_the_palette_reaches_actions_of_other_places(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("ctrl+p")
        await see(app, "Actions")
        await pilot.press(*"inputs", "enter")
        await see(app, "[3 Test]")
        await until(lambda: isinstance(app.focused, Input))


@pytest.mark.parametrize("key", ["question_mark", "ctrl+p"])
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("settings", "╭─ Settings"),
        ("switch", "╭─ Community"),
        ("compare two communities", "╭─ production and"),
        ("take the tour", "╭─ Take the tour?"),
        ("unlock", "╭─ Unlock the vault"),
    ],
)
async def test_help_and_palette_open_the_dialogs_of_the_app(
    key: str, words: str, title: str, make_app: Make
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press(key)
        await see(app, "type to search")
        await pilot.press(*("space" if letter == " " else letter for letter in words), "enter")
        await see(app, title)


async def test_the_theme_goes_round_dark_light_and_mono(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("ctrl+t")
        assert app.theme == "strongroom-light"
        await pilot.press("ctrl+t")
        assert app.theme == "strongroom-mono"
        await pilot.press("ctrl+t")
        assert app.theme == "strongroom-dark"


async def test_no_color_is_honoured_and_the_cursor_is_still_marked(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert app.no_color
        assert "▌ " in screen_text(app)
        colours = {
            segment.style.color.name
            for strip in app.screen._compositor.render_strips(app.size)
            for segment in strip.apply_filter(app._filters[0], app.screen.background_colors[1])
            if segment.style
            and segment.style.color
            and segment.style.color.triplet
            and len(set(segment.style.color.triplet)) > 1
        }
        assert not colours


@pytest.mark.parametrize("size", [(60, 18), (40, 10), (80, 24), (200, 60)])
async def test_no_size_breaks_a_place(make_app: Make, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await ready(app, pilot)
        for key in ("1", "2", "3", "question_mark", "escape", "1"):
            await pilot.press(key)
            await pilot.pause()
            lines = screen_text(app).splitlines()
            assert len(lines) == size[1]
        await pilot.resize_terminal(60, 18)
        await pilot.pause()
        assert "help" in screen_text(app)


async def test_no_color_starts_in_greys(make_app: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert make_app().theme == "strongroom-mono"


def test_the_guide_lists_every_action_with_its_keys() -> None:
    page = (Path(__file__).parents[2] / "docs" / "app.md").read_text(encoding="utf-8")
    assert key_tables().strip() in page, "put what strongroom_tui.actions.key_tables() gives into docs/app.md"
