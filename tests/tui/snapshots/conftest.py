"""Take a picture of the app once everything that it was asked for is done."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_textual_snapshot import normalize_svg
from tui_support import at_rest, ready, see

from strongroom_tui.app import StrongroomApp

Steps = tuple[str, ...]

STILL_LOOKS = 100
"""Looks, 20 ms apart, that show one picture before it counts as the last one. A busy machine may skip many."""


async def walk(app: StrongroomApp, pilot: Any, steps: Steps) -> None:
    """Press the keys in `steps`; where a step begins with "=", wait for its text."""
    for step in steps:
        if step.startswith("="):
            await see(app, step[1:])
            await at_rest(app, pilot)
        else:
            await pilot.press(step)


@pytest.fixture
def picture(snap_compare: Any, request: pytest.FixtureRequest) -> Callable[..., bool]:
    """Compare the app after some steps with the accepted picture.

    `first` opens what no key opens. It runs before the steps.
    """
    module, name = request.node.path, request.node.name
    accepted = module.parent / "__snapshots__" / module.stem / f"{name}.svg"
    wanted = normalize_svg(accepted.read_text()) if accepted.exists() else ""

    def compare(
        app: StrongroomApp,
        steps: Steps,
        size: tuple[int, int],
        first: Callable[[StrongroomApp], Awaitable[Any]] | None = None,
    ) -> bool:
        async def before(pilot: Any) -> None:
            await ready(app, pilot)
            if first is not None:
                await first(app)
            await walk(app, pilot, steps)
            # A blinking cursor would be there in one picture and not in the next.
            for field in app.screen.query("Input"):
                field.cursor_blink = False
            app.keys.notice = ""
            app.keys.refresh()
            await painted(app, pilot, wanted)

        return bool(snap_compare(app, terminal_size=size, run_before=before))

    return compare


async def painted(app: StrongroomApp, pilot: Any, wanted: str) -> None:
    """Wait until the screen is the wanted picture, or stays as it is for long enough to say that it will not be."""
    before, same = "", 0
    while same < STILL_LOOKS:
        await pilot.pause(0.02)
        now = normalize_svg(app.export_screenshot(simplify=True))
        if now == wanted:
            return
        before, same = now, same + 1 if now == before else 0
