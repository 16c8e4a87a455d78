"""The Secrets place, driven by keys: list, filter, create with each refusal, edit, reveal, delete."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input
from tui_support import CANARY, MemorySession, ready, screen_text, see, until

from strongroom.names import Kind
from strongroom.values.secret_value import MASK
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import Session
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.unlock import CreateVault, Unlock
from strongroom_tui.vault_state import Snapshot
from strongroom_tui.widgets.value_editor import ValueEditor

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


async def typed(pilot, text: str) -> None:
    keys = {
        "-": "minus",
        "_": "underscore",
        " ": "space",
        "/": "slash",
        ".": "full_stop",
        ":": "colon",
        "@": "at",
    }
    await pilot.press(*(keys.get(c, c) for c in text))


async def test_the_list_is_there_without_a_key_and_shows_masks_alone(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        text = screen_text(app)
        assert "○ locked" in text
        assert "weather_api_key" in text
        assert f"w{MASK}" not in text
        assert "https://crm.ex" in text  # a variable in full


async def test_unlocked_rows_show_the_first_character(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, f"w{MASK}")
        assert "● unlocked" in screen_text(app)
        assert CANARY not in screen_text(app)


async def test_names_that_connectors_use_and_the_vault_lacks_are_listed_and_made_with_one_key(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("home")
        await see(app, "✗ missing")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, EntryForm))
        await pilot.pause()
        await typed(pilot, "sk_live_123")
        await pilot.press("ctrl+s")
        await until(lambda: "stripe_key" in session.data["production"])
        await see(app, "✓ added stripe_key")
        assert "✗ missing" not in screen_text(app)


async def test_typing_filters_and_escape_shows_all_again(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("slash")
        await typed(pilot, "crm")
        await see(app, "3 of 8")
        assert "slack_token" not in screen_text(app)
        await pilot.press("escape")
        await see(app, "slack_token")


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
        await until(lambda: isinstance(app.screen, EntryForm))
        await pilot.pause()
        await typed(pilot, name)
        await see(app, words)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, EntryForm)
        assert len(session.data["production"]) == 7


async def test_an_empty_value_is_refused_in_the_platforms_words(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await until(lambda: isinstance(app.screen, EntryForm))
        await pilot.pause()
        await typed(pilot, "fresh_key")
        assert "Empty secret value" not in screen_text(app)  # nobody has been there yet
        await pilot.press("ctrl+s")
        await see(app, "Empty secret value")
        assert app.screen.query_one("#value").has_focus


async def test_a_refusal_of_the_vault_keeps_the_form_open(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
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
        await until(lambda: isinstance(app.screen, EntryForm))
        await see(app, "Edit weather_api_key")
        await see(app, "fixed once it is saved")
        app.screen.query_one("#note").value = "new note"
        await pilot.press("ctrl+s")
        await see(app, "✓ saved weather_api_key")
        kept, value = session.data["production"]["weather_api_key"]
        assert (kept.note, kept.version, value.reveal()) == ("new note", 1, CANARY)

        await pilot.press("e")
        await until(lambda: isinstance(app.screen, EntryForm))
        await pilot.pause()
        await typed(pilot, "replaced")
        await pilot.press("ctrl+s")
        await until(lambda: session.data["production"]["weather_api_key"][0].version == 2)
        assert session.data["production"]["weather_api_key"][1].reveal() == "replaced"


async def test_reveal_shows_the_value_and_time_hides_it(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app(reveal_seconds=0.4)
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await see(app, CANARY)
        await until(lambda: CANARY not in screen_text(app), "hidden after its time")


@pytest.mark.parametrize("key", ["up", "2", "r", "ctrl+l", "slash"])
async def test_reveal_hides_on_any_move(make_app: Make, session: MemorySession, key: str) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await see(app, CANARY)
        await pilot.press(key, *("c",) * (key == "slash"))
        await until(lambda: CANARY not in screen_text(app), "hidden on a move")
        assert app.secrets._revealed is None


async def test_a_revealed_value_with_escape_sequences_stays_text(
    make_app: Make, session: MemorySession
) -> None:
    session.put(
        "production",
        session.data["production"]["weather_api_key"][0]._replace(name="zz"),
        "a\x1b[2Jb\nsecond",
    )
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await see(app, "a␛[2Jb")
        await see(app, "second")


async def test_deleting_says_which_connectors_would_break_and_can_be_taken_back(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "d")
        await see(app, "1 connector would stop working:")
        await see(app, "Weather now")
        await pilot.press("n")
        await until(lambda: len(app.screen_stack) == 1)
        assert "weather_api_key" in session.data["production"]
        await pilot.press("d")
        await see(app, "would stop working")
        await pilot.press("y")
        await until(lambda: "weather_api_key" not in session.data["production"])
        await see(app, "z takes it back")
        await pilot.press("z")
        await until(lambda: "weather_api_key" in session.data["production"])


async def test_the_community_is_switched_and_its_names_are_shown(
    make_app: Make, session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("c")
        await see(app, "shown now")
        await typed(pilot, "stag")
        await pilot.press("enter")
        await until(lambda: session.shown == "staging")
        await until(lambda: "slack_token" not in screen_text(app), "the other community's names")
        await see(app, "crm_client_secret")  # used by a connector, missing here
        assert "staging" in screen_text(app).splitlines()[0]


async def test_a_wrong_passphrase_is_refused_and_the_right_one_goes_on_to_what_was_asked(
    make_app: Make, session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "r")
        await until(lambda: isinstance(app.screen, Unlock))
        await pilot.pause()
        await typed(pilot, "wrong")
        await pilot.press("enter")
        await see(app, "The passphrase does not open this vault.")
        assert "wrong" not in screen_text(app)
        await pilot.press("ctrl+u")
        await typed(pilot, "open sesame")
        await pilot.press("enter")
        await see(app, CANARY)


async def test_the_key_file_of_the_environment_unlocks_without_a_question(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_KEY_FILE", "/somewhere/the.key")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, "● unlocked")
        assert len(app.screen_stack) == 1


async def test_the_first_run_explains_makes_a_vault_and_goes_on_to_the_first_secret(
    make_app: Make, session: MemorySession
) -> None:
    session.exists = False
    session.data["production"].clear()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, "– no vault")
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, CreateVault))
        await pilot.pause()
        await typed(pilot, "abc")
        await pilot.press("enter")
        await typed(pilot, "abd")
        await pilot.press("enter")
        await see(app, "The two are not the same.")
        await pilot.press("backspace", "c", "enter")
        await until(lambda: isinstance(app.screen, EntryForm))
        assert session.open


async def test_a_change_by_another_process_shows_by_itself(make_app: Make, session: MemorySession) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await until(lambda: app.workspace.files)
        other = session.data["production"]["slack_token"][0]._replace(name="added_elsewhere")
        session.put("production", other, "x")
        await see(app, "added_elsewhere")


async def test_unlocking_offers_only_the_ways_that_the_vault_has(
    make_app: Make, session: MemorySession
) -> None:
    session.kinds = ("key-file",)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("u")
        await see(app, "Unlock the vault")
        assert "key file" in screen_text(app)
        assert "passphrase" not in screen_text(app)


def test_the_ways_of_a_real_vault_are_read_without_its_key(tmp_path: Path) -> None:
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault

    path = str(tmp_path / "vault")
    Vault.create(path, [KeyFile(str(tmp_path / "key"))]).close()
    assert Session(path).slots() == ("key-file",)
    assert Session(str(tmp_path / "none")).slots() == ()


async def test_what_is_typed_right_after_enter_goes_to_the_next_field(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await until(lambda: isinstance(app.screen, EntryForm))
        app.screen.query_one("#note").focus()
        await pilot.pause()
        for key in ("a", "enter", "2"):  # all of them before any is handled
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(lambda: app.screen.query_one("#expires", Input).value == "2")
        assert app.screen.query_one("#note", Input).value == "a"


async def test_a_list_that_takes_long_to_read_follows_the_frame(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read = threading.Event()
    read = session.snapshot

    def slow() -> Snapshot:
        may_read.wait(10)
        return read()

    monkeypatch.setattr(session, "snapshot", slow)
    app = make_app()
    async with app.run_test(size=SIZE):
        await see(app, "… reading")
        may_read.set()
        await see(app, "weather_api_key")
