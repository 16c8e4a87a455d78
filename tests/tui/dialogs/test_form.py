"""The form of an entry, driven by keys: create with each refusal, load a file, edit."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_support import dialog
from textual import events
from textual.widgets import Input
from tui_support import CANARY, MemorySession, ready, screen_text, see, typed, until

from strongroom.names import Kind
from strongroom.platform.naming import NAME_HINT
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.widgets.value_editor import ValueEditor

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("api-key", "Invalid secret name - contains a hyphen"),
        ("api key", "Invalid secret name - contains a space"),
        ("1key", "Invalid secret name - starts with a digit"),
        ("a@b", "Invalid secret name - contains '@'"),
        ("slack_token", "Duplicate secret name"),
    ],
)
async def test_a_bad_name_is_named_while_it_is_typed(
    make_app: Make, session: MemorySession, name: str, words: str
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, name)
        await see(app, words)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, EntryForm)
        assert len(session.data["production"]) == 7


async def test_a_name_without_a_service_gets_a_hint_and_is_saved_all_the_same(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "api_key")
        await see(app, NAME_HINT)
        await typed(pilot, "_weather")
        await until(lambda: NAME_HINT not in screen_text(app))
        for _ in "_weather":
            await pilot.press("backspace")
        await see(app, NAME_HINT)
        await pilot.press("tab", "tab")
        await typed(pilot, "a value")
        await pilot.press("ctrl+s")
        await until(lambda: "api_key" in session.data["production"])


async def test_an_empty_value_is_refused_in_the_platforms_words(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "fresh_key")
        assert "Empty secret value" not in screen_text(app)  # nobody has been there yet
        await pilot.press("ctrl+s")
        await see(app, "Empty secret value")
        assert app.screen.query_one("#value").has_focus


async def test_a_problem_is_read_whole_on_a_narrow_screen(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(60, 18)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.press("ctrl+s")
        await until(
            lambda: "cannot be" in screen_text(app) and "empty" in screen_text(app).split("cannot be")[-1]
        )


async def test_a_refusal_of_the_vault_keeps_the_form_open(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "race")
        await pilot.press("tab", "tab")
        await typed(pilot, "value-1")
        session.put(
            "production", session.data["production"]["slack_token"][0]._replace(name="race"), "theirs"
        )
        await pilot.press("ctrl+s")
        await see(app, "Duplicate secret name: race exists.")
        assert session.data["production"]["race"][1].reveal() == "theirs"


async def test_a_value_that_cannot_be_masked_well_is_told_when_it_is_saved(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "new_key")
        await pilot.press("tab", "tab")
        await typed(pilot, "zebra")
        await pilot.press("ctrl+s")
        await until(lambda: "cannot be" in screen_text(app), "the notice")
        assert "zebra" not in screen_text(app)


async def test_a_pasted_pem_is_saved_with_its_lines_and_never_shown(
    make_app: Make, session: MemorySession
) -> None:
    from textual import events

    pem = "-----BEGIN KEY-----\nline-one\nline-two\n-----END KEY-----\n"
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "portal_key")
        await pilot.press("tab", "tab")
        app.screen.query_one(ValueEditor).post_message(events.Paste(pem.replace("\n", "\r")))
        await pilot.pause()
        assert "line-one" not in screen_text(app)
        await pilot.press("tab")
        await see(app, "5 lines")
        await pilot.press("ctrl+s")
        await until(lambda: "portal_key" in session.data["production"])
        assert session.data["production"]["portal_key"][1].reveal() == pem


async def test_a_file_is_loaded_as_the_value_with_its_bytes(
    make_app: Make, session: MemorySession, tmp_path: Path
) -> None:
    file = tmp_path / "k.pem"
    file.write_bytes(b"one\r\ntwo\n")
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "from_file")
        app.screen.query_one("#path").focus()
        app.screen.query_one("#path").value = str(file)
        await pilot.press("enter")
        await see(app, "Loaded 3 lines")
        await pilot.press("ctrl+s")
        await until(lambda: "from_file" in session.data["production"])
        assert session.data["production"]["from_file"][1].reveal() == "one\r\ntwo\n"


async def test_a_path_that_was_typed_and_not_loaded_is_not_dropped_by_a_save(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("/", *"slack", "enter", "e")
        await dialog(app, EntryForm)
        app.screen.query_one("#path").focus()
        await typed(pilot, "slack.txt")
        await pilot.press("ctrl+s")
        await see(app, "Not loaded yet: ⏎ here loads it as the value.")
        assert isinstance(app.screen, EntryForm)
        assert app.screen.query_one("#path").has_focus
        await pilot.press("ctrl+u", "ctrl+s")
        await until(lambda: not isinstance(app.screen, EntryForm))


async def test_a_variable_is_made_and_shown_in_full(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "region")
        await pilot.press("tab", "right", "tab")
        await typed(pilot, "eu-west-1")
        await see(app, "eu-west-1")
        await pilot.press("ctrl+s")
        await until(lambda: "region" in session.data["production"])
        assert session.data["production"]["region"][0].kind is Kind.VARIABLE


async def test_editing_keeps_the_value_unless_one_is_typed(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "e")
        await dialog(app, EntryForm)
        await see(app, "Edit weather_api_key")
        await see(app, "fixed once it is saved")
        app.screen.query_one("#note").value = "new note"
        await pilot.press("ctrl+s")
        await see(app, "✓ saved weather_api_key")
        kept, value = session.data["production"]["weather_api_key"]
        assert (kept.note, kept.version, value.reveal()) == ("new note", 1, CANARY)

        await pilot.press("e")
        await dialog(app, EntryForm)
        await pilot.pause()
        await typed(pilot, "replaced")
        await pilot.press("ctrl+s")
        await until(lambda: session.data["production"]["weather_api_key"][0].version == 2)
        assert session.data["production"]["weather_api_key"][1].reveal() == "replaced"


async def test_what_is_typed_right_after_enter_goes_to_the_next_field(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        app.screen.query_one("#note").focus()
        await pilot.pause()
        for key in ("a", "enter", "2"):  # all of them before any is handled
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(lambda: app.screen.query_one("#expires", Input).value == "2")
        assert app.screen.query_one("#note", Input).value == "a"
