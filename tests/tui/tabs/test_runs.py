"""Runs in the Test tab, by the real resolver over a stand-in network: history, test cases, a missing secret, curl."""

import asyncio
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from dialog_support import dialog
from run_support import open_test_place
from tui_support import CANARY, MemorySession, ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.all_tests import AllTests
from strongroom_tui.dialogs.run_history import CompareRuns, RunHistory

httpx2 = pytest.importorskip("httpx2")

Make = Callable[..., StrongroomApp]
SIZE = (100, 30)


class Api:
    """Answers by path; refuses a request whose credential is still a template."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.gate: asyncio.Event | None = None
        self.celsius = 21
        self.headers: dict[str, str] = {}

    async def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        if self.gate is not None:
            await self.gate.wait()
        if "get_secret" in request.headers.get("Authorization", ""):
            return httpx2.Response(401, json={"error": "unauthorized"})
        echo = request.headers.get("Authorization", "")
        return httpx2.Response(
            200, json={"city": "Lisbon", "celsius": self.celsius, "echo": echo}, headers=self.headers
        )


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def opened(make_app: Make, session: MemorySession, api: Api) -> Callable[..., Any]:
    session.open = True

    return partial(open_test_place, api=api)


CASES = """\
[[test]]
name = "Lisbon"
connector = "weather-now"
path_parameters = { city = "lisbon" }

[[test]]
name = "Charges"
connector = "stripe-charges"
[test.expect]
status = 200
all_secrets_resolve = true

