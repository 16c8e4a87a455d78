"""Recorded answers: written without any value, read back, and given for the request that they belong to."""

import asyncio
import json
import stat

import httpx2
import pytest

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.resolver import MappingValues
from strongroom.resolver.reports.recording import NoRecording, NotingValues, Replayer, read_recording
from strongroom.resolver.terms.exchange import Asked, NoAnswer
from strongroom.testcases.connectors import Connectors, Target
from strongroom.testcases.loading import load
from strongroom.testcases.results import Outcome
from strongroom.testcases.running import BatchOptions, prepare, run_cases

VALUE = "a/b+c secret=5"
CONNECTORS = [
    {
        "name": "Orders",
        "permalink": "orders",
        "url": "{{ get_variable('base') }}/orders",
        "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
        "query_parameters": [{"key": "t", "value": "{{ now() }}"}, {"key": "key", "value": "{{ get_secret('k') }}"}],
        "response_body": "{% set d = response.body | from_json %}{\"n\": {{ d.n }}}",
    },
    {
        "name": "Signed",
        "permalink": "signed",
        "url": "https://api.example.com/signed",
        "authentication": {
            "type": "oauth_client_credentials",
            "config": {
                "client_id": "{{ get_secret('k') }}",
                "client_secret": "{{ get_secret('k') }}",
                "token_url": "https://api.example.com/token",
            },
        },
    },
    {
        "name": "Both",
        "permalink": "both",
        "steps": [
            {
                "name": "one",
                "url": "https://api.example.com/one",
                "headers": [{"key": "K", "value": "{{ get_secret('k') }}"}],
            },
            {"name": "two", "url": "https://api.example.com/two/{{ (steps.one.body | from_json).n }}"},
        ],
    },
]  # fmt: skip
TESTS = "".join(
    f'[[test]]\nname = "{name}"\nconnector = "{name}"\n[test.expect]\nstatus = 200\nall_secrets_resolve = true\n'
    for name in ("orders", "signed", "both")
)


def api(request: httpx2.Request) -> httpx2.Response:
    """Repeats all that it is sent, in the body and in headers."""
    if request.url.path == "/token":
        return httpx2.Response(200, json={"access_token": "tok-" + "z" * 30, "expires_in": 3600})
    seen = {"n": 3, "url": str(request.url), "headers": dict(request.headers)}
    return httpx2.Response(
        200, json=seen, headers={"X-Back": request.headers.get("x-key", ""), "Set-Cookie": "s=1"}
    )


def go(folder, *, values=None, handler=api, **run):
    loaded = load([str(folder / "connectors.tests.toml")])
    assert not loaded.problems
    targets = [Target(str(folder / "c.json"), c["name"], c["permalink"], c, "steps" in c) for c in CONNECTORS]
    of = None if values is None else (lambda _community: ("acme", values))
    prepared = prepare(loaded.cases, Connectors(targets), of)
    return asyncio.run(run_cases(prepared, BatchOptions(transport=httpx2.MockTransport(handler), **run)))


@pytest.fixture
def recorded(tmp_path):
    (tmp_path / "connectors.tests.toml").write_text(TESTS)
    values = MappingValues({"k": VALUE}, {"base": "https://api.example.com"})
    results = go(tmp_path, values=values, record=True)
    assert [r.outcome for r in results] == [Outcome.PASSED] * 3, [r.mismatches for r in results]
    return tmp_path


def nobody(_request):
    raise AssertionError("the network was used")


def test_a_replay_gives_the_same_without_network_vault_or_token(recorded):
    results = go(recorded, handler=nobody, replay=True)
    assert [r.outcome for r in results] == [Outcome.PASSED] * 3, [r.mismatches for r in results]
    assert json.loads(results[0].report.text) == {"n": 3}
    assert json.loads(results[2].report.text)["url"].endswith("/two/3")


def test_half_of_a_surrogate_pair_comes_back_as_it_was(tmp_path):
    half = "a\ud800b"
    (tmp_path / "connectors.tests.toml").write_text('[[test]]\nname = "t"\nconnector = "odd"\n')
    connector = {
        "name": half,
        "url": "https://api.example.com/",
        "query_parameters": [{"key": half, "value": half}],
        "response_body": "{{ response.status_code }}",
    }
    targets = Connectors([Target(str(tmp_path / "c.json"), half, "odd", connector, False)])

    def go(handler, **run):
        cases = load([str(tmp_path / "connectors.tests.toml")]).cases
        prepared = prepare(cases, targets, lambda _community: ("acme", MappingValues()))
        return asyncio.run(run_cases(prepared, BatchOptions(transport=httpx2.MockTransport(handler), **run)))

    assert go(api, record=True)[0].outcome is Outcome.PASSED
    assert go(nobody, replay=True)[0].outcome is Outcome.PASSED


