"""How findings are shown: to people, to programs, and what a terminal is protected from."""

import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.validator import Edit, Finding, Fix, Severity
from strongroom.workspace import UnreadableFile
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.findings_junit import as_junit
from strongroom_cli.check.findings_machine import as_github, as_json
from strongroom_cli.check.findings_sarif import as_sarif
from strongroom_cli.check.findings_text import _cut, report, summary
from strongroom_cli.terminal.style import Style, cells, table, wants_colours

PLAIN = Style(colours=False)


def checked(text: str, wrong: str, path: str = "connectors.json", **fields: object) -> CheckedFile:
    """A file with one finding at the first place of `wrong`."""
    start = text.index(wrong)
    finding = Finding("secret-quotes", Severity.WARNING, "Wrong quotes.", start, start + len(wrong))
    return CheckedFile(path, text, [finding._replace(**fields)])  # type: ignore[arg-type]


def lines_of(file: CheckedFile, width: int = 80) -> list[str]:
    return list(report([file], PLAIN, width))


def underlined(lines: Sequence[str]) -> str:
    """The text above the carets, counted in terminal cells."""
    shown, marks = lines[1], lines[2]
    begin, end = marks.index("^"), marks.rindex("^") + 1
    at, found = 0, ""
    for character in shown:
        if begin <= at < end:
            found += character
        at += cells(character)
    return found


def test_a_finding_says_where_and_what_and_shows_the_text() -> None:
    text = '{\n  "a": "{{ get_secret(\\"x\\") }}"\n}'
    fix = Fix("Use single quotes", (Edit(0, 1, ""),), is_safe=True)
    file = checked(text, '\\"x\\"', fixes=(fix, fix._replace(title="Rename it", is_safe=False)))
    assert lines_of(file) == [
        "connectors.json:2:23: warning[secret-quotes] Wrong quotes.",
        ' 2 |   "a": "{{ get_secret(\\"x\\") }}"',
        "   |                       ^^^^^",
        "  fix: Use single quotes",
        "  help: Rename it",
        "",
    ]


def test_a_near_name_is_shown_with_the_characters_that_differ_marked() -> None:
    file = checked(
        "get_secret('wether_key')", "wether_key", data={"name": "wether_key", "near": "weather_key"}
    )
    assert lines_of(file)[3:] == ["        wether_key", "", "        weather_key", "          ^", ""]
    coloured = list(report([file], Style(colours=True), 80))[3:]
    assert coloured == ["        wether_key", "        we\x1b[1;31ma\x1b[0mther_key", ""]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('"語彙 {{ wrong }}"', "wrong"),
        ("\t\t\"{{ 'x' }}\"", "'x'"),
        ('"👩‍👩‍👧 wrong"', "wrong"),
        ('"e\u0301 wrong"', "wrong"),
        ('"\u2028 wrong"', "wrong"),
        ('"\x1b[31m wrong"', "wrong"),
        ('"語彙"', "語彙"),
        ("x" * 5000 + "wrong" + "y" * 5000, "wrong"),
        ("x" * 5000 + "wrong", "wrong"),
        ("wrong" + "y" * 5000, "wrong"),
        ("語" * 5000 + "wrong" + "彙" * 5000, "wrong"),
    ],
)
def test_the_carets_stand_under_the_wrong_text_whatever_stands_before_it(text: str, wrong: str) -> None:
    lines = lines_of(checked(text, wrong))
    assert underlined(lines) == wrong
    assert all(cells(line) <= 80 for line in lines[1:3])


@given(
    text=st.text(st.sampled_from("ab{} "), max_size=90),
    places=st.tuples(st.integers(0, 90), st.integers(0, 90)),
    width=st.integers(20, 60),
    goes_on=st.tuples(st.booleans(), st.booleans()),
)
def test_a_plain_line_is_cut_as_every_other_one(text, places, width, goes_on) -> None:
    start, stop = sorted(min(place, len(text)) for place in places)
    # One character that is no ASCII takes the other way, and is as wide.
    other = text.replace("a", "é")
    shown, indent, carets = _cut(other, start, stop, width, goes_on)
    assert _cut(text, start, stop, width, goes_on) == (shown.replace("é", "a"), indent, carets)


def test_a_long_wrong_text_is_shown_from_its_beginning() -> None:
    lines = lines_of(checked("a" * 300 + "b" * 300 + "c" * 300, "b" * 300))
    assert "ab" in lines[1]
    assert underlined(lines).startswith("b")
    assert all(cells(line) <= 80 for line in lines[1:3])


def test_a_finding_of_several_lines_and_one_of_no_width_have_carets() -> None:
    assert lines_of(checked("ab\ncd", "b\nc"))[2].endswith(" ^")
    text = "abc"
    empty = CheckedFile("f", text, [Finding("json-syntax", Severity.ERROR, "End.", 3, 3)])
    assert lines_of(empty)[2] == "   |    ^"


