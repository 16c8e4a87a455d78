"""Helpers of the tests of runs: a stand-in API, the Test tab over it, and what a run leaves."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
from tui_support import ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.tabs.test import TestPane


class Api:
    """Answers with its host. While `gate` is set, an answer waits for it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.gate: asyncio.Event | None = None
        self.body: dict[str, Any] = {}

    async def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        gate, number = self.gate, len(self.asked)
        if gate is not None:
            await gate.wait()
        return httpx2.Response(200, json={"host": request.url.host, "number": number, **self.body})

    @property
    def hosts(self) -> set[str]:
        return {request.url.host for request in self.asked}


async def open_test_place(app: StrongroomApp, pilot: Any, api: Any) -> TestPane:
    """Open the Test tab; its runs ask `api`."""
    await ready(app, pilot)
    await pilot.press("3")
    await see(app, "runs the test")
    pane = app.query_one(TestPane)
    pane.runner.transport = httpx2.MockTransport(api)
    return pane


def head(app: StrongroomApp) -> str:
    """The line that says of which run the result is."""
    return next((line for line in screen_text(app).splitlines() if "of " in line and "(" in line), "")


async def choose(app: StrongroomApp, pilot: Any, name: str, whole: str) -> None:
    await pilot.press("p")
    await see(app, "Test which connector?")
    await pilot.press(*name, "enter")
    pane = app.query_one(TestPane)
    await until(lambda: pane.target is not None and pane.target.name == whole, whole)


async def switch(app: StrongroomApp, pilot: Any, community: str) -> None:
    await pilot.press("c")
    await see(app, "Community")
    await pilot.press(*community, "enter")
    await until(lambda: app.snapshot.community == community, community)
    await until(lambda: not asks(app))


def asks(app: StrongroomApp) -> bool:
    """Whether something asks a person, or is about to."""
    return any(not worker.is_finished for worker in app.workers if worker.group == "dialog")


def captures(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(p.read_text()) for p in sorted((workspace / ".strongroom/captures").glob("*.json"))]


async def run_lisbon(app: StrongroomApp, pilot: Any) -> None:
    await pilot.press("i", *"lisbon", "enter")
    await see(app, "✓ passed")
