"""What the main screens look like, at 80x24 and 120x40. After a wanted change: `pytest --snapshot-update`."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tui_support import MemorySession, ready, report, see, until

from strongroom_tui.app import StrongroomApp

Make = Callable[..., StrongroomApp]
Steps = Callable[[StrongroomApp, Any], Awaitable[None]]
BOTH = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


async def answer(connector: Any, values: Any, inputs: Any, settings: Any) -> Any:
    return report()


def keys(*presses: str, wait: str = "", theme: str = "") -> Steps:
    async def run(app: StrongroomApp, pilot: Any) -> None:
        await ready(app, pilot)
        if theme:
            app.theme = theme
        if app.is_unlocked:
            await until(lambda: app.secrets_state._hints, "the hints")
        await pilot.press(*presses)
        if wait:
            await see(app, wait)
        await pilot.pause()
        # A blinking cursor would be there in one picture and not in the next.
        for field in app.screen.query("Input"):
            field.cursor_blink = False
        await pilot.pause()

    return run


SCREENS = {
    "secrets": keys("end", "up", wait="slack_token"),
    "missing": keys("home", wait="adds this secret"),
    "filter": keys("slash", *"crm", wait="3 of 8"),
    "create": keys("end", "n", *("a", "p", "i", "minus", "k"), wait="contains a hyphen"),
    "edit": keys("end", "e", wait="fixed once it is saved"),
    "delete": keys("end", "d", wait="would stop working"),
    "connectors": keys("2", wait="secret-quotes"),
    "test": keys("3", "ctrl+r", wait="passed"),
    "timing": keys("3", "ctrl+r", *["right_square_bracket"] * 3, wait="120.0 ms"),
    "help": keys("question_mark", wait="Lock the vault"),
    "communities": keys("c", wait="shown now"),
}


def picture(snap_compare: Any, app: StrongroomApp, steps: Steps, size: tuple[int, int]) -> bool:
    async def run_before(pilot: Any) -> None:
        await steps(app, pilot)

    return bool(snap_compare(app, terminal_size=size, run_before=run_before))


@BOTH
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    name: str, size: tuple[int, int], snap_compare: Any, make_app: Make, session: MemorySession
) -> None:
    session.open = True
    assert picture(snap_compare, make_app(runner=answer), SCREENS[name], size)


@BOTH
def test_locked_and_unlock(size: tuple[int, int], snap_compare: Any, make_app: Make) -> None:
    assert picture(snap_compare, make_app(), keys("end", "r", wait="Unlock the vault"), size)


@BOTH
def test_first_run(size: tuple[int, int], snap_compare: Any, make_app: Make, session: MemorySession) -> None:
    session.exists = False
    assert picture(snap_compare, make_app(), keys("end", wait="no vault"), size)


@BOTH
def test_making_a_vault(
    size: tuple[int, int], snap_compare: Any, make_app: Make, session: MemorySession
) -> None:
    session.exists = False
    assert picture(snap_compare, make_app(), keys("n", wait="Once more"), size)


@pytest.mark.parametrize("name", ["secrets", "create", "connectors", "test"])
def test_small_screen(name: str, snap_compare: Any, make_app: Make, session: MemorySession) -> None:
    session.open = True
    assert picture(snap_compare, make_app(runner=answer), SCREENS[name], (60, 18))


@pytest.mark.parametrize("name", ["secrets", "connectors"])
def test_light_theme(name: str, snap_compare: Any, make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app(runner=answer)
    app.theme = "strongroom-light"
    assert picture(snap_compare, app, SCREENS[name], (80, 24))