def test_no_character_of_a_file_reaches_the_terminal_as_a_command() -> None:
    text = '"\x1b]0;title\x07 \u202e wrong"'
    file = checked(text, "wrong", path="a\x1b[31m.json", message="About \x1b[2J.")
    shown = "\n".join(lines_of(file))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "␛" in shown


def test_the_summary_counts_by_severity_and_file() -> None:
    fix = Fix("Use single quotes", (Edit(0, 1, ""),), is_safe=True)
    warning = checked("wrong", "wrong", fixes=(fix,))
    error = checked("wrong", "wrong", severity=Severity.ERROR)
    clean = CheckedFile("c", "", [])
    assert summary([warning, error, clean], PLAIN) == (
        "1 error and 1 warning in 2 of 3 files. 1 can be fixed with --fix."
    )
    assert summary([clean], PLAIN) == "No findings in 1 file."


def test_json_has_the_agreed_keys_with_places_from_one_in_code_points() -> None:
    text = '["語\u2028",\r\n "👍wrong"]'
    file = checked(text, "wrong", pointer="/1", connector="Orders", field="url")
    (found,) = json.loads("\n".join(as_json([file])))
    assert list(found.items()) == [
        ("file", "connectors.json"),
        ("rule", "secret-quotes"),
        ("severity", "warning"),
        ("message", "Wrong quotes."),
        ("line", 2),
        ("column", 4),
        ("end_line", 2),
        ("end_column", 9),
        ("pointer", "/1"),
        ("connector", "Orders"),
        ("field", "url"),
        ("fixable", False),
    ]
    assert json.loads("\n".join(as_json([]))) == []
    assert len(json.loads("\n".join(as_json([file, file])))) == 2


def test_github_commands_cannot_be_broken_out_of() -> None:
    file = checked("wrong", "wrong", path="a,b:c.json", message="One\n::error::two 100%")
    (command,) = as_github([file])
    assert command == (
        "::warning file=a%2Cb%3Ac.json,line=1,endLine=1,col=1,endColumn=5,title=secret-quotes"
        "::One␊::error::two 100%25"
    )


def test_sarif_names_rule_place_and_unit() -> None:
    log = json.loads("".join(as_sarif([checked('"👍wrong"', "wrong", path="a b/c.json", pointer="/x")])))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "secret-quotes"
    (result,) = run["results"]
    assert result["level"] == "warning"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/c.json"
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 8}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colours(_Terminal())
    assert not wants_colours(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colours(_Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colours(_Terminal())


def test_a_table_lines_up_wide_names() -> None:
    assert table([["語彙", "a"], ["b", "c"]], ["NAME", "X"], PLAIN) == ["NAME  X", "語彙  a", "b     c"]


def test_junit_fails_for_errors_only_and_holds_any_message() -> None:
    from xml.etree import ElementTree

    warning = checked("wrong", "wrong", message='<b> & "q" \x1b\ufffe')
    error = checked("wrong", "wrong", severity=Severity.ERROR, message="]]>")
    clean = CheckedFile("c.json")
    unreadable = CheckedFile("d.json", problem=UnreadableFile("d.json cannot be read: gone."))
    report_ = ElementTree.fromstring("\n".join(as_junit([warning, error, clean, unreadable])).encode())
    assert report_.attrib == {"name": "strongroom", "tests": "4", "failures": "1", "errors": "1"}
    cases = list(report_.iter("testcase"))
    assert [[part.tag for part in case] for case in cases] == [["system-out"], ["failure"], [], ["error"]]
    assert cases[0].get("name") == "secret-quotes at 1:1"
    assert "␛" in (cases[0][0].text or "")


def test_an_unreadable_file_is_told_to_every_program() -> None:
    file = CheckedFile("a.json", problem=UnreadableFile("a.json is written in UTF-16; JSON is UTF-8."))
    assert list(as_json([file])) == ["[]"]
    assert next(iter(as_github([file]))).startswith("::error file=a.json,title=unreadable file::a.json is")
    (invocation,) = json.loads(as_sarif([file]))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "UTF-16" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_path_cannot_begin_a_command_of_a_build_server() -> None:
    assert lines_of(checked("wrong", "wrong", path="::error::x.json"))[0].startswith("./::error")
    (command,) = as_github([checked("wrong", "wrong", path="a\n::error::\x1b[2J.json")])
    assert "\n" not in command
    assert "\x1b" not in command


def test_many_findings_on_one_long_line_are_shown_in_time_that_grows_with_their_number() -> None:
    import time

    def seconds(number: int) -> float:
        text = "x" * 40 * number
        findings = [Finding("secret-quotes", Severity.WARNING, "", 40 * n, 40 * n + 1) for n in range(number)]
        begin = time.process_time()
        lines_of(CheckedFile("a", text, findings))
        return time.process_time() - begin

    assert seconds(16_000) < 12 * max(seconds(4_000), 0.05)
