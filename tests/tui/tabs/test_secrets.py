"""The Secrets tab, driven by keys: list, filter, reveal, delete, and another community."""

import threading
from collections.abc import Callable

import pytest
from dialog_support import dialog
from tui_support import CANARY, MemorySession, ready, screen_text, see, typed, until

from strongroom.errors import StrongroomError
from strongroom.values.secret_value import MASK
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.frame.actions import Tab
from strongroom_tui.vault_state import Snapshot

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


async def test_the_list_is_there_without_a_key_and_shows_masks_alone(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        text = screen_text(app)
        assert "○ locked" in text
        assert "weather_api_key" in text
        assert f"w{MASK}" not in text
        assert "https://crm.ex" in text  # a variable in full


async def test_unlocked_rows_show_the_first_character(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, f"w{MASK}")
        assert "● unlocked" in screen_text(app)
        assert CANARY not in screen_text(app)


async def test_names_that_connectors_use_and_the_vault_lacks_are_listed_and_made_with_one_key(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("home")
        await see(app, "✗ missing")
        await pilot.press("enter")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "sk_live_123")
        await pilot.press("ctrl+s")
        await until(lambda: "stripe_key" in session.data["production"])
        await see(app, "✓ added stripe_key")
        assert "✗ missing" not in screen_text(app)


async def test_typing_filters_and_escape_shows_all_again(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("slash")
        await typed(pilot, "crm")
        await see(app, "3 of 8")
        assert "slack_token" not in screen_text(app)
        await pilot.press("escape")
        await see(app, "slack_token")


async def test_reveal_shows_the_value_and_time_hides_it(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.open = True
    app = make_app(reveal_seconds=17)
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        waiting: dict[float, Callable[[], None]] = {}
        monkeypatch.setattr(app.secrets, "set_timer", waiting.__setitem__)
        await pilot.press("end", "r")
        await see(app, CANARY)
        waiting[17]()
        await until(lambda: CANARY not in screen_text(app), "hidden after its time")


@pytest.mark.parametrize("key", ["up", "2", "r", "ctrl+l", "slash"])
async def test_reveal_hides_on_any_move(make_app: Make, session: MemorySession, key: str) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await see(app, CANARY)
        await pilot.press(key, *("c",) * (key == "slash"))
        await until(lambda: CANARY not in screen_text(app), "hidden on a move")
        assert app.secrets._revealed is None


async def test_a_revealed_value_with_escape_sequences_stays_text(
    make_app: Make, session: MemorySession
) -> None:
    session.put(
        "production",
        session.data["production"]["weather_api_key"][0]._replace(name="zz"),
        "a\x1b[2Jb\nsecond",
    )
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await see(app, "a␛[2Jb")
        await see(app, "second")


async def test_deleting_says_which_connectors_would_break_and_can_be_taken_back(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "d")
        await see(app, "1 connector would stop working:")
        await see(app, "Weather now")
        await pilot.press("n")
        await until(lambda: len(app.screen_stack) == 1)
        assert "weather_api_key" in session.data["production"]
        await pilot.press("d")
        await see(app, "would stop working")
        await pilot.press("y")
        await until(lambda: "weather_api_key" not in session.data["production"])
        await see(app, "z takes it back")
        await pilot.press("z")
        await until(lambda: "weather_api_key" in session.data["production"])


async def test_the_community_is_switched_and_its_names_are_shown(
    make_app: Make, session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("c")
        await see(app, "shown now")
        await typed(pilot, "stag")
        await pilot.press("enter")
        await until(lambda: session.shown == "staging")
        await until(lambda: "slack_token" not in screen_text(app), "the other community's names")
        await see(app, "crm_client_secret")  # used by a connector, missing here
        assert "staging" in screen_text(app).splitlines()[0]


async def test_a_change_by_another_process_shows_by_itself(make_app: Make, session: MemorySession) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await until(lambda: app.workspace.files)
        other = session.data["production"]["slack_token"][0]._replace(name="added_elsewhere")
        session.put("production", other, "x")
        await see(app, "added_elsewhere")


async def test_a_list_that_takes_long_to_read_follows_the_frame(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read = threading.Event()
    read = session.snapshot

    def slow() -> Snapshot:
        may_read.wait(10)
        return read()

    monkeypatch.setattr(session, "snapshot", slow)
    app = make_app()
    async with app.run_test(size=SIZE):
        await see(app, "… reading")
        may_read.set()
        await see(app, "weather_api_key")


async def test_t_runs_the_connector_that_uses_the_entry(make_app: Make, session: MemorySession) -> None:
    session.open = True
    ran: list[str] = []

    async def run(connector, values, inputs, settings):  # type: ignore[no-untyped-def]
        ran.append(connector["name"])
        raise StrongroomError("not sent in this test")

    app = make_app(run_connector=run)
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        users = app.workspace.users("weather_api_key")
        assert [user.name for user in users] == ["Weather now"]
        app.secrets.go_to("weather_api_key")
        await pilot.press("t")
        await until(lambda: ran == ["Weather now"])
        assert app.tab is Tab.TEST


async def test_t_says_so_when_no_connector_uses_the_entry(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        unused = next(name for name in session.data["production"] if not app.workspace.users(name))
        app.secrets.go_to(unused)
        await pilot.press("t")
        await see(app, f"no connector in this folder uses {unused}")
