"""The app asks before secrets go to a host for the first time; nothing goes there without a yes."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from run_support import open_test_place
from tui_support import MemorySession, entry, screen_text, see, until

from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.send_secrets import SendSecrets
from strongroom_tui.flows.runs import testing

Make = Callable[..., StrongroomApp]
SIZES = pytest.mark.parametrize("size", [(60, 18), (120, 40)], ids=["60x18", "120x40"])
QUESTION = "Send secrets to a new host?"

CASES = """\
[[test]]
name = "Lisbon"
connector = "weather-now"
path_parameters = { city = "lisbon" }
[test.expect]
status = 502

[[test]]
name = "Porto"
connector = "weather-now"
path_parameters = { city = "porto" }

[[test]]
name = "Charges"
connector = "stripe-charges"
"""


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def opened(
    make_app: Make,
    session: MemorySession,
    sent: list[str],
    tmp_path: Path,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Give the Test tab, with nobody's agreement yet."""
    monkeypatch.delenv("STRONGROOM_TRUST")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    session.open = True
    session.put("production", entry("stripe_key"), "sk_1_value")
    (workspace / "connectors_registry.tests.toml").write_text(CASES)

    def api(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.url.host)
        return httpx2.Response(200, json={"ok": True})

    return partial(open_test_place, api=api)


async def asked(app: StrongroomApp) -> None:
    """Wait until the question takes keys."""
    await see(app, QUESTION)
    await until(lambda: isinstance(app.screen, SendSecrets) and app.screen.focused, "it has the focus")


async def run_one(app: StrongroomApp, pilot: Any) -> None:
    await pilot.press("i", *"lisbon", "enter")
    await asked(app)


async def run_all(app: StrongroomApp, pilot: Any) -> None:
    await pilot.press("A")
    await asked(app)


ways = pytest.mark.parametrize("begin", [run_one, run_all], ids=["one", "all"])


def runs(app: StrongroomApp) -> bool:
    return any(worker.group == "run" and not worker.is_finished for worker in app.workers)


def asks(app: StrongroomApp) -> bool:
    return any(isinstance(screen, SendSecrets) for screen in app.screen_stack)


@SIZES
async def test_a_yes_sends_and_is_remembered(make_app: Make, opened: Any, sent: list[str], size: Any) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        await run_one(app, pilot)
        text = screen_text(app)
        assert "production" in text
        assert "api.weather.example.com" in text
        assert "weather_api_key" in text
        assert "^s send, now and later · esc send nothing" in text
        assert sent == []
        await pilot.press("ctrl+s")
        await see(app, "✓ passed")
        assert sent == ["api.weather.example.com"]
        kept = Path(TrustedHosts().path)
        before = kept.stat().st_ino
        await pilot.press("ctrl+r")
        await until(lambda: len(sent) == 2 and not runs(app), "sent again, without a question")
        assert kept.stat().st_ino == before, "written again although nothing was asked"