def test_an_answer_in_another_charset_than_utf_8_comes_back_as_it_was(recorded):
    body = b'{"n": "caf\xe9"}'
    values = MappingValues({"k": VALUE}, {"base": "https://api.example.com"})
    go(recorded, values=values, handler=lambda _request: httpx2.Response(200, content=body), record=True)
    (call,) = read_recording(str(recorded / "connectors.recorded/orders.json")).calls
    assert call.answered.body == body


def test_no_value_token_or_cookie_is_in_a_recording(recorded):
    files = sorted((recorded / "connectors.recorded").iterdir())
    assert [file.name for file in files] == ["both.json", "orders.json", "signed.json"]
    for file in files:
        text = file.read_text()
        for form in (VALUE, "a%2Fb%2Bc", "zzzz", "s=1"):
            assert form not in text, file.name
        assert stat.S_IMODE(file.stat().st_mode) & 0o111 == 0
    orders = json.loads((recorded / "connectors.recorded/orders.json").read_text())
    assert orders["secrets"] == ["k"]
    assert orders["variables"] == {"base": "https://api.example.com"}
    assert orders["exchanges"][0]["query"][1] == ["key", "{{ get_secret('k') }}"]


def test_a_request_that_changed_is_not_answered_and_it_is_said_why(recorded, monkeypatch):
    monkeypatch.setitem(CONNECTORS[1], "url", "https://api.example.com/other")
    results = go(recorded, handler=nobody, replay=True)
    assert results[1].outcome is Outcome.FAILED
    assert "GET https://api.example.com/other" in results[1].mismatches[0].actual
    assert "https://api.example.com/signed" in results[1].mismatches[0].actual
    assert results[0].outcome is Outcome.PASSED


def test_only_names_that_resolved_are_noted():
    values = NotingValues(MappingValues({"k": VALUE}, {"base": "b", "empty": ""}))
    for name in ("k", "base", "empty", "other"):
        values.secret(name)
        values.variable(name)
    assert values.secrets_used == {"k": None}
    assert values.variables_used == {"base": "b", "empty": ""}


def test_a_name_that_was_not_recorded_resolves_only_where_it_is_listed(recorded, monkeypatch):
    headers = [{"key": "X", "value": "{{ get_secret('new_name') }}"}]
    monkeypatch.setitem(CONNECTORS[1], "headers", headers)
    results = go(recorded, handler=nobody, replay=True)
    assert "get_secret('new_name')" in str(results[1].mismatches[0])
    names = Names(Knowledge.COMPLETE, {"new_name": Name("new_name", Kind.SECRET)})
    assert go(recorded, handler=nobody, replay=True, names=names)[1].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No answers are recorded. `strongroom test --record` records them."),
        ("{", "is not a recording. Record it again with --record."),
        ("[]", "is not a recording."),
        ('{"version": 9}', "is a recording of another version."),
        (
            '{"version": 1, "exchanges": [{"method": "GET"}], "secrets": [], "variables": {}}',
            "is not a recording.",
        ),
    ],
)
def test_a_recording_that_is_no_use_is_an_error_of_that_test(recorded, text, says):
    file = recorded / "connectors.recorded/orders.json"
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    results = go(recorded, handler=nobody, replay=True)
    assert results[0].outcome is Outcome.ERROR
    assert says in results[0].reason
    assert results[1].outcome is Outcome.PASSED
    with pytest.raises(NoRecording):
        read_recording(str(file))


def test_each_answer_is_given_once_and_to_its_own_step(recorded):
    replay = Replayer(read_recording(str(recorded / "connectors.recorded/both.json")))
    asked = Asked("Both", "one", "GET", "https://api.example.com/one", (), (), None)
    assert asyncio.run(replay(asked)).status == 200
    with pytest.raises(NoAnswer):
        asyncio.run(replay(asked))
    with pytest.raises(NoAnswer):
        asyncio.run(replay(asked._replace(step="three", url="https://api.example.com/two/3")))


def test_a_cookie_of_one_run_goes_out_with_no_other(recorded):
    seen = []

    def watching(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("cookie"))
        return api(request)

    go(
        recorded,
        values=MappingValues({"k": VALUE}, {"base": "https://api.example.com"}),
        handler=watching,
        at_once=1,
    )
    assert len(seen) == 5
    assert set(seen) == {None}
