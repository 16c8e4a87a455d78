"""What the main screens look like, at 80x24 and 120x40. After a wanted change: `pytest --snapshot-update`."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tui_support import NOW, MemorySession, ready, report, see, until

from strongroom.names import Kind
from strongroom.settings.model import Settings
from strongroom.store.rows.history import Version
from strongroom.transfer.parsed_file import Refusal
from strongroom.transfer.planning import CHANGED, NEW, ImportChoices, Plan, PlannedChange
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.history import History
from strongroom_tui.dialogs.import_file import ImportFile
from strongroom_tui.dialogs.settings import SettingsScreen
from strongroom_tui.frame.app_settings import shown_settings

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
    "timing": keys("3", "ctrl+r", *["right_square_bracket"] * 4, wait="120.0 ms"),
    "help": keys("question_mark", wait="New secret or variable"),
    "palette": keys("ctrl+p", *"lock", wait="Lock the vault"),
    "rename": keys("end", "R", *["backspace"] * 4, wait="1 line in 1 file will change with it:"),
    "expiry": keys("end", "E", *"90d", wait="in 90 d"),
    "generate": keys("end", "e", "ctrl+g", wait="about 238 bits"),
    "selection": keys("home", "down", "space", "space", wait="2 entries selected"),
    "export": keys("end", "x", wait="bundle with a passphrase"),
    "tour-offer": keys("end", "T", wait="Nothing of yours"),
    "jump": keys("end", "semicolon"),
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
    assert picture(snap_compare, make_app(run_connector=answer), SCREENS[name], size)


def pushed(make: Callable[[], Any], wait: str) -> Steps:
    """A dialog by itself, over the list."""

    async def run(app: StrongroomApp, pilot: Any) -> None:
        await ready(app, pilot)
        await see(app, "✗ missing")
        app.push_screen(make())
        await see(app, wait)
        for field in app.screen.query("Input"):
            field.cursor_blink = False
        await pilot.pause()

    return run


async def no_value(number: int) -> SecretValue:
    return SecretValue("")


def history() -> History:
    versions = [Version(n, f"2026-11-{n:02}T09:00:00Z", n == 19) for n in (19, 12, 3)]  # newest first
    return History("weather_api_key", versions, no_value, lambda: NOW, 15)


def settings() -> SettingsScreen:
    return SettingsScreen(
        shown_settings(Settings(".", theme="dark", lock_after=300), {}), "strongroom.toml", 9
    )


def import_of(lines: str) -> Callable[[], ImportFile]:
    async def look(path: str, passphrase: SecretValue, choices: ImportChoices) -> Plan:
        changes = [PlannedChange(CHANGED, "weather_api_key", Kind.SECRET, 1, "", ("value",))]
        changes.append(PlannedChange(NEW, "new_key", Kind.SECRET, 2))
        refusals = [Refusal(3, "bad-name", "the name contains a hyphen")]
        return Plan("production", lines, changes, refusals, [], [])

    return lambda: ImportFile("production", look)


@BOTH
@pytest.mark.parametrize(
    ("make", "wait"),
    [(history, "● current"), (settings, "dark, light or mono")],
    ids=["history", "settings"],
)
def test_dialog(
    make: Callable[[], Any], wait: str, size: tuple[int, int], snap_compare: Any, make_app: Make
) -> None:
    assert picture(snap_compare, make_app(), pushed(make, wait), size)


@BOTH
def test_import(size: tuple[int, int], snap_compare: Any, make_app: Make) -> None:
    first = pushed(import_of("a .env file"), "Nothing is saved before")

    async def read(app: StrongroomApp, pilot: Any) -> None:
        await first(app, pilot)
        await pilot.press(*"env", "enter")
        await see(app, "1 new, 1 changed, 0 the same, 1 refused")
        await pilot.pause()

    assert picture(snap_compare, make_app(), read, size)


@BOTH
def test_tour(size: tuple[int, int], snap_compare: Any, make_app: Make, session: MemorySession) -> None:
    session.data["production"].pop("weather_api_key")

    async def begin(app: StrongroomApp, pilot: Any) -> None:
        await ready(app, pilot)
        await app.begin_tour()
        await see(app, "Tour 1 of 5")
        await pilot.pause()

    assert picture(snap_compare, make_app(), begin, size)


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
    assert picture(snap_compare, make_app(run_connector=answer), SCREENS[name], (60, 18))


@pytest.mark.parametrize("theme", ["light", "mono"])
@pytest.mark.parametrize("name", ["secrets", "create", "rename", "delete", "help", "connectors", "test"])
def test_other_themes(
    name: str, theme: str, snap_compare: Any, make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app(run_connector=answer)
    app.theme = f"strongroom-{theme}"
    assert picture(snap_compare, app, SCREENS[name], (80, 24))