async def test_a_no_sends_nothing_says_so_in_the_capture_and_is_asked_again(
    make_app: Make, opened: Any, sent: list[str], workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_one(app, pilot)
        await pilot.press("escape")
        await see(app, "nothing was sent, because you have not agreed")
        captures = workspace / ".strongroom" / "captures"
        await until(lambda: list(captures.glob("*.json")), "captured")
        (file,) = captures.glob("*.json")
        (withheld,) = json.loads(file.read_text())["withheld"]
        assert withheld == {"host": "api.weather.example.com", "secrets": ["weather_api_key"]}
        await pilot.press("H", "enter")
        await see(app, "nothing was sent, because you have not agreed")
        assert (sent, TrustedHosts().agreements()) == ([], [])
        await pilot.press("ctrl+r")
        await asked(app)


async def test_all_test_cases_ask_once_for_each_host(make_app: Make, opened: Any, sent: list[str]) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_all(app, pilot)
        questions = await answer_all(app, pilot, "ctrl+s")
    assert len(questions) == 2
    assert sorted(sent) == ["api.stripe.example.com", *["api.weather.example.com"] * 2]


async def test_a_yes_that_cannot_be_remembered_holds_for_all_cases_of_the_run(
    make_app: Make, opened: Any, sent: list[str], tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file in the place of the folder")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_all(app, pilot)
        questions = await answer_all(app, pilot, "ctrl+s")
    assert (len(questions), len(sent)) == (2, 3)


async def test_a_test_whose_secrets_were_withheld_did_not_pass(
    make_app: Make, opened: Any, sent: list[str]
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_all(app, pilot)
        await answer_all(app, pilot, "escape")
        await see(app, "✗ 3 error")  # one of them expects the status of a run that was withheld
        assert "nothing was sent" in screen_text(app)
    assert sent == []


@ways
@pytest.mark.parametrize("key", ["ctrl+l", "ctrl+q"])
async def test_locking_and_leaving_are_a_no(
    make_app: Make, opened: Any, sent: list[str], begin: Any, key: str
) -> None:
    app = make_app()
    async with app.run_test(size=(60, 18)) as pilot:
        await opened(app, pilot)
        await begin(app, pilot)
        await pilot.press(key)
        await until(lambda: not app.is_running or not (runs(app) or asks(app)), "the run's end")
        assert app.is_running is (key == "ctrl+l")
    assert (sent, TrustedHosts().agreements()) == ([], [])


async def answer_all(app: StrongroomApp, pilot: Any, key: str) -> list[SendSecrets]:
    """Answer each question with the key until the run has ended; gives the questions."""
    answered: list[SendSecrets] = []
    while runs(app):
        question = app.screen
        if isinstance(question, SendSecrets) and question not in answered and question.focused:
            answered.append(question)
            await pilot.press(key)
        await pilot.pause()
    return answered


async def lock_elsewhere(app: StrongroomApp, session: MemorySession) -> None:
    session.open = False
    session.changes += 1
    await app.refresh_vault()


async def test_a_run_that_ends_takes_its_question_away(
    make_app: Make, opened: Any, sent: list[str], session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_one(app, pilot)
        await lock_elsewhere(app, session)
        await until(lambda: not asks(app), "the question goes")
        await see(app, "– cancelled")
    assert sent == []


async def test_a_yes_after_the_vault_was_locked_elsewhere_sends_nothing(
    make_app: Make, opened: Any, sent: list[str], session: MemorySession
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await run_all(app, pilot)
        await lock_elsewhere(app, session)
        await answer_all(app, pilot, "ctrl+s")
    assert (sent, TrustedHosts().agreements()) == ([], [])


async def test_no_letter_answers_since_somebody_may_be_typing_when_it_opens(
    make_app: Make, opened: Any, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, freeze = asyncio.Event(), testing.freeze

    async def freeze_later(*arguments: Any) -> Any:
        await gate.wait()
        return await freeze(*arguments)

    monkeypatch.setattr(testing, "freeze", freeze_later)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "enter")
        app.action_palette()
        await see(app, "Actions")
        gate.set()
        await asked(app)
        await pilot.press(*"yn 1", "enter")
        assert asks(app)
    assert sent == []


@SIZES
async def test_every_host_and_name_can_be_seen(
    make_app: Make, opened: Any, session: MemorySession, workspace: Path, size: Any
) -> None:
    file = workspace / "connectors_registry.json"
    data = json.loads(file.read_text())
    names = [f"a_secret_with_a_long_name_{number:02}" for number in range(60)]
    for name in names:
        session.put("production", entry(name), f"the-value-of-{name}")
    rows = [{"key": f"X-{name}", "value": f"{{{{ get_secret('{name}') }}}}"} for name in names]
    data["connectors"][0]["headers"] = rows
    file.write_text(json.dumps(data))
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        await run_one(app, pilot)
        assert names[0] in screen_text(app)
        assert "^s send, now and later · esc send nothing" in screen_text(app)
        await pilot.press("end")
        await see(app, names[-1])
        assert "the-value-of" not in screen_text(app)
