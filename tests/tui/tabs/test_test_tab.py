"""The Test tab: inputs, a run, cancelling, and what the result shows."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dialog_support import dialog
from tui_support import CANARY, MemorySession, ready, report, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.unlock import Unlock
from strongroom_tui.tabs.test import TestPane

Make = Callable[..., StrongroomApp]
SIZE = (100, 30)


class Runner:
    """Takes the place of the resolver."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer or report()
        self.calls: list[tuple[Any, Any, Any]] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, connector: Any, values: Any, inputs: Any, settings: Any) -> Any:
        self.calls.append((connector, values, inputs))
        if self.gate is not None:
            await self.gate.wait()
        return self.answer


async def opened(app: StrongroomApp, pilot: Any) -> TestPane:
    await ready(app, pilot)
    await pilot.press("3")
    await see(app, "runs the test")
    return app.query_one(TestPane)


async def test_a_run_shows_status_response_and_time(make_app: Make, session: MemorySession) -> None:
    session.open = True
    runner = Runner()
    app = make_app(run_connector=runner)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "✓ passed  200 OK")
        await see(app, "celsius: 21")
        assert "123 ms" in screen_text(app)
        connector, values, inputs = runner.calls[0]
        assert connector["name"] == "Weather now"
        assert inputs.path_parameters == {"city": "lisbon"}
        assert values.secret("weather_api_key").reveal() == CANARY
        assert values.secret("slack_token") is None  # only what the connector asks for was read


async def test_every_part_of_the_result_is_one_key_away(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app(run_connector=Runner())
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("ctrl+r")
        await see(app, "[Response]")
        for part, text in (
            ("[Raw]", '{"city": "Lisbon"'),
            ("[Headers]", "application/json"),
            ("[Request]", "get_secret('weather_api_key')"),
            ("[Timing]", "120.0 ms"),
            ("[Explain]", "the secret 'weather_api_key'"),
            ("[API]", "not kept"),
        ):
            await pilot.press("right_square_bracket")
            await see(app, part)
            await see(app, text)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await see(app, "[Timing]")


async def test_a_failed_run_opens_its_explanation_and_marks_the_unresolved_name(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    expression = "{{ get_secret('weather_api_key') }}"
    failed = report(passed=False, status=401, reason="Unauthorized", unresolved=(expression,))
    app = make_app(run_connector=Runner(failed))
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await see(app, "✗ failed  401 Unauthorized")
        await see(app, "[Explain]")
        await pilot.press("left_square_bracket", "left_square_bracket")
        await see(app, "✗ not resolved, so the text itself was sent:")
        await see(app, '✗   "Authorization": "Bearer {{ get_secret')


async def test_escape_cancels_a_running_test(make_app: Make, session: MemorySession) -> None:
    session.open = True
    runner = Runner()
    app = make_app(run_connector=runner)
    async with app.run_test(size=SIZE) as pilot:
        runner.gate = asyncio.Event()
        await opened(app, pilot)
        await pilot.press("enter")
        await see(app, "… running")
        await pilot.press("escape")
        await see(app, "– cancelled")
        runner.gate.set()
        await pilot.pause()
        assert "passed" not in screen_text(app)
        runner.gate = None
        await pilot.press("enter")
        await see(app, "✓ passed")


async def test_a_connector_with_a_secret_asks_for_the_key_first(make_app: Make) -> None:
    runner = Runner()
    app = make_app(run_connector=runner)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await dialog(app, Unlock)
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        assert not runner.calls


async def test_inputs_are_remembered_per_connector(make_app: Make) -> None:
    app = make_app(run_connector=Runner())
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"porto", "escape", "p")
        await see(app, "Test which connector?")
        await pilot.press(*"crm", "enter")
        await until(lambda: pane.target is not None and pane.target.name == "CRM contacts")
        assert "path:city" not in pane.values()
        await pilot.press("p")
        await see(app, "Test which connector?")
        await pilot.press(*"weather", "enter")
        await until(lambda: pane.values().get("path:city") == "porto", "remembered")


async def test_a_query_that_is_none_is_refused_before_anything_is_sent(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    runner = Runner()
    app = make_app(run_connector=runner)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", "tab", *"nonsense", "enter")
        await see(app, '"nonsense" is not a query parameter.')
        assert not runner.calls


async def test_no_key_is_asked_for_where_only_a_text_names_the_function(
    make_app: Make, workspace: Path
) -> None:
    plain = {"name": "Plain", "url": "https://api.example.com/", "description": "Not with get_secret('x')."}
    (workspace / "connectors_registry.json").write_text(json.dumps({"connectors": [plain]}))
    app = make_app(run_connector=Runner())
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await see(app, "✓ passed  200 OK")


async def test_t_tests_the_connector_under_the_cursor(make_app: Make) -> None:
    app = make_app(run_connector=Runner())
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "Stripe charges")
        await pilot.press("slash", *"stripe", "enter", "down", "t")
        pane = app.query_one(TestPane)
        await until(lambda: pane.target is not None and pane.target.name == "Stripe charges")
        await see(app, "[3 Test]")


async def test_a_large_response_is_drawn_line_by_line(make_app: Make, session: MemorySession) -> None:
    session.open = True
    body = json.dumps([{"id": i, "name": f"row {i}"} for i in range(20_000)])
    app = make_app(run_connector=Runner(report(text=body)))
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await see(app, 'name: "row 0"')
        await pilot.press("G", "l", "G")
        await see(app, 'name: "row 19999"')


async def test_the_real_resolver_sends_the_secret_and_shows_only_the_template(
    make_app: Make, session: MemorySession, workspace: Path
) -> None:
    httpx2 = pytest.importorskip("httpx2")
    run = pytest.importorskip("strongroom.resolver.runner")
    sent: list[Any] = []

    def answer(request: Any) -> Any:
        sent.append(request)
        return httpx2.Response(200, json={"got": request.headers["Authorization"]})

    async def runner(connector: Any, values: Any, inputs: Any, settings: Any) -> Any:
        return await run.run_connector(connector, values, inputs, transport=httpx2.MockTransport(answer))

    session.open = True
    app = make_app(run_connector=runner)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        await see(app, "✓ passed")
        assert sent[0].headers["Authorization"] == f"Bearer {CANARY}"
        for _ in range(6):
            await pilot.press("right_square_bracket")
            await pilot.pause()
            assert CANARY not in screen_text(app)
            assert CANARY not in app.export_screenshot()
