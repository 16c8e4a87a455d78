"""Captures are listed, bounded, and compared."""

import asyncio
import json
import os

import httpx2
import pytest

from strongroom.resolver import MappingValues, run_connector
from strongroom.resolver.reports.capture import (
    LONGEST_BODY,
    captures,
    load_capture,
    prune_captures,
    recent_captures,
    save_capture,
)
from strongroom.resolver.reports.compare import MOST_CHANGES, compare


def report(name="Orders", status=200, body="{}", **headers):
    def answer(_request):
        return httpx2.Response(status, text=body, headers=headers)

    connector = {"name": name, "url": "https://api.example.com"}
    running = run_connector(connector, MappingValues(), transport=httpx2.MockTransport(answer))
    return asyncio.run(running)


def test_the_newest_runs_come_first_and_can_be_of_one_connector_or_test(tmp_path):
    save_capture(tmp_path, report(), community="acme", test="All orders")
    save_capture(tmp_path, report("Weather", 404))
    save_capture(tmp_path, report("Weather", 404), test="Unknown", outcome="passed")
    assert recent_captures(tmp_path, "Unknown")[0].passed, "as its expectations say"
    os.unlink(captures(tmp_path)[0])
    (tmp_path / ".strongroom/captures/99999999T000000000000Z-x.json").write_text("not a capture")
    newest, oldest = recent_captures(tmp_path)
    assert (newest.connector, newest.status, newest.passed, newest.test) == ("Weather", 404, False, "")
    assert (oldest.connector, oldest.status, oldest.passed) == ("Orders", 200, True)
    assert (oldest.community, oldest.test, oldest.milliseconds > 0) == ("acme", "All orders", True)
    assert [entry.connector for entry in recent_captures(tmp_path, "Orders")] == ["Orders"]
    assert [entry.connector for entry in recent_captures(tmp_path, "All orders")] == ["Orders"]
    assert recent_captures(tmp_path, limit=1) == [newest]
    assert recent_captures(tmp_path / "nowhere") == []


def test_a_composite_of_the_same_name_has_runs_of_its_own(tmp_path):
    composite = {"name": "Orders", "steps": [{"name": "s", "url": "https://api.example.com"}]}
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, text="{}"))
    save_capture(tmp_path, asyncio.run(run_connector(composite, MappingValues(), transport=transport)))
    save_capture(tmp_path, report("Orders"))
    for is_composite in (True, False):
        (entry,) = recent_captures(tmp_path, "Orders", is_composite=is_composite)
        assert entry.is_composite is is_composite
    assert len(recent_captures(tmp_path, "Orders")) == 2


def test_captures_are_bounded_in_number_and_bytes(tmp_path):
    paths = [save_capture(tmp_path, report(body="x" * 1000), keep=None) for _ in range(6)]
    prune_captures(tmp_path, keep=5)
    assert captures(tmp_path) == paths[:0:-1]
    prune_captures(tmp_path, size=os.stat(paths[-1]).st_size + 10)
    assert captures(tmp_path) == [paths[-1]]
    prune_captures(tmp_path, size=1)
    assert captures(tmp_path) == [paths[-1]], "the last run is always kept"


def test_a_long_body_is_cut_and_says_so(tmp_path):
    data = load_capture(save_capture(tmp_path, report(body="x" * (LONGEST_BODY + 5))))
    assert (len(data["body"]), data["body_is_cut"], data["body_length"]) == (
        LONGEST_BODY,
        True,
        LONGEST_BODY + 5,
    )


def test_runs_that_end_at_the_same_moment_are_all_kept(tmp_path, monkeypatch):
    import datetime

    class Stopped(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr("strongroom.resolver.reports.capture.datetime.datetime", Stopped)
    one = report()
    assert len({save_capture(tmp_path, one) for _ in range(3)}) == 3
    assert len(captures(tmp_path)) == 3


def run(**fields):
    return {"status": 200, "passed": True, "headers": {}, "body": None, "debug": {}, **fields}


def told(before, after):
    return [tuple(change) for change in compare(before, after).changes]


def test_equal_runs_have_no_changes_and_volatile_headers_do_not_count():
    one = run(headers={"date": "Mon", "x": "1"}, body='{"a": 1}')
    other = run(headers={"Date": "Tue", "X": "1"}, body='{"a":   1}')
    assert told(one, other) == []


def test_status_headers_body_and_request_are_compared():
    before = run(
        headers={"X-A": "1", "X-B": "1"},
        body='{"a": 1, "b": {"c d": 2}}',
        debug={"url": "u", "headers": {"K": "1"}},
    )
    after = run(
        status=404, passed=False, headers={"X-B": "2", "X-C": "3"}, body='{"b": {"c d": 3}, "n": [1]}',
        debug={"url": "v", "headers": {"K": "1"}}, unresolved=["{{ get_secret('k') }}"],
    )  # fmt: skip
    assert told(before, after) == [
        ("outcome", "status", "changed", 200, 404),
        ("outcome", "passed", "changed", True, False),
        ("outcome", "unresolved[0]", "added", None, "{{ get_secret('k') }}"),
        ("header", "x-a", "removed", "1", None),
        ("header", "x-b", "changed", "1", "2"),
        ("header", "x-c", "added", None, "3"),
        ("body", "$.a", "removed", 1, None),
        ("body", '$.b["c d"]', "changed", 2, 3),
        ("body", "$.n", "added", None, [1]),
        ("request", "url", "changed", "u", "v"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([1, 2, 3], [0, 1, 2, 3], [("added", "$[0]")]),
        ([1, 2, 3], [1, 3], [("removed", "$[1]")]),
        ([{"id": 1, "n": 1}, 5], [{"id": 1, "n": 2}, 5], [("changed", "$[0].n")]),
        ([True], [1], [("changed", "$[0]")]),
        ({"a": None}, {}, [("removed", "$.a")]),
        ({"a": [1]}, {"a": {"b": 1}}, [("changed", "$.a")]),
    ],
)
def test_items_are_matched_by_what_they_are(before, after, changes):
    found = compare(run(body=json.dumps(before)), run(body=json.dumps(after))).changes
    assert [(change.kind, change.path) for change in found] == changes


def test_other_texts_are_compared_line_by_line():
    assert told(run(body="a\nb\nc"), run(body="a\nB\nc\nd")) == [
        ("body", "line 2", "changed", "b", "B"),
        ("body", "line 4", "added", None, "d"),
    ]
    assert told(run(body=None, body_length=3), run(body=None, body_length=4)) == [
        ("body", "length", "changed", 3, 4)
    ]
    assert told(run(body="{}"), run(body=None))[0][2] == "removed"


def test_times_are_kept_apart():
    found = compare(run(server_timing={"total": 5.0}), run(server_timing={"total": 7.0, "step.a": 1.0}))
    assert found.changes == ()
    assert [tuple(timing) for timing in found.timings] == [("total", 5.0, 7.0), ("step.a", None, 1.0)]


def test_no_more_changes_are_told_than_anybody_reads():
    many = {str(number): number for number in range(MOST_CHANGES + 50)}
    found = compare(run(body="{}"), run(body=json.dumps(many)))
    assert (len(found.changes), found.is_cut) == (MOST_CHANGES, True)
    json.dumps(found.to_json())


def test_long_lists_are_compared_by_index_in_little_time():
    one = list(range(5000))
    found = compare(run(body=json.dumps(one)), run(body=json.dumps([*one[:-1], -1])))
    assert [change.path for change in found.changes] == ["$[4999]"]
