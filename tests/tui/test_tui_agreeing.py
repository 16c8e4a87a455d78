"""The app asks before secrets go to a host for the first time, and sends nothing where the answer is no."""

from typing import Any

import httpx2
import pytest
from tui_support import MemorySession, entry, ready, screen_text, see, until

from strongroom.trusted_hosts import TrustedHosts
from strongroom_tui.screens.test import TestPane


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def opened(
    make_app: Any, session: MemorySession, sent: list[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.delenv("STRONGROOM_TRUST")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    session.open = True
    session.put("production", entry("stripe_key"), "sk_1_value")

    def api(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.url.host)
        return httpx2.Response(200, json={"ok": True})

    async def open_place(app: Any, pilot: Any) -> TestPane:
        await ready(app, pilot)
        await pilot.press("3")
        await see(app, "runs the test")
        pane = app.query_one(TestPane)
        pane.bench.transport = httpx2.MockTransport(api)
        return pane

    return open_place


async def run(app: Any, pilot: Any) -> None:
    await pilot.press("i", *"lisbon", "enter")
    await see(app, "Send secrets of production to a new host?")


@pytest.mark.parametrize("size", [(60, 18), (120, 40)])
async def test_a_yes_sends_and_is_remembered(make_app: Any, opened: Any, sent: list[str], size: Any) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        await run(app, pilot)
        assert "weather_api_key" in screen_text(app)
        assert sent == []
        await pilot.press("y")
        await until(lambda: len(sent) == 1, "sent")
        await see(app, "✓ passed")
        assert [one.community for one in TrustedHosts().agreements()] == ["production"]
        await pilot.press("ctrl+r")
        await until(lambda: len(sent) == 2, "sent again, without a question")


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_a_no_sends_nothing_and_is_asked_again(
    make_app: Any, opened: Any, sent: list[str], key: str
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run(app, pilot)
        await pilot.press(key)
        await see(app, "nothing was sent")
        assert sent == []
        assert TrustedHosts().agreements() == []
        await pilot.press("ctrl+r")
        await see(app, "Send secrets of production to a new host?")
