"""Running test cases: what passes, what is said of what does not, many at once, cancelling, writing."""

import asyncio
import json
import tomllib

import httpx2
import pytest

from strongroom.errors import StrongroomError
from strongroom.resolver import MappingValues
from strongroom.testcases.connectors import Connectors, Target
from strongroom.testcases.expressions import same
from strongroom.testcases.loading import load_text
from strongroom.testcases.rendering import render_cases
from strongroom.testcases.results import Outcome
from strongroom.testcases.running import BatchOptions, prepare, run_cases
from strongroom.testcases.writing import CaseNotWritten, append_case, payload_value

CONNECTOR = {
    "name": "Orders",
    "permalink": "orders",
    "url": "https://api.example.com/orders/{{ pathParams.id }}",
    "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
    "path_parameters": [{"key": "id"}],
}
BODY = {
    "count": 2,
    "ok": True,
    "items": [{"id": 1, "name": "Lamp"}, {"id": 2, "name": "Desk"}],
    "none": None,
}
PLAIN = '[[test]]\nname = "a"\nconnector = "orders"\npath_parameters = { id = 7 }\n'


def answer(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=BODY, headers={"X-Trace": "t-1"})


def run(text, *, handler=answer, secrets=("k",), connectors=(CONNECTOR,), **more):
    loaded = load_text("/w/connectors.tests.toml", text)
    assert loaded.problems == ()
    targets = [Target("/w/connectors.json", c["name"], c["permalink"], c, False) for c in connectors]
    values = MappingValues({name: f"value-of-{name}" for name in secrets})
    prepared = prepare(loaded.cases, Connectors(targets), lambda community: (community or "usual", values))
    return asyncio.run(run_cases(prepared, BatchOptions(transport=httpx2.MockTransport(handler), **more)))


def test_a_test_passes_where_everything_is_as_expected():
    (result,) = run(
        PLAIN
        + """
[test.expect]
status = 200
max_ms = 20000
all_secrets_resolve = true
headers.X-Trace = "t-1"
headers.Content-Type = { matches = "^application/json", not_equals = "x" }
headers.X-No = { exists = false }
body_text = { contains = "Lamp" }
that = ["@.count == 2", "length(@.items) == 2 && @.ok == true"]
body = [
  { path = "$.items[0].name", equals = "Lamp", type = "string", length = 4, matches = "^L" },
  { path = "$.items[*].id", equals = [1, 2], count = 2, at_least = 1, at_most = 2 },
  { path = "$.none", exists = true, type = "null" },
  { path = "$.nothing", exists = false },
  { path = "$.items", contains = { id = 1, name = "Lamp" }, type = "array" },
  { path = "$.nothing", not_equals = 1 },
]
"""
    )
    assert (result.outcome, result.mismatches, result.community) == (Outcome.PASSED, (), "usual")
    assert result.report.status == 200


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("status = 404", "status: expected 404; got 200 OK"),
        ('status = ["4xx", 500]', "status: expected 4xx or 500; got 200 OK"),
        ('headers = { X-Trace = "t" }', 'header X-Trace: expected "t"; got "t-1"'),
        ('headers = { X-No = "t" }', 'header X-No: expected "t"; got no such header'),
        ("headers = { X-Trace = { exists = false } }", 'header X-Trace: expected not to be there; got "t-1"'),
        ('body_text = { contains = "Chair" }', "body: expected something with"),
        ('body = [{ path = "$.count", equals = 3 }]', "$.count: expected 3; got 2"),
        ('body = [{ path = "$.ok", equals = 1 }]', "$.ok: expected 1; got true"),
        ('body = [{ path = "$.count", at_most = 1 }]', "$.count: expected at most 1; got 2"),
        (
            'body = [{ path = "$.count", type = "string" }]',
            "$.count: expected a value of type string; got number: 2",
        ),
        ('body = [{ path = "$.nothing", equals = 3 }]', "$.nothing: expected 3; got nothing there"),
        (
            'body = [{ path = "$.nothing", exists = true }]',
            "$.nothing: expected to be there; got nothing there",
        ),
        ('body = [{ path = "$.items", length = 3 }]', "$.items: expected a length of 3; got a length of 2"),
        ('body = [{ path = "$.items[*]", count = 1 }]', "$.items[*]: expected 1 value; got 2 values"),
        (
            'body = [{ path = "$.items[*].id", equals = [2, 1] }]',
            "$.items[*].id: expected [2, 1]; got [1, 2]",
        ),
        ('body = [{ path = "$.items[*].id", at_least = 2 }]', "$.items[*].id: expected at least 2; got 1"),
        ('that = "@.count > 2"', "body: expected @.count > 2 to be true; got @.count is 2"),
    ],
)
def test_what_is_not_as_expected_is_said_with_both_sides(expect, told):
    (result,) = run(f"{PLAIN}[test.expect]\n{expect}\n")
    assert result.outcome is Outcome.FAILED
    assert len(result.mismatches) == 1
    assert str(result.mismatches[0]).startswith(told)


