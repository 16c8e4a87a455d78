"""The mouse on the places of connectors and tests: rows, the source, parts of a result, the keys of dialogs."""

from collections.abc import Callable
from typing import Any

from tui_support import MemorySession, click, ready, report, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.tabs.connectors import ConnectorsPane
from strongroom_tui.tabs.test import TestPane

Make = Callable[..., StrongroomApp]
SIZE = (100, 30)


async def answer(*_: Any) -> Any:
    return report()


async def test_a_click_in_the_source_puts_the_cursor_there(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await click(app, pilot, "2 Connectors")
        await see(app, "! secret-quotes")
        await click(app, pilot, "crm_base_url")
        pane = app.query_one(ConnectorsPane)
        await until(lambda: pane.source.has_focus)
        await see(app, "read as a variable")
        await click(app, pilot, "▾ Stripe charges")
        await until(lambda: pane.node is not None and pane.node.text == "Stripe charges")
        await click(app, pilot, "▾ Stripe charges")
        await see(app, "▸ Stripe charges")


async def test_a_result_is_walked_through_by_clicks(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app(run_connector=answer)
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await click(app, pilot, "3 Test")
        await see(app, "runs the test")
        await click(app, pilot, "⏎ run")
        await see(app, "✓ passed")
        pane = app.query_one(TestPane)
        await click(app, pilot, "▾ tags")
        await until(lambda: pane.view.json.row is not None and pane.view.json.row.path == ("tags",))
        await click(app, pilot, "▾ tags")
        await see(app, '▸ tags: ["sun", "wind"]')
        await click(app, pilot, "Headers")
        await see(app, "[Headers]")
        await click(app, pilot, "A run all")
        await see(app, "no test cases yet")
