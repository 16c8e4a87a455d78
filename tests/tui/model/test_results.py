"""What the Test tab shows and keeps, without a screen: trees, raw bodies, timings, inputs, differences."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tui_support import report

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom_tui.flows.runs.unresolved import missing_names
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.compare_lines import comparison_lines
from strongroom_tui.model.runs.raw_lines import raw
from strongroom_tui.model.runs.remembered import RememberedInputs, harmless
from strongroom_tui.model.runs.report_lines import PARTS
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run_inputs import fields_for, problem, to_case, to_inputs
from strongroom_tui.model.runs.waterfall import bars, waterfall
from strongroom_tui.model.secrets.community_diff import CommunityDiff
from strongroom_tui.model.text.json_tree import JsonTree, find, json_path

HOSTILE = "a\x1b]52;c;aGk=\x07b\x1b[2J\x9b31m\u202ereversed\x00\u2066"
"""Writes the clipboard, clears the screen, colours, reorders: as far as a terminal is let."""


def text_of(tree: JsonTree) -> str:
    return "\n".join("".join(text for text, _ in tree.line(i)) for i in range(len(tree)))


def shown(part: Any) -> str:
    return "\n".join("".join(text for text, _ in part.line(i)) for i in range(part.height))


def is_safe(text: str) -> bool:
    return all(c == "\n" or (c.isprintable() and c not in "\u202e\u2066\u009b") for c in text)


# -- the tree ------------------------------------------------------------------------


def test_a_small_document_is_open_from_the_start() -> None:
    tree = JsonTree({"a": 1, "b": [True, None], "c": {}})
    assert text_of(tree).splitlines() == [
        "▾ {3 keys}",
        "    a: 1",
        "  ▾ b: [2 items]",
        "      0: true",
        "      1: null",
        "    c: {}",
    ]


def test_a_large_list_is_shown_in_groups_and_only_what_is_opened_becomes_rows() -> None:
    tree = JsonTree([{"id": i} for i in range(100_000)])
    assert len(tree) < 1200
    at = tree.reveal((99_999, "id"))
    assert tree.rows[at].value == 99_999
    assert "".join(text for text, _ in tree.line(at)).strip() == "id: 99999"
    assert len(tree) < 2300


def test_closing_hides_everything_below_and_opening_again_shows_the_children() -> None:
    tree = JsonTree({"a": {"b": {"c": 1}}, "z": 2})
    before = len(tree)
    tree.close(1)
    assert text_of(tree).splitlines() == ["▾ {2 keys}", "  ▸ a: {b: {…}}", "    z: 2"]
    tree.open_below(1)
    assert len(tree) == before


def test_every_place_that_is_found_can_be_revealed() -> None:
    data = {"list": [{"name": f"row {i}"} for i in range(2500)], "name": {"row": 1}}
    found = find(data, "ROW 24")
    assert (("list", 24, "name")) in found
    assert (("list", 2499, "name")) in found
    tree = JsonTree(data)
    for path in found:
        assert tree.rows[tree.reveal(path)].path == path
    assert find(data, "") == []


def test_places_are_told_as_json_paths() -> None:
    assert json_path(["items", 0, "a b", "ü"]) == '$.items[0]["a b"]["\\u00fc"]'


def test_a_long_text_is_cut_on_its_row() -> None:
    tree = JsonTree(["x" * 5_000_000])
    assert len(text_of(tree)) < 600
    assert "5,000,000 characters" in text_of(tree)


# -- nothing steers the terminal -----------------------------------------------------


def test_no_part_of_a_result_lets_control_characters_through() -> None:
    for body in (json.dumps({HOSTILE: [HOSTILE, {HOSTILE: 1}]}), HOSTILE, HOSTILE * 1000):
        result = Result(
            report(
                text=body,
                reason=HOSTILE,
                headers={HOSTILE: HOSTILE},
                debug={"url": HOSTILE, HOSTILE: {"x": HOSTILE}},
                unresolved=(HOSTILE,),
                explanation=(HOSTILE,),
                server_timing={HOSTILE: 1.0, "total": 1.0},
                request_id=HOSTILE,
            )
        )
        texts = [shown(result.part(name, 60)) for name in PARTS]
        texts.append("".join(text for text, _ in result.summary))
        if result.tree is not None:
            texts.append(text_of(result.tree))
        assert all(is_safe(text) for text in texts)


def test_a_difference_between_runs_lets_no_control_character_through() -> None:
    from strongroom.resolver.reports.compare import compare

    comparison = compare(
        {"status": 200, "headers": {HOSTILE: HOSTILE}, "body": json.dumps({HOSTILE: HOSTILE})},
        {"status": 500, "headers": {HOSTILE: "x"}, "body": json.dumps({HOSTILE: [HOSTILE]})},
    )
    text = "\n".join("".join(t for t, _ in line) for line in comparison_lines(comparison, 60))
    assert "status" in text
    assert is_safe(text)


# -- bodies ----------------------------------------------------------------------------


def test_a_binary_body_is_shown_as_bytes() -> None:
    result = Result(report(text="\x89PNG", body=b"\x89PNG\r\n\x1a\n\0\0" + bytes(range(256))))
    assert result.tree is None
    text = shown(result.part("Raw", 80))
    assert "266 bytes that are not text" in text
    assert "00000000  89 50 4e 47 0d 0a 1a 0a" in text
    assert "bytes" in "".join(t for t, _ in result.summary)


def test_one_line_of_megabytes_is_folded_and_searched() -> None:
    body = "x" * 3_000_000 + "needle" + "x" * 2_000_000
    part = raw(body, body.encode(), 100)
    assert part.height == 50_001
    (row,) = part.search("NEEDLE")
    assert "needle" in "".join(text for text, _ in part.line(row))


def test_a_request_with_a_body_of_megabytes_is_folded_in_a_moment() -> None:
    result = Result(report(debug={"request_body": "x" * 5_000_000}))
    assert result.part("Request", 80).height > 60_000


# -- timing ----------------------------------------------------------------------------


def test_bars_begin_where_the_one_before_ended() -> None:
    rows, total = bars(
        {"setup": 10, "external": 80, "transform": 10, "total": 100}, {"connect": 30, "wait": 50}
    )
    assert total == 100
    assert [(row.name, row.start, row.depth) for row in rows] == [
        ("setup", 0, 0),
        ("external", 10, 0),
        ("connect", 10, 1),
        ("wait", 40, 1),
        ("transform", 90, 0),
    ]


def test_the_steps_of_a_composite_follow_each_other() -> None:
    timing = {"setup": 1, "external": 60, "step.first": 40, "step.second": 30, "total": 71}
    rows, _ = bars(timing, {})
    assert [(row.name, row.start, row.spent) for row in rows if not row.depth] == [
        ("first", 0, 40),
        ("second", 40, 30),
    ]
    assert [row.name for row in rows if row.depth] == ["setup", "external"]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_the_waterfall_fits_its_width(width: int) -> None:
    lines = waterfall({"setup": 1.25, "external": 1234.5, "total": 1300}, {"wait": 1000.0}, width)
    assert all(sum(len(text) for text, _ in line) <= width for line in lines)
    assert "1,300.0 ms" in "".join(text for text, _ in lines[-1])


# -- inputs ------------------------------------------------------------------------------

CONNECTOR: dict[str, Any] = {
    "name": "Search",
    "url": "https://a.example/{{ pathParams.area }}",
    "path_parameters": [{"key": "area"}],
    "query_parameters": [{"key": "q", "value": "x", "overridable": True}, {"key": "v", "value": "1"}],
    "headers": [{"key": "X-Locale", "value": "en", "overridable": True}],
}


def test_the_form_asks_for_what_a_caller_can_give() -> None:
    fields = fields_for(RunTarget("Search", "search", "c.json", False, CONNECTOR))
    assert [field.key for field in fields] == [
        "path:area",
        "query:q",
        "header:X-Locale",
        "query",
        "user",
        "payload",
    ]


def test_what_was_typed_becomes_one_call(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text('{"a": 1}')
    (tmp_path / "user.json").write_text('{"id": 7, "email": "a@b.example"}')
    values = {"path:area": "eu", "query:q": "shoes", "query": "page=2", "user": "@user.json"}
    inputs = to_inputs({**values, "payload": "@body.json", "header:X-Locale": "de"}, str(tmp_path))
    assert inputs.path_parameters == {"area": "eu"}
    assert inputs.query == {"page": "2", "q": "shoes"}
    assert inputs.headers == {"X-Locale": "de"}
    assert inputs.user == {"id": 7, "email": "a@b.example"}
    assert inputs.payload == '{"a": 1}'
    assert to_inputs({"user": "anonymous"}, "").user == {}
    assert to_inputs({"user": "x@y.example"}, "").user["email"] == "x@y.example"
    assert to_case(to_inputs({"payload": '{"a": 1}', "path:area": "eu"}, ""))["payload"] == {"a": 1}


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("path:area", "a b", "letters, digits"),
        ("path:area", "..", "letters, digits"),
        ("path:area", "fine-1", ""),
        ("query", "a", "not a query parameter"),
        ("query", "a=1&b=2", ""),
        ("user", "somebody", "not a user"),
        ("payload", "@nowhere.json", "cannot be read"),
        ("payload", "@@at", ""),
    ],
)
def test_an_input_is_judged(key: str, text: str, told: str, tmp_path: Path) -> None:
    found = problem(key, text, str(tmp_path))
    assert told in found
    assert bool(told) == bool(found)


def test_a_payload_that_is_not_text_is_sent_and_not_saved_in_a_test(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\xff\xfe")
    inputs = to_inputs({"payload": "@x.bin"}, str(tmp_path))
    assert inputs.payload == b"\xff\xfe"
    with pytest.raises(StrongroomError, match="not UTF-8"):
        to_case(inputs)


def test_inputs_are_kept_between_starts_for_the_owner_only_and_without_credentials(tmp_path: Path) -> None:
    kept = RememberedInputs(str(tmp_path))
    kept.keep(
        "c.json",
        "Search",
        {"path:area": "eu", "header:Authorization": "Bearer abc", "query": "api_key=1", "user": "held"},
        {"user"},
    )
    kept.put("c.json", "Never run", {"path:area": "eu"})
    kept.save()
    assert RememberedInputs(str(tmp_path)).of("c.json", "Search") == {"path:area": "eu"}
    file = tmp_path / ".strongroom" / "inputs.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (tmp_path / ".strongroom" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("text", ['{"password": "x"}', "token=abc", "my secret", "x" * 30_000])
def test_a_payload_that_speaks_of_credentials_is_not_kept(text: str) -> None:
    assert harmless({"payload": text}) == {}


def test_a_damaged_file_of_inputs_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / ".strongroom").mkdir()
    for text in ("{", "[]", '{"a": 1}', '{"c.json Search": {"x": 1}}'):
        (tmp_path / ".strongroom" / "inputs.json").write_text(text)
        assert RememberedInputs(str(tmp_path)).of("c.json", "Search") == {}


# -- names and communities -------------------------------------------------------------------


def names(community: str, *entries: Name) -> Names:
    return Names(Knowledge.COMPLETE, {e.name: e for e in entries}, community, "the vault")


def test_missing_names_are_those_that_did_not_resolve_and_are_not_there() -> None:
    known = names("production", Name("there", Kind.SECRET))
    unresolved = ("{{ get_secret('gone') }}", '{{ get_variable("url") }}', "{{ get_secret('there') }}")
    assert missing_names(unresolved, known) == [("gone", Kind.SECRET), ("url", Kind.VARIABLE)]
    assert missing_names(unresolved, Names(Knowledge.NONE)) == []


def test_two_communities_are_compared_by_what_is_missing_and_by_kind() -> None:
    left = names("production", Name("a", Kind.SECRET), Name("b", Kind.SECRET), Name("same", Kind.SECRET))
    right = names(
        "staging", Name("b", Kind.VARIABLE, value="1"), Name("c", Kind.SECRET), Name("same", Kind.SECRET)
    )
    table = CommunityDiff(left, right, {"a": ()})
    assert [[cell.text for cell in table.cells(i)] for i in range(len(table))] == [
        ["b", "! secret", "! variable"],
        ["a", "✓ secret", "✗ missing"],
        ["c", "✗ missing", "✓ secret"],
    ]
    assert (
        table.summary() == "1 missing in staging, 1 missing in production, 1 of different kinds; 1 in both."
    )
    pair = table.pair(1)
    assert pair is not None
    assert table.missing_in(pair) == ("staging", Name("a", Kind.SECRET))
    table.shows_same = True
    table.arrange()
    assert len(table) == 4
