"""Typing into a field or a filter: keys that come in one burst take effect in their order."""

from collections.abc import Callable

import pytest
from dialog_support import dialog
from textual.widgets import Input
from tui_support import MemorySession, burst, ready, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.rename import Rename
from strongroom_tui.frame.actions import ACTIONS, Tab
from strongroom_tui.widgets.virtual_list import VirtualList

Make = Callable[..., StrongroomApp]


async def test_what_is_typed_after_an_editing_key_is_not_edited_by_it(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "R")
        await dialog(app, Rename)
        name = app.screen.query_one("#name", Input)
        burst(app, "ctrl+u", *"abx", "backspace", "c", "home", "z", "ctrl+e", "d")
        await until(lambda: name.value == "zabcd", "all of it, in its order")


@pytest.mark.parametrize("place", ["1", "2"])
async def test_what_is_typed_after_the_key_that_filters_runs_no_action(
    place: str, make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press(place)
        rows = app.focused
        assert isinstance(rows, VirtualList)
        burst(app, "slash", *"dney", "enter")
        await until(lambda: rows.query_text == "dney" and not rows.is_querying, "typed and kept")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_filter_key_of_ones_own_filters_too(make_app: Make) -> None:
    app = make_app()
    app.use_keys(
        tuple(
            action._replace(keys=("f",)) if (action.tab, action.id) == (Tab.SECRETS, "filter") else action
            for action in ACTIONS
        )
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        burst(app, "f", *"crm")
        await until(lambda: app.secrets.entries.query_text == "crm")