def test_without_a_status_any_success_passes_and_nothing_else():
    (result,) = run(PLAIN, handler=lambda _r: httpx2.Response(503))
    assert str(result.mismatches[0]) == "status: expected any 2xx; got 503 Service Unavailable"


def test_a_failure_of_the_platform_can_be_what_is_expected():
    text = PLAIN.replace("id = 7", 'id = ".."') + (
        '[test.expect]\nstatus = 400\nbody = [{ path = "$.errors.code", equals = "INVALID_PATH_PARAMETERS" }]\n'
    )
    (result,) = run(text)
    assert result.outcome is Outcome.PASSED, result.mismatches


def test_names_that_do_not_resolve_are_told_as_literals():
    (result,) = run(PLAIN + "expect.all_secrets_resolve = true\n", secrets=())
    assert "{{ get_secret('k') }} did not" in str(result.mismatches[0])
    (result,) = run(PLAIN + "expect.all_secrets_resolve = false\n")
    assert result.outcome is Outcome.FAILED


def test_a_body_that_is_no_json_is_told_before_its_checks():
    text = PLAIN + 'expect.body = [{ path = "$.a", equals = 1 }]\n'
    (result,) = run(text, handler=lambda _r: httpx2.Response(200, text="<p>"))
    assert str(result.mismatches[0]) == 'body: expected JSON; got text that is not JSON: "<p>"'


def test_no_value_is_in_any_result_even_when_the_api_repeats_it():
    def repeats(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            200, json={"key": request.headers["x-key"]}, headers={"X-Back": request.headers["x-key"]}
        )

    text = PLAIN + '[test.expect]\nheaders = { X-Back = "x" }\nbody = [{ path = "$.key", equals = "x" }]\n'
    results = run(text, handler=repeats)
    assert len(results[0].mismatches) == 2
    assert "value-of-k" not in json.dumps([result.to_json() for result in results]) + repr(results)


def test_a_test_that_cannot_be_run_says_why_and_the_others_run():
    def of(community):
        if community == "gone":
            raise StrongroomError("There is no community gone.")
        return "usual", MappingValues({"k": "v"})

    text = (
        PLAIN
        + PLAIN.replace('"a"', '"b"').replace("orders", "order")
        + (
            PLAIN.replace('"a"', '"c"')
            + 'community = "gone"\n'
            + PLAIN.replace('"a"', '"d"')
            + "skip = true\n"
        )
    )
    cases = load_text("/w/connectors.tests.toml", text).cases
    targets = Connectors([Target("/w/connectors.json", "Orders", "orders", CONNECTOR, False)])
    results = asyncio.run(
        run_cases(prepare(cases, targets, of), BatchOptions(transport=httpx2.MockTransport(answer)))
    )
    assert [(r.outcome.value, r.passed) for r in results] == [
        ("passed", True),
        ("error", False),
        ("error", False),
        ("skipped", True),
    ]
    assert results[1].reason == 'No connector here is named "order". Did you mean "orders"?'
    assert results[2].reason == "There is no community gone."


def test_no_more_tests_than_allowed_run_at_once_and_each_is_told():
    running, most, told = 0, 0, []

    async def slow(_request: httpx2.Request) -> httpx2.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return httpx2.Response(200)

    text = "".join(PLAIN.replace('"a"', f'"t{i}"') for i in range(12))
    results = run(text, handler=slow, at_once=3, on_result=lambda result: told.append(result.case.name))
    assert [result.case.name for result in results] == [f"t{i}" for i in range(12)]
    assert sorted(told) == sorted(f"t{i}" for i in range(12))
    assert most <= 3


