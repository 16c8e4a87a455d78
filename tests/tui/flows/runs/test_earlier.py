"""A run is kept without secrets, and an earlier one is shown, saved and copied as it was."""

import asyncio
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from run_support import Api, captures, choose, head, run_lisbon, switch
from tui_support import CANARY, MemorySession, entry, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.run_history import RunHistory
from strongroom_tui.flows.runs import curl

Make = Callable[..., StrongroomApp]
SIZE = (120, 30)


async def test_a_typed_secret_is_not_kept_whatever_is_chosen_or_shown_afterwards(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    """In a connector that was never run; of a community that is not shown any more; of one that never was."""
    session.put("staging", entry("other"), "wk_of_staging_1")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"oslo", "tab", "tab", "tab", *CANARY, "escape")
        await choose(app, pilot, "stripe", "Stripe charges")
        api.gate = asyncio.Event()
        await pilot.press("i", "tab", "tab", *f"a {CANARY} wk_of_staging_1", "ctrl+r")
        await until(lambda: api.asked, "sent")
        await switch(app, pilot, "staging")
        api.gate.set()
        await see(app, "✓ passed")
        await until(lambda: captures(workspace), "captured")
        kept = workspace / ".strongroom"
        for file in kept.rglob("*.json"):
            assert CANARY not in file.read_text()
            assert "wk_of_staging_1" not in file.read_text()
        assert captures(workspace)[0]["run"]["dropped"] == ["payload"]
        assert pane.remembered.of("connectors_registry.json", "Weather now")["payload"] == CANARY


async def test_an_earlier_run_is_saved_with_its_own_inputs_and_has_no_curl_of_another_call(
    make_app: Make, api: Api, opened: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(curl, "copy_plain", lambda text, _write: copied.append(text) or "xclip")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await run_lisbon(app, pilot)
        await until(lambda: captures(workspace), "captured")
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("H")
        await until(lambda: isinstance(app.screen, RunHistory) and app.screen.rows.has_focus)
        await pilot.press("a", "enter")
        await see(app, "of Weather now (production)")
        await pilot.press("i", "end", *"x", "escape")
        await see(app, "stale")
        assert "the inputs changed" in head(app)
        await pilot.press("x")
        await until(lambda: any("kept without its curl command" in n.message for n in app._notifications))
        assert not copied
        await pilot.press("s")
        await see(app, "Save as a test case")
        await pilot.press("ctrl+s")
        file = workspace / "connectors_registry.tests.toml"
        await until(file.exists, "written")
        assert tomllib.loads(file.read_text())["test"][0]["path_parameters"] == {"city": "lisbon"}


async def test_a_curl_command_says_of_which_run_it_is(
    make_app: Make, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(curl, "copy_plain", lambda text, _write: copied.append(text) or "xclip")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await run_lisbon(app, pilot)
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("x")
        await see(app, "curl command of Weather now (production) copied")
        assert "/v1/lisbon" in copied[0]