[[test]]
name = "Later"
connector = "crm-contacts"
skip = "waits for the new plan"
"""


async def test_a_missing_secret_is_made_by_one_key_and_the_test_runs_again(
    make_app: Make, session: MemorySession, api: Api, opened: Any
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("p")
        await see(app, "Test which connector?")
        await pilot.press(*"stripe", "enter")
        await until(lambda: pane.target and pane.target.name == "Stripe charges")
        await pilot.press("enter")
        await see(app, "production has no secret named stripe_key")
        await see(app, "makes it and runs the test again")
        await pilot.press("m")
        await see(app, "New · production")
        await pilot.press(*"sk_live_1", "ctrl+s")
        await see(app, "✓ passed")
        assert session.data["production"]["stripe_key"][1].reveal() == "sk_live_1"
        assert api.asked[-1].headers["Authorization"] == "Bearer sk_live_1"
        assert "sk_live_1" not in screen_text(app)


async def test_earlier_runs_are_shown_again_and_two_are_compared(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "celsius: 21")
        kept = workspace / ".strongroom" / "captures"
        await until(lambda: len(list(kept.glob("*.json"))) == 1, "captured")
        api.celsius = 30
        pane.forget()
        await pilot.press("enter")
        await see(app, "celsius: 30")
        await until(lambda: len(list(kept.glob("*.json"))) == 2, "captured")
        await pilot.press("H")
        await until(lambda: isinstance(app.screen, RunHistory) and app.screen.rows.has_focus)
        await pilot.press("c")
        await dialog(app, CompareRuns)
        await see(app, "$.celsius")
        text = screen_text(app)
        assert "- 21" in text
        assert "+ 30" in text
        await pilot.press("escape")
        await dialog(app, RunHistory)
        await pilot.press("end", "enter")
        await see(app, "celsius: 21")
        await see(app, "production")
        assert CANARY not in screen_text(app)
        assert all(CANARY not in file.read_text() for file in kept.glob("*.json"))


async def test_all_test_cases_run_and_a_failure_is_one_key_away(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("A")
        await see(app, "3 of 3")
        await see(app, "✓ 1 passed   ✗ 1 failed   – 1 skipped")
        await see(app, "waits for the new plan")
        screen = app.screen
        assert isinstance(screen, AllTests)
        await until(lambda: screen.rows.cursor == 1, "the first failure is under the cursor")
        await pilot.press("f")
        await until(lambda: len(screen.table) == 1)
        await pilot.press("enter")
        await see(app, "Test  Charges")
        await see(app, "status: expected 200; got 401")
        assert pane.target is not None
        assert pane.target.name == "Stripe charges"
        await pilot.press("m")
        await see(app, "New · production")
        await pilot.press(*"sk_1", "ctrl+s")
        await see(app, "✓ passed")


async def test_running_all_is_cancelled_and_what_had_ended_stays(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await see(app, "1 of 3")
        await pilot.press("escape")
        await see(app, "cancelled")
        assert isinstance(app.screen, AllTests)
        await see(app, "– 1 skipped")
        api.gate.set()
        await pilot.press("r")
        await see(app, "3 of 3")
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)


async def test_locking_ends_a_run_of_all_tests(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await see(app, "1 of 3")
        await pilot.press("ctrl+l")
        await until(lambda: len(app.screen_stack) == 1, "the dialog is gone")
        await see(app, "○ locked")
        assert not session.open
        assert pane.runner._tokens is None


async def test_a_call_is_saved_as_a_test_case_that_passes(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "celsius: 21")
        await pilot.press("s")
        await see(app, "Added to connectors_registry.tests.toml")
        await pilot.press("ctrl+s")
        file = workspace / "connectors_registry.tests.toml"
        await until(file.exists, "written")
        (test,) = tomllib.loads(file.read_text())["test"]
        assert test["name"] == "Weather now lisbon"
        assert test["path_parameters"] == {"city": "lisbon"}
        assert test["expect"]["status"] == 200
        assert {"path": "$.celsius", "type": "number"} in test["expect"]["body"]
        await pilot.press("A")
        await see(app, "✓ 1 passed")


async def test_without_test_cases_the_way_to_one_is_told(make_app: Make, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "no test cases yet")


async def test_a_mistake_in_the_file_of_test_cases_is_told_with_its_line(
    make_app: Make, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text('[[test]]\nname = "x"\nconnecter = "y"\n')
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "connectors_registry.tests.toml:")


async def test_curl_is_copied_with_the_secret_as_a_variable(
    make_app: Make, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from strongroom_tui.flows.runs import curl

    copied: list[str] = []

    def copy(text: str, _write: Any) -> str:
        copied.append(text)
        return "xclip"

    monkeypatch.setattr(curl, "copy_plain", copy)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "escape", "x")
        await until(lambda: copied, "copied before a run")
        await pilot.press("enter")
        await see(app, "✓ passed")
        await pilot.press("x")
        await until(lambda: len(copied) == 2, "copied after one")
        for command in copied:
            assert "curl" in command
            assert "/v1/lisbon" in command
            assert CANARY not in command


async def test_a_text_is_found_in_the_tree_and_in_the_lines(make_app: Make, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "celsius: 21")
        await pilot.press("slash", *"C")
        await see(app, "1 of 3")
        await pilot.press("enter", "n")
        await see(app, "2 of 3")
        assert pane.view.json.row is not None
        assert pane.view.json.row.path == ("celsius",)
        await pilot.press("N", "N")
        await see(app, "3 of 3")
        await pilot.press("right_square_bracket", "slash", *"lisbon")
        await see(app, "1 of 1")
        assert pane.view.lines.marked is not None
        await pilot.press("escape")
        await until(lambda: pane.view.lines.has_focus)


async def test_escape_ends_a_search_that_enter_has_kept(make_app: Make, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "celsius: 21")
        await pilot.press("slash", *"lisbon", "enter")
        await see(app, "1 of 1")
        await until(lambda: pane.view.shown.has_focus)
        await pilot.press("escape")
        await until(lambda: not pane.view.is_finding)
        assert pane.view.shown.has_focus
        assert not pane.view.hits


async def test_what_the_run_is_doing_is_told_while_it_runs(make_app: Make, api: Api, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "… waiting for the answer")
        await see(app, "esc cancels")
        await pilot.resize_terminal(60, 18)
        await see(app, "… waiting for the answer")
        api.gate.set()
        await see(app, "✓ passed")


async def test_an_echoed_secret_and_a_typed_one_are_on_no_screen_and_in_no_file(
    make_app: Make, session: MemorySession, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "tab", "tab", "tab", *CANARY, "ctrl+r")
        await see(app, "✓ passed")
        pane.form.display = False  # what somebody types is in clear there
        for _ in range(6):
            await pilot.press("right_square_bracket")
            await pilot.pause()
            assert CANARY not in screen_text(app)
        await until((workspace / ".strongroom" / "inputs.json").exists, "remembered")
        await until(lambda: list((workspace / ".strongroom" / "captures").glob("*.json")), "captured")
        kept = [f for f in (workspace / ".strongroom").rglob("*") if f.is_file()]
        assert all(CANARY not in file.read_text() for file in kept)
        assert '"path:city": "lisbon"' in (workspace / ".strongroom" / "inputs.json").read_text()


async def test_an_answer_from_the_cache_says_so_and_f_asks_the_api_again(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.json"
    file.write_text(file.read_text().replace('"Authorization"', '"X-Key"'))
    api.headers = {"Cache-Control": "public, max-age=600"}
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "✓ passed")
        await pilot.press("enter")
        await see(app, "cached")
        assert len(api.asked) == 1
        await pilot.press("f")
        await until(lambda: len(api.asked) == 2, "asked again")


async def test_while_the_vault_is_locked_free_text_is_not_kept(
    make_app: Make, session: MemorySession, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.json"
    file.write_text(file.read_text().replace("{{ get_secret('weather_api_key') }}", "x"))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("ctrl+l")
        await see(app, "○ locked")
        await pilot.press("i", *"lisbon", "tab", "tab", "tab", *"anything", "ctrl+r")
        await see(app, "✓ passed")
        kept = workspace / ".strongroom" / "inputs.json"
        await until(kept.exists, "remembered")
        assert "lisbon" in kept.read_text()
        assert "anything" not in kept.read_text()


async def test_locking_drops_the_tokens_and_answers_of_earlier_runs(make_app: Make, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "✓ passed")
        assert pane.runner._tokens is not None
        await pilot.press("ctrl+l")
        await see(app, "○ locked")
        assert pane.runner._tokens is None
        assert pane.runner._cache is None


async def test_communities_are_compared_and_what_is_missing_is_made(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("C")
        await see(app, "6 missing in staging")
        await pilot.press("n")
        await see(app, "New · staging")
        await see(app, "crm_base_url")
        await pilot.press(*"https://x", "ctrl+s")
        await see(app, "5 missing in staging")
        assert "crm_base_url" in session.data["staging"]
        assert app.snapshot.community == "production"


async def test_the_community_is_switched_in_every_place(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        for place, wanted in (("2", "staging"), ("3", "production"), ("1", "staging")):
            await pilot.press(place)
            await pilot.pause()
            await pilot.press("c")
            await see(app, "Community")
            await pilot.press(*wanted, "enter")
            await until(lambda wanted=wanted: app.snapshot.community == wanted, wanted)
