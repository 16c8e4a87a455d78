"""What the main screens look like, at 80x24 and 120x40. After a wanted change: `pytest --snapshot-update`."""

from collections.abc import Callable
from typing import Any

import pytest
from tui_support import NOW, MemorySession, report

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
Picture = Callable[..., bool]
Size = tuple[int, int]
BOTH = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


async def answer(connector: Any, values: Any, inputs: Any, settings: Any) -> Any:
    return report()


SCREENS = {
    "secrets": ("end", "up", "=slack_token"),
    "missing": ("home", "=adds this secret"),
    "filter": ("slash", *"crm", "=3 of 8"),
    "create": ("end", "n", *("a", "p", "i", "minus", "k"), "=contains a hyphen"),
    "edit": ("end", "e", "=fixed once it is saved"),
    "delete": ("end", "d", "=would stop working"),
    "connectors": ("2", "=secret-quotes"),
    "test": ("3", "ctrl+r", "=passed"),
    "timing": ("3", "ctrl+r", "=passed", *["right_square_bracket"] * 4, "=120.0 ms"),
    "help": ("question_mark", "=New secret or variable"),
    "palette": ("ctrl+p", *"lock", "=Lock the vault"),
    "rename": ("end", "R", *["backspace"] * 4, "=1 line in 1 file will change with it:"),
    "expiry": ("end", "E", *"90d", "=in 90 d"),
    "generate": ("end", "e", "ctrl+g", "=about 238 bits"),
    "selection": ("home", "down", "space", "space", "=2 entries selected"),
    "export": ("end", "x", "=bundle with a passphrase"),
    "tour-offer": ("end", "T", "=Nothing of yours"),
    "jump": ("end", "semicolon"),
    "communities": ("c", "=shown now"),
}


@BOTH
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: Size, picture: Picture, make_app: Make, session: MemorySession) -> None:
    session.open = True
    assert picture(make_app(run_connector=answer), SCREENS[name], size)


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
def test_dialog(make: Callable[[], Any], wait: str, size: Size, picture: Picture, make_app: Make) -> None:
    assert picture(make_app(), ("=" + wait,), size, lambda app: app.push_screen(make()))


@BOTH
def test_import(size: Size, picture: Picture, make_app: Make) -> None:
    steps = ("=Nothing is saved before", *"env", "enter", "=1 new, 1 changed, 0 the same, 1 refused")
    assert picture(make_app(), steps, size, lambda app: app.push_screen(import_of("a .env file")()))


@BOTH
def test_tour(size: Size, picture: Picture, make_app: Make, session: MemorySession) -> None:
    session.data["production"].pop("weather_api_key")
    assert picture(make_app(), ("=Tour 1 of 5",), size, StrongroomApp.begin_tour)


@BOTH
def test_locked_and_unlock(size: Size, picture: Picture, make_app: Make) -> None:
    assert picture(make_app(), ("end", "r", "=Unlock the vault"), size)


@BOTH
def test_first_run(size: Size, picture: Picture, make_app: Make, session: MemorySession) -> None:
    session.exists = False
    assert picture(make_app(), ("end", "=no vault"), size)


@BOTH
def test_making_a_vault(size: Size, picture: Picture, make_app: Make, session: MemorySession) -> None:
    session.exists = False
    assert picture(make_app(), ("n", "=Once more"), size)


@pytest.mark.parametrize("name", ["secrets", "create", "connectors", "test"])
def test_small_screen(name: str, picture: Picture, make_app: Make, session: MemorySession) -> None:
    session.open = True
    assert picture(make_app(run_connector=answer), SCREENS[name], (60, 18))


@pytest.mark.parametrize("theme", ["light", "mono"])
@pytest.mark.parametrize("name", ["secrets", "create", "rename", "delete", "help", "connectors", "test"])
def test_other_themes(
    name: str, theme: str, picture: Picture, make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app(run_connector=answer)
    app.theme = f"strongroom-{theme}"
    assert picture(app, SCREENS[name], (80, 24))
