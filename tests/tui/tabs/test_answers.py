"""What the API itself answered, beside what the widget gets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from run_support import open_test_place
from tui_support import CANARY, MemorySession, screen_text, see

from strongroom.resolver.terms.exchange import Answered, Asked, Exchange
from strongroom_tui.app import StrongroomApp
from strongroom_tui.model.runs.answer_lines import answers

httpx2 = pytest.importorskip("httpx2")
Make = Callable[..., StrongroomApp]


def exchange(step: str = "", body: bytes = b'{"a": 1}', **changes: Any) -> Exchange:
    asked = Asked("c", step, "POST", "https://api.example.com/x", (("q", "{{ get_secret('k') }}"),), (), None)
    answered = Answered(418, (("Content-Type", "application/json"), ("X-Own", "1")), body, "I'm a teapot")
    return Exchange(asked, answered, 12.4)._replace(**changes)


def text_of(report: Any, width: int = 80) -> str:
    part = answers(report, width)
    return "\n".join("".join(text for text, _ in part.line(i)) for i in range(part.height))


class Report:
    def __init__(self, *exchanges: Exchange) -> None:
        self.exchanges = exchanges


def test_each_call_has_its_status_headers_and_body_as_they_came() -> None:
    text = text_of(Report(exchange("first"), exchange("second", b"", from_cache=True)))
    first, second = text.split("second  POST")
    assert first.startswith(
        "first  POST https://api.example.com/x?q={{ get_secret('k') }}\n418 I'm a teapot   12 ms   8 bytes"
    )
    assert "X-Own         1" in first
    assert first.rstrip().endswith('{"a": 1}')
    assert "from the cache   no body" in second


def test_a_body_of_megabytes_is_made_line_by_line_and_searched_in_its_place() -> None:
    body = b"x" * 2_000_000 + b"needle"
    part = answers(Report(exchange(body=b"other"), exchange(body=body)), 100)  # type: ignore[arg-type]
    (row,) = part.search("needle")
    assert "needle" in "".join(text for text, _ in part.line(row))


def test_nothing_in_an_answer_steers_the_terminal() -> None:
    hostile = "a\x1b]52;c;aGk=\x07\u202e"
    one = exchange(hostile, hostile.encode())
    one = one._replace(answered=one.answered._replace(reason=hostile, headers=((hostile, hostile),)))
    assert all(c == "\n" or c.isprintable() for c in text_of(Report(one)))


def test_a_run_that_called_nobody_and_an_earlier_run_say_so() -> None:
    assert "was not called" in text_of(Report())
    assert "not kept with earlier runs" in text_of(object())


async def test_the_apis_answer_is_seen_where_the_template_failed_and_echoes_are_masked(
    make_app: Make, session: MemorySession, workspace: Path
) -> None:
    session.open = True
    file = workspace / "connectors_registry.json"
    data = json.loads(file.read_text())
    data["connectors"][0] |= {
        "response_body": "{{ (response.body | from_json).nothere.x }}",
        "url": "https://a.example.com",
    }
    del data["connectors"][0]["path_parameters"]
    file.write_text(json.dumps(data))

    def answer(request: Any) -> Any:
        return httpx2.Response(
            203, json={"theirs": 7, "echo": request.headers["Authorization"]}, headers={"X-Theirs": CANARY}
        )

    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await open_test_place(app, pilot, answer)
        await pilot.press("ctrl+r")
        await see(app, "✗ failed  422")
        await see(app, "✗ response_body does not render")
        await pilot.press("right_square_bracket")
        await see(app, "[API]")
        await see(app, "203 Non-Authoritative Information")
        await see(app, '"theirs":7')
        assert "x-theirs" in screen_text(app).lower()
        assert CANARY not in screen_text(app)
        assert CANARY not in app.export_screenshot()
