"""Check that Tab goes to the next field, also before the screen was laid out again."""

from collections.abc import Callable

import pytest
from dialog_support import dialog
from textual.screen import Screen
from tui_support import MemorySession, at_rest, ready
from typing_support import SCENES, Scene, arrive

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.export_file import RECIPIENT, ExportFile
from strongroom_tui.widgets.choice import OneOf

Make = Callable[..., StrongroomApp]


async def test_a_field_that_was_just_shown_is_in_its_place(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test() as pilot:
        await ready(app, pilot)
        await pilot.press("x")
        export = await dialog(app, ExportFile)
        export.query_one(OneOf).value = RECIPIENT
        export.on_one_of_changed()
        assert [widget.id for widget in export.focus_chain] == ["form", "path", "recipient"]


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
async def test_the_order_is_the_one_on_the_screen(
    scene: Scene, make_app: Make, session: MemorySession
) -> None:
    session.open, session.exists = scene.is_open, scene.has_vault
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(app, pilot, scene)
        await at_rest(app, pilot)
        by_place = Screen.focus_chain.fget(app.screen)  # type: ignore[attr-defined]
        assert app.screen.focus_chain == by_place
