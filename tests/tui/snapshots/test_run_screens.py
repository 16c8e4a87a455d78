"""What the screens of connectors, tests and communities look like. After a change: `pytest --snapshot-update`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tui_support import MemorySession, entry, report

from strongroom.names import Kind
from strongroom.resolver.terms.exchange import Answered, Asked, Exchange
from strongroom_tui.app import StrongroomApp
from strongroom_tui.flows.runs import running_all

Make = Callable[..., StrongroomApp]
Picture = Callable[..., bool]
Size = tuple[int, int]
BOTH = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

EXPRESSION = "{{ get_secret('stripe_key') }}"
REFUSED = report(
    passed=False,
    status=401,
    reason="Unauthorized",
    text='{"error": "unauthorized"}',
    unresolved=(EXPRESSION,),
    debug={
        "url": "https://api.stripe.example.com/v1/charges",
        "method": "GET",
        "headers": {"Authorization": f"Bearer {EXPRESSION}"},
    },
    explanation=(
        f"headers[0].value (Authorization): {EXPRESSION} did not resolve; the text itself is sent.",
        f"The API answered 401: likely because {EXPRESSION} was sent as it is written.",
    ),
)

CASES = "".join(
    f'[[test]]\nname = "{name}"\nconnector = "{connector}"\n\n'
    for name, connector in (
        ("Lisbon in summer", "weather-now"),
        ("Charges of today", "stripe-charges"),
        ("Contacts of a company", "crm-contacts"),
    )
)


def capture(folder: Path, when: str, **changes: Any) -> None:
    data = {
        "saved": f"2026-11-23T{when}:00+00:00",
        "community": "production",
        "test": "",
        "connector": "Weather now",
        "passed": True,
        "status": 200,
        "reason": "OK",
        "headers": {"Content-Type": "application/json"},
        "body": '{"city": "Lisbon", "celsius": 21}',
        "server_timing": {"setup": 2.0, "external": 120.0, "total": 123.0},
        "debug": {"url": "https://api.weather.example.com/v1/lisbon", "method": "GET"},
        "unresolved": [],
        **changes,
    }
    kept = folder / ".strongroom" / "captures"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"20261123T{when.replace(':', '')}00000000Z-weather-now.json").write_text(json.dumps(data))


async def fixed(_room: Any, _runner: Any, run: Any) -> None:
    """In place of running: one passes, one fails, one is still under way."""
    from strongroom.testcases.checking import Mismatch
    from strongroom.testcases.results import CaseResult, Outcome

    table, cases = run.table, run.table.cases
    refused = (Mismatch("status", "200", "401 Unauthorized"),)
    table.put(CaseResult(cases[0], Outcome.PASSED, report=report(), milliseconds=123.0))
    table.put(CaseResult(cases[1], Outcome.FAILED, refused, REFUSED, milliseconds=64.0))
    table.begin(cases[2])


ANSWERS = tuple(
    Exchange(
        Asked("weather-now", step, "GET", f"https://api.weather.example.com/v1/{path}", (), (), None),
        Answered(200, (("Content-Type", "application/json"), ("X-Rate-Limit", "59")), body, "OK"),
        milliseconds,
    )
    for step, path, body, milliseconds in (
        ("place", "places?name=lisbon", b'{"id": 2267057, "name": "Lisbon"}', 41.0),
        (
            "weather",
            "weather/2267057",
            b'{"temp": {"value": 21, "unit": "celsius"}, "tags": ["sun", "wind"]}',
            79.0,
        ),
    )
)


async def runner(connector: Any, _values: Any, _inputs: Any, _settings: Any) -> Any:
    return REFUSED if connector["name"] == "Stripe charges" else report(exchanges=ANSWERS)


FAILED = ("3", "p", "=Test which", *"stripe", "enter", "=charges", "ctrl+r", "=[Explain]")
SCREENS: dict[str, tuple[str, ...]] = {
    "source": ("2", "=secret-quotes", "tab", "w", "=column 35"),
    "by-rule": ("2", "=secret-quotes", "v", "=Stripe charges"),
    "rule": ("2", "=secret-quotes", "v", "home", "=What it does"),
    "missing": ("2", "=secret-quotes", "n", "=✗ missing"),
    "fixes": ("2", "=secret-quotes", "F", "=would go"),
    "not-run": ("3", "=runs the test", "i", "=Path parameter"),
    "raw": ("3", "ctrl+r", "=passed", "right_square_bracket", "=[Raw]"),
    "api": ("3", "ctrl+r", "=passed", "left_square_bracket", "=[API]"),
    "stale": ("3", "ctrl+r", "=passed", "p", "=Test which", *"stripe", "enter", "=stale"),
    "found": ("3", "ctrl+r", "=passed", "slash", *"sun", "=1 of 1"),
    "failed": FAILED,
    "request": (*FAILED, "left_square_bracket", "left_square_bracket", "=not resolved"),
    "history": ("3", "=runs the test", "H", "=Earlier runs", "space", "space"),
    "compare": ("3", "=runs the test", "H", "=Earlier runs", "c", "=$.celsius"),
    "all-tests": ("3", "=runs the test", "A", "=2 of 3", "=✗ failed"),
    "save-case": ("3", "ctrl+r", "=passed", "s", "=Save as"),
    "communities": ("C", "=missing in staging"),
}


@pytest.fixture
def prepared(
    make_app: Make, session: MemorySession, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> StrongroomApp:
    """The app with test cases, earlier runs and a second community; nothing in it depends on a clock."""
    session.open = True
    session.put("staging", entry("crm_base_url"), "not a variable")
    session.put("staging", entry("beta_host", Kind.VARIABLE, "beta.example.com"), "beta.example.com")
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    capture(workspace, "09:15", body='{"city": "Lisbon", "celsius": 17, "wind": "NW"}')
    capture(workspace, "11:40", passed=False, status=401, reason="Unauthorized", connector="Stripe charges")
    capture(workspace, "11:58")
    monkeypatch.setattr(running_all, "run_all", fixed)
    return make_app(run_connector=runner)


@BOTH
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: Size, picture: Picture, prepared: StrongroomApp) -> None:
    assert picture(prepared, SCREENS[name], size)


@pytest.mark.parametrize("name", ["source", "failed", "stale", "all-tests", "communities"])
def test_small_screen(name: str, picture: Picture, prepared: StrongroomApp) -> None:
    assert picture(prepared, SCREENS[name], (60, 18))


@pytest.mark.parametrize("theme", ["light", "mono"])
@pytest.mark.parametrize("name", ["source", "fixes", "failed"])
def test_theme(name: str, theme: str, picture: Picture, prepared: StrongroomApp) -> None:
    prepared.theme = f"strongroom-{theme}"
    assert picture(prepared, SCREENS[name], (80, 24))