def test_cancelling_ends_at_once_and_keeps_what_was_told():
    told = []

    async def stuck(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/7"):
            return httpx2.Response(200)
        await asyncio.Event().wait()
        raise AssertionError

    async def scene():
        text = PLAIN + PLAIN.replace('"a"', '"b"').replace("7", "8")
        cases = load_text("/w/connectors.tests.toml", text).cases
        targets = Connectors([Target("/w/c.json", "Orders", "orders", CONNECTOR, False)])
        prepared = prepare(cases, targets, lambda _c: ("", MappingValues({"k": "v"})))
        first = asyncio.Event()

        def hear(result):
            told.append(result.case.name)
            first.set()

        task = asyncio.create_task(
            run_cases(prepared, BatchOptions(transport=httpx2.MockTransport(stuck), on_result=hear))
        )
        await first.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scene())
    assert told == ["a"]


def test_a_dry_run_renders_and_sends_nothing():
    cases = load_text("/w/connectors.tests.toml", PLAIN).cases
    targets = Connectors([Target("/w/c.json", "Orders", "orders", CONNECTOR, False)])
    (shown,) = render_cases(prepare(cases, targets, lambda _c: ("", MappingValues({"k": "v"}))))
    assert shown.request.debug()["url"] == "https://api.example.com/orders/7"
    assert shown.request.debug()["headers"] == {"X-Key": "{{ get_secret('k') }}"}


def test_a_connector_beside_the_tests_comes_before_others():
    near = Target("/w/widgets/a/connectors.json", "Orders", "orders", {"near": 1}, False)
    registry = Target("/w/connectors_registry.json", "Orders", "orders", {}, False)
    connectors = Connectors([registry, near])
    assert connectors.find("orders", "/w/widgets/a/connectors.tests.toml") is near
    assert connectors.find("Orders", "/w/connectors.tests.toml") is registry
    assert connectors.unique() == [registry]
    assert connectors.find("x") is None


def test_equality_is_that_of_json():
    assert same({"a": [1, 2.0]}, {"a": [1.0, 2]})
    assert not same(True, 1)
    assert not same(None, False)
    assert not same("1", 1)
    assert not same([1], [1, 2])


# -- writing --------------------------------------------------------------------------------


def test_a_test_is_added_and_all_else_stays_as_it_was(tmp_path):
    file = tmp_path / "connectors.tests.toml"
    before = "# mine\r\n[[test]]\r\nname   = 'a'   # first\r\nconnector = \"c\"\r\n"
    file.write_bytes(before.encode())
    case = {
        "name": "a",
        "connector": "orders",
        "user": {},
        "query": {"q": 'a "b"'},
        "payload": "two\nlines",
        "tags": [],
        "expect": {"status": 200, "body": [{"path": "$.x", "equals": [1, {"y": True}]}]},
    }
    line = append_case(str(file), case)
    text = file.read_bytes().decode()
    assert text.startswith(before)
    assert text.split("\n")[line - 1].strip() == "[[test]]"
    added = tomllib.loads(text)["test"][1]
    assert added == {**{key: value for key, value in case.items() if key != "tags"}, "name": "a (2)"}
    assert load_text(str(file), text.replace("\r\n", "\n")).problems == ()


def test_a_file_is_made_where_there_is_none(tmp_path):
    file = tmp_path / "connectors.tests.toml"
    assert append_case(str(file), {"name": "a", "connector": "c"}) == 1
    assert append_case(str(file), {"name": "b", "connector": "c"}) == 5
    assert [case.name for case in load_text(str(file), file.read_text()).cases] == ["a", "b"]


def test_nothing_is_added_to_a_file_with_a_mistake_or_from_a_bad_case(tmp_path):
    file = tmp_path / "connectors.tests.toml"
    file.write_text("[[test]]\nname = 1\n")
    with pytest.raises(CaseNotWritten, match="Line 1: "):
        append_case(str(file), {"name": "a", "connector": "c"})
    with pytest.raises(CaseNotWritten, match='No key among expectations is named "statuss"'):
        append_case(
            str(tmp_path / "new.tests.toml"), {"name": "a", "connector": "c", "expect": {"statuss": 1}}
        )
    file.write_text('test = [{ name = "x", connector = "c" }]\n')
    with pytest.raises(CaseNotWritten, match="cannot be added"):
        append_case(str(file), {"name": "a", "connector": "c"})
    assert not (tmp_path / "new.tests.toml").exists()


def test_a_payload_becomes_a_table_where_toml_can_say_it():
    assert payload_value('{"a": 1}') == {"a": 1}
    assert payload_value('{"a": null}') == '{"a": null}'
    assert payload_value("plain") == "plain"


def test_what_toml_cannot_say_is_said(tmp_path):
    with pytest.raises(CaseNotWritten, match="null"):
        append_case(
            str(tmp_path / "connectors.tests.toml"), {"name": "a", "connector": "c", "payload": [1, None]}
        )
