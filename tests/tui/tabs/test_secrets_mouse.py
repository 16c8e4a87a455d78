"""The mouse: everything that a key does on the Secrets tab can be clicked."""

from collections.abc import Callable

from dialog_support import dialog
from tui_support import MemorySession, click, ready, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.form import EntryForm

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


async def test_a_secret_is_made_edited_and_deleted_by_clicks(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await click(app, pilot, "slack_token")
        await click(app, pilot, "n new")
        await dialog(app, EntryForm)
        await pilot.press(*"clicked", "tab", "tab", *"value")
        await click(app, pilot, "^s save")
        await see(app, "✓ added clicked")
        assert session.data["production"]["clicked"][1].reveal() == "value"
        await click(app, pilot, "slack_token")
        await click(app, pilot, "slack_token")
        await see(app, "Edit slack_token")
        await click(app, pilot, "esc cancel")
        await until(lambda: len(app.screen_stack) == 1)
        await pilot.press("d")
        await click(app, pilot, "y delete it")
        await until(lambda: "slack_token" not in session.data["production"])


async def test_a_click_on_a_columns_title_sorts_by_it(make_app: Make, session: MemorySession) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await click(app, pilot, "expires")
        await see(app, "sorted by expires")
        await see(app, "expires ▴")
        await click(app, pilot, "expires ▴")
        await see(app, "expires ▾")


async def test_a_choice_below_each_other_is_made_by_a_click(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await click(app, pilot, "^g generate")
        await click(app, pilot, "hex")
        await see(app, "40 characters, about 160 bits")
        await click(app, pilot, "⏎ use it")
        await dialog(app, EntryForm)
        assert not app.screen.query_one("#value").buffer.is_empty  # type: ignore[attr-defined]


async def test_the_community_and_the_vaults_state_on_the_top_line_can_be_clicked(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await click(app, pilot, "● unlocked")
        await see(app, "○ locked")
        await click(app, pilot, "○ locked")
        await see(app, "Unlock the vault")
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        await click(app, pilot, "production")
        await see(app, "type to search, or a new name")
