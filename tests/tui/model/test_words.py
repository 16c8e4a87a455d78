"""Words, commands, dates and queries: everything that needs no screen."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui_support import report

from strongroom.errors import StrongroomError
from strongroom_tui.backend.editor import editor_command
from strongroom_tui.flows.expiring import said_of
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs import report_lines
from strongroom_tui.model.runs.run_inputs import fields_for, parse_query
from strongroom_tui.model.secrets.validation import expires_problem, name_problem, read_expiry, value_problem
from strongroom_tui.model.text.words import age, expiry, one_line, visible

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@given(st.text())
def test_nothing_that_is_shown_can_move_the_cursor(text: str) -> None:
    shown = one_line(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u202e\u200b" for c in shown)
    assert "\n" not in visible(text)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-11-23T11:59:30Z", "now"),
        ("2026-11-23T11:00:00Z", "1 h"),
        ("2026-11-21T11:00:00Z", "2 d"),
        ("2026-11-01T11:00:00Z", "3 wk"),
        ("2024-11-01T11:00:00Z", "2 yr"),
        ("2026-11-24T11:00:00Z", "now"),
        ("not a time", ""),
    ],
)
def test_ages(when: str, words: str) -> None:
    assert age(when, NOW) == words


@pytest.mark.parametrize(
    ("expires", "words"),
    [
        ("2026-11-22", "! expired"),
        ("2026-11-23", "! today"),
        ("2026-12-01", "! in 8 d"),
        ("2027-11-23", "in 365 d"),
        ("", ""),
    ],
)
def test_expiry(expires: str, words: str) -> None:
    assert expiry(expires, date(2026, 11, 23)) == words


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("vim", ["vim", "+12", "f.json"]),
        ("nvim -u NONE", ["nvim", "-u", "NONE", "+12", "f.json"]),
        ("nano", ["nano", "+12,5", "f.json"]),
        ("emacs -nw", ["emacs", "-nw", "+12:5", "f.json"]),
        ("/usr/bin/hx", ["/usr/bin/hx", "f.json:12:5"]),
        ("code", ["code", "--wait", "--goto", "f.json:12:5"]),
        ("code --wait", ["code", "--wait", "--goto", "f.json:12:5"]),
        ("zed", ["zed", "--wait", "f.json:12:5"]),
        ("ed", ["ed", "f.json"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(editor: str, command: list[str]) -> None:
    assert editor_command("f.json", 12, 5, {"EDITOR": editor}) == command


def test_visual_goes_before_editor_and_a_path_with_spaces_stays_one_word() -> None:
    environment = {"VISUAL": "vim", "EDITOR": "nano"}
    assert editor_command("a b.json", 1, 1, environment) == ["vim", "+1", "a b.json"]
    assert editor_command("f", 1, 1, {}, ()) == []


def plain(lines: list) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def target(**data: object) -> RunTarget:
    return RunTarget("x", "x", "f.json", False, data)


def test_odd_connectors_get_a_form_too() -> None:
    assert fields_for(target(url=3, path_parameters="no"))[0].key == "query"


def test_a_query_is_decoded_and_nonsense_refused() -> None:
    assert parse_query("?a=1&b=x%20y&c=") == {"a": "1", "b": "x y", "c": ""}
    with pytest.raises(StrongroomError):
        parse_query("a")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ""),
        ("2027-03-31", "2027-03-31"),
        ("10d", "2026-12-03"),
        ("2 weeks", "2026-12-07"),
        ("3M", "2027-02-23"),
        ("1y", "2027-11-23"),
        ("+1 day", "2026-11-24"),
        ("9999y", None),
        ("tomorrow", None),
        ("31.3.2027", None),
    ],
)
def test_an_expiry_is_a_date_or_a_distance(text: str, meant: str | None) -> None:
    assert read_expiry(text, TODAY) == meant


def test_a_month_has_no_more_days_than_it_has() -> None:
    assert read_expiry("1m", date(2027, 1, 31)) == "2027-02-28"


def test_the_platforms_words_for_a_refused_save() -> None:
    assert name_problem("api-key", ()) == "Invalid secret name - contains a hyphen"
    assert name_problem("a", {"a"}).startswith("Duplicate secret name")
    assert name_problem("A", {"a"}) == ""
    assert value_problem(True).startswith("Empty secret value")
    assert expires_problem("2027-13-01", TODAY)
    assert not expires_problem("2027-12-01", TODAY)
    assert not expires_problem("", TODAY)


def text_of(part: report_lines.ResultPart) -> str:
    return "\n".join("".join(text for text, _ in part.line(i)) for i in range(part.height))


def test_a_long_line_of_the_request_is_folded_and_nothing_of_it_is_lost() -> None:
    url = "https://api.example.com/" + "a" * 150
    lines = text_of(report_lines.request(report(debug={"url": url}), 40)).splitlines()
    assert max(map(len, lines)) <= 40
    assert url in "".join(line.removeprefix("    ") for line in lines)


@pytest.mark.parametrize(
    ("what", "count", "expires", "sentence"),
    [
        ("api_key", 1, "2027-01-31", "api_key expires 2027-01-31"),
        ("1 entry", 1, "2027-01-31", "1 entry expires 2027-01-31"),
        ("2 entries", 2, "2027-01-31", "2 entries expire 2027-01-31"),
        ("1 entry", 1, "", "1 entry does not expire any more"),
        ("2 entries", 2, "", "2 entries do not expire any more"),
    ],
)
def test_the_verb_of_an_expiry_agrees_with_the_entries_that_were_changed(
    what: str, count: int, expires: str, sentence: str
) -> None:
    assert said_of(what, count, expires) == sentence
