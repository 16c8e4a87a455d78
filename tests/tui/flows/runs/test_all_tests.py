"""All test cases run as everything was when they began, and end with a lock."""

import asyncio
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from run_support import Api, captures, head
from tui_support import MemorySession, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.all_tests import AllTests
from strongroom_tui.flows.runs import running_all

Make = Callable[..., StrongroomApp]
SIZE = (120, 30)


CASES = """\
[[test]]
name = "Lisbon"
connector = "weather-now"
path_parameters = { city = "lisbon" }

[[test]]
name = "Charges"
connector = "stripe-charges"
"""


async def test_all_tests_run_as_everything_was_when_they_began(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    registry = workspace / "connectors_registry.json"
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await until(lambda: len(api.asked) == 2, "both are sent")
        session.shown = "staging"  # as another program does
        session.changes += 1
        registry.write_text(registry.read_text().replace("/v1/{{", "/v2/{{"))
        await until(lambda: app.snapshot.community == "staging")
        api.gate.set()
        await see(app, "✓ 2 passed")
        await until(lambda: len(captures(workspace)) == 2, "captured")
        assert {data["community"] for data in captures(workspace)} == {"production"}
        await pilot.press("home", "enter")
        await see(app, "of Weather now (production), stale, test Lisbon")
        assert "the connector changed, the commu" in head(app)


async def test_all_tests_end_when_the_vault_is_locked_by_another_program(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await until(lambda: len(api.asked) == 2, "both are sent")
        session.open = False
        session.changes += 1
        await see(app, "cancelled")
        assert not captures(workspace)


async def test_a_tests_run_is_saved_as_it_was_after_its_file_changed(
    make_app: Make, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.tests.toml"
    file.write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        await pilot.press("home", "enter")
        await see(app, "test Lisbon")
        file.write_text(CASES.replace('"lisbon"', '"porto"'))
        await pilot.press("s")
        await see(app, "Of Weather now (production)")
        await pilot.press("ctrl+s")
        await until(lambda: len(tomllib.loads(file.read_text())["test"]) == 3, "saved")
        assert tomllib.loads(file.read_text())["test"][2]["path_parameters"] == {"city": "lisbon"}


async def test_leaving_during_a_run_leaves_nothing_behind(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await pilot.press("q")
    assert app.return_code == 0
    assert not captures(workspace)


async def test_escape_goes_back_from_a_result_to_all_tests_and_runs_none_again(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        await pilot.press("end", "enter")
        await see(app, "test Charges")
        await see(app, "esc all tests")
        await pilot.press("escape")
        await see(app, "✓ 2 passed")
        assert isinstance(app.screen, AllTests)
        assert app.screen.rows.cursor == 1
        assert len(api.asked) == 2
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_result_is_shown_and_the_list_left_while_the_runs_are_being_saved(
    make_app: Make, opened: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    may_save = threading.Event()
    keep = running_all._keep

    def held(*args: Any) -> None:
        assert may_save.wait(30)
        keep(*args)

    monkeypatch.setattr(running_all, "_keep", held)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        await pilot.press("end", "enter")
        await see(app, "test Charges")
        await pilot.press("escape")
        await see(app, "✓ 2 passed")
        await pilot.press("r")
        await see(app, "✓ 2 passed")
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        assert not captures(workspace)
        may_save.set()
        await until(lambda: len(captures(workspace)) == 4, "saved, both times")


async def test_again_in_all_tests_runs_what_the_files_have_by_then(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.tests.toml"
    file.write_text(CASES)
    registry = workspace / "connectors_registry.json"
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        registry.write_text(registry.read_text().replace("/v1/{{", "/v2/{{"))
        file.write_text(CASES.replace('"lisbon"', '"porto"'))
        await pilot.press("r")
        await until(lambda: len(api.asked) == 4)
        assert "/v2/porto" in {request.url.path for request in api.asked}
