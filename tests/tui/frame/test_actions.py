"""The registry of actions, and what is made of it: keys, footer, help, palette."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_support import dialog
from textual.widgets import Input
from tui_support import MemorySession, ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.pick import Choices, Pick
from strongroom_tui.frame.action_words import WORDS
from strongroom_tui.frame.actions import (
    ACTIONS,
    FOOTER_KEYS,
    Tab,
    bindings,
    footer,
    key_tables,
    of,
    reachable,
)
from strongroom_tui.model.why_not import WHY_NOT, Facts, why_not
from strongroom_tui.tabs.connectors import ConnectorsPane
from strongroom_tui.tabs.secrets import SecretsPane
from strongroom_tui.tabs.test import TestPane
from strongroom_tui.vault_state import VaultState

Make = Callable[..., StrongroomApp]
HANDLERS = {
    Tab.APP: StrongroomApp,
    Tab.SECRETS: SecretsPane,
    Tab.CONNECTORS: ConnectorsPane,
    Tab.TEST: TestPane,
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: f"{a.tab.value}-{a.id}")
def test_every_action_has_a_handler_where_it_belongs(action) -> None:
    handler = HANDLERS[action.tab]
    wanted = f"write the method action_{action.id} of {handler.__name__} ({handler.__module__})"
    assert callable(getattr(handler, f"action_{action.id}", None)), wanted


@pytest.mark.parametrize("place", list(Tab))
def test_no_key_means_two_things_in_one_place(place: Tab) -> None:
    keys = Counter(key for action in reachable(place) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("place", [Tab.SECRETS, Tab.CONNECTORS, Tab.TEST])
def test_the_footer_has_at_most_seven_keys_and_fits_80_columns(place: Tab) -> None:
    shown = footer(place)
    assert len(shown) <= FOOTER_KEYS
    assert sum(len(a.key) + len(a.short) + 3 for a in shown) <= 79
    assert shown[-1].id == "help"


def test_bindings_come_from_the_registry_alone() -> None:
    assert [b.action for b in bindings(Tab.TEST)] == [a.id for a in of(Tab.TEST) for _ in a.keys]


def found(query: str) -> list[str]:
    """The ids of the actions that the palette shows for a query."""
    choices = Choices(
        [(f"{a.key} {a.title}", a.tab.title, str(i)) for i, a in enumerate(ACTIONS)],
        {str(i): a.words for i, a in enumerate(ACTIONS)},
    )
    choices.filter(query)
    return [ACTIONS[int(choice[2])].id for choice in choices.shown]


def test_the_palette_searches_titles_keys_and_places() -> None:
    assert found("reveal")[0] == "reveal"
    assert "lock" in found("^l")
    assert "fix_all" in found("connectors")


def test_every_action_has_a_title_and_other_words() -> None:
    for action in ACTIONS:
        assert action.title
        assert WORDS.get(action.id), f"put words for {action.id} into action_words.py"
    assert set(WORDS) - {a.id for a in ACTIONS} <= {"zoom"}


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("undo", "undo"),
        ("redo", "redo"),
        ("exit", "quit"),
        ("quit", "quit"),
        ("remove", "delete"),
        ("environment", "community"),
        ("clipboard", "copy"),
        ("paste", "new"),
        ("send", "run"),
        ("validate", "rescan"),
        ("check", "rescan"),
        ("add", "new"),
        ("password", "new"),
        ("log", "history"),
        ("trash", "deleted"),
        ("config", "settings"),
        ("rollback", "history"),
        ("execute", "run"),
    ],
)
def test_an_action_is_found_by_the_words_of_other_programs(word: str, action: str) -> None:
    assert action in found(word)


async def test_help_and_palette_find_what_another_place_can_do(
    make_app: Callable[..., StrongroomApp],
) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("question_mark", "ctrl+p"):
            await pilot.press(key)
            await dialog(app, Pick)
            await pilot.press(*"send")
            await see(app, "Run the test")
            await pilot.press("escape")
            await until(lambda: not isinstance(app.screen, Pick))


@pytest.mark.parametrize(
    ("place", "action", "facts", "reason"),
    [
        ("secrets", "edit", Facts(vault=VaultState.NEVER, rows=0, has_row=False), "there is no vault yet"),
        ("secrets", "delete", Facts(vault=VaultState.GONE, rows=0, has_row=False), "the vault has gone"),
        ("secrets", "reveal", Facts(rows=0, has_row=False), "nothing is stored here yet"),
        ("secrets", "copy", Facts(rows=3, has_row=False), "nothing matches the filter"),
        ("secrets", "history", Facts(missing="a"), "a is not stored yet"),
        ("secrets", "expire", Facts(missing="a", selected=2), None),
        ("secrets", "edit", Facts(missing="a"), None),
        ("connectors", "open", Facts(rows=0, has_row=False), "no connector file is in this folder"),
        ("connectors", "test", Facts(has_connector=False), "go to a connector first"),
        ("connectors", "fix_all", Facts(fixes=0), "nothing to fix"),
        ("test", "pick", Facts(has_target=False), "no connector is in this folder"),
        ("test", "next_view", Facts(has_result=False), "nothing was run yet"),
        ("test", "whole", Facts(has_value=False), "go to a value of the response first"),
        ("app", "unlock", Facts(), "the vault is unlocked already"),
        ("app", "unlock", Facts(vault=VaultState.LOCKED), None),
    ],
)
def test_an_action_that_does_not_apply_says_why(
    place: str, action: str, facts: Facts, reason: str | None
) -> None:
    said = why_not(place, action, facts)
    assert (said is None) is (reason is None)
    assert (reason or "") in (said or "")


def test_reasons_are_given_for_actions_that_there_are() -> None:
    assert set(WHY_NOT) <= {(a.tab.value, a.id) for a in ACTIONS}


@pytest.mark.parametrize("key", ["e", "r", "y", "d", "h", "R", "E", "space", "s"])
async def test_no_key_is_silent_where_there_is_no_vault(
    make_app: Callable[..., StrongroomApp], session: MemorySession, workspace: Path, key: str
) -> None:
    (workspace / "connectors_registry.json").unlink()
    session.exists = False
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await see(app, "There is no vault yet.")
        await pilot.press(key)
        await see(app, "there is no vault yet: n makes it")


async def test_clicked_words_and_the_palette_say_why_too(
    make_app: Callable[..., StrongroomApp], session: MemorySession, workspace: Path
) -> None:
    (workspace / "connectors_registry.json").unlink()
    session.exists = False
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await see(app, "There is no vault yet.")
        await app.perform(next(a for a in ACTIONS if a.id == "reveal"))
        await see(app, "there is no vault yet: n makes it")
        await pilot.pause()


async def test_help_runs_what_is_picked(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("question_mark")
        await see(app, "New secret or variable")
        await pilot.press(*"connectors", "enter")
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
    page = (Path(__file__).parents[3] / "docs" / "app.md").read_text(encoding="utf-8")
    assert key_tables().strip() in page, (
        "put into docs/app.md what this prints: "
        '.venv/bin/python -c "from strongroom_tui.frame import actions; print(actions.key_tables())"'
    )
