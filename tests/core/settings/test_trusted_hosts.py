"""Secrets go to a host only after somebody agreed, for the folder and the community; and that is remembered."""

import asyncio
import json
import os
import stat

import httpx2
import pytest

from strongroom.errors import StrongroomError
from strongroom.resolver import Inputs, MappingValues, Runner, render_request
from strongroom.resolver.request.asking import AskedOnce
from strongroom.resolver.request.consent import destinations_of
from strongroom.resolver.terms.clock import Clock
from strongroom.resolver.terms.failures import Destination
from strongroom.settings.trusted_hosts import TrustedHosts, trusts_everything

VALUES = MappingValues(
    {"k": "value-of-k", "c": "value-of-c", "p": "value-of-p"}, {"base": "https://v.example"}
)
OAUTH = {
    "type": "oauth_client_credentials",
    "config": {
        "client_id": "{{ get_secret('c') }}",
        "client_secret": "{{ get_secret('p') }}",
        "token_url": "https://auth.example:8443/token",
    },
}
HEADER = [{"key": "X-Key", "value": "Bearer {{ get_secret('k') }}"}]


def goes_to(**fields):
    connector = {"name": "n", "url": "https://api.example/x", "method": "POST", **fields}
    return [tuple(one) for one in destinations_of(render_request(connector, VALUES, Inputs()))]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"headers": [{"key": "X", "value": "{{ get_secret('unknown') }}"}]}, []),
        ({"headers": [{"key": "X", "value": "{{ get_variable('base') }}"}]}, []),
        ({"headers": HEADER}, [("api.example", ("k",))]),
        (
            {
                "headers": [
                    *HEADER,
                    {"key": "Y", "value": "{{ (get_secret('c') ~ get_secret('k')) | base64_encode }}"},
                ]
            },
            [("api.example", ("c", "k"))],
        ),
        ({"url": "https://API.example:8443/x", "headers": HEADER}, [("api.example:8443", ("k",))]),
        ({"url": "https://api.example:443/x", "headers": HEADER}, [("api.example", ("k",))]),
        ({"url": "{{ get_variable('base') }}/x", "headers": HEADER}, [("v.example", ("k",))]),
        ({"url": "https://[2001:db8::1]/x", "headers": HEADER}, [("[2001:db8::1]", ("k",))]),
        ({"query_parameters": HEADER}, [("api.example", ("k",))]),
        (
            {"headers": [{"key": "X", "value": "{{ get_secret('k') | base64_encode }}"}]},
            [("api.example", ("k",))],
        ),
        (
            {"headers": HEADER, "query_parameters": [{"key": "c", "value": "{{ get_secret('c') }}"}]},
            [("api.example", ("c", "k"))],
        ),
        (
            {"authentication": {"type": "api_key", "config": {"key": "a", "value": "{{ get_secret('k') }}"}}},
            [("api.example", ("k",))],
        ),
        (
            {"authentication": OAUTH},
            [("auth.example:8443", ("c", "p")), ("api.example", ("an access token",))],
        ),
        (
            {
                "authentication": {
                    "type": "jwt",
                    "config": {"private_key": "{{ get_secret('k') }}", "claims": {}},
                }
            },
            [("api.example", ("a signed token",))],
        ),
    ],
)
def test_where_a_request_sends_secrets(fields, expected):
    assert goes_to(**fields) == expected


def run(connector, consent):
    sent = []

    def api(request):
        sent.append(str(request.url))
        return httpx2.Response(200, json={"access_token": "t", "expires_in": 60})

    async def one():
        async with Runner(transport=httpx2.MockTransport(api), consent=consent) as runner:
            return await runner.run(connector, VALUES, Inputs(), community="prod")

    return asyncio.run(one()), sent


@pytest.mark.parametrize("fields", [{"headers": HEADER}, {"authentication": OAUTH}])
def test_nothing_is_sent_until_somebody_agrees(fields):
    asked = []

    async def no(community, destinations):
        asked.append((community, tuple(one.host for one in destinations)))
        return False

    report, sent = run({"name": "n", "url": "https://api.example/x", **fields}, no)
    assert sent == []
    assert report.status == 502
    assert "nothing was sent, because you have not agreed" in report.explanation[-1]
    assert [one.host for one in report.withheld] == list(asked[0][1])
    assert report.to_json()["withheld"][0]["secrets"]
    assert asked[0][0] == "prod"


def test_each_step_of_a_composite_asks_for_its_own_host():
    async def only_first(_community, destinations):
        return [one.host for one in destinations] == ["one.example"]

    steps = [{"name": name, "url": f"https://{name}.example/x", "headers": HEADER} for name in ("one", "two")]
    report, sent = run({"name": "n", "steps": steps}, only_first)
    assert sent == ["https://one.example/x"]
    assert [one.host for one in report.withheld] == ["two.example"]


def test_nobody_is_asked_where_no_secret_goes():
    async def never(_community, _destinations):
        raise AssertionError

    report, sent = run({"name": "n", "url": "https://api.example/x"}, never)
    assert (report.status, sent) == (200, ["https://api.example/x"])


def test_the_time_of_the_question_and_of_the_report_is_not_the_connectors(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("strongroom.resolver.terms.clock.time.perf_counter", lambda: now[0])
    clock = Clock()
    now[0] += 1
    clock.lap("transform")
    now[0] += 3600  # somebody thinks
    clock.skip()
    now[0] += 2
    clock.lap("external")
    clock.stop()
    now[0] += 60  # the answer is searched for echoes
    timing = clock.timing()
    assert (timing["transform"], timing["external"], timing["total"]) == (1000, 2000, 3000)


@pytest.fixture
def trusted(tmp_path):
    return TrustedHosts(str(tmp_path / "state" / "trusted-hosts.json"))


def test_an_agreement_is_for_the_folder_the_community_and_the_host(trusted, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    trusted.agree(str(here), "prod", ["api.example"])
    assert trusted.missing(str(here), "prod", ["api.example", "other.example"]) == ["other.example"]
    assert trusted.missing(str(there), "prod", ["api.example"]) == ["api.example"]
    assert trusted.missing(str(here), "staging", ["api.example"]) == ["api.example"]
    (tmp_path / "link").symlink_to(here)
    assert trusted.missing(str(tmp_path / "link"), "prod", ["api.example"]) == []
    assert stat.S_IMODE(os.stat(trusted.path).st_mode) == 0o600


def test_an_agreement_can_be_forgotten(trusted, tmp_path):
    trusted.agree("/a", "prod", ["api.example", "b.example"])
    trusted.agree("/b", "prod", ["api.example"])
    assert trusted.forget("api.example", "/a") == 1
    assert trusted.forget("api.example") == 1
    assert [one.host for one in trusted.agreements()] == ["b.example"]
    assert trusted.forget(folder="/a") == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"agreed": 1}', '{"agreed": [["a"]]}', "\0"])
def test_a_damaged_file_agrees_to_nothing(trusted, text):
    os.makedirs(os.path.dirname(trusted.path))
    with open(trusted.path, "w", encoding="utf-8") as file:
        file.write(text)
    assert trusted.missing("/a", "prod", ["api.example"]) == ["api.example"]
    trusted.agree("/a", "prod", ["api.example"])
    assert trusted.missing("/a", "prod", ["api.example"]) == []


def test_an_answer_that_cannot_be_kept_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StrongroomError):
        TrustedHosts(str(tmp_path / "file" / "trusted-hosts.json")).agree("/a", "prod", ["api.example"])


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False), ("", False)])
def test_the_environment_can_answer(value, expected):
    assert trusts_everything({"STRONGROOM_TRUST": value}) is expected
    assert not trusts_everything({})


def test_the_file_is_json(trusted):
    trusted.agree("/a", "prod", ["api.example"])
    with open(trusted.path, encoding="utf-8") as file:
        assert json.load(file) == {"version": 1, "agreed": [["/a", "prod", "api.example"]]}


def answers(folder, replies, *questions, complaints=None):
    """What is answered to each of the questions, all at once, and how often a person was asked."""
    asked = []

    async def ask(community, destinations):
        await asyncio.sleep(0)  # the others come to their question meanwhile
        asked.append((community, tuple(one.host for one in destinations)))
        return replies[len(asked) - 1]

    async def all_of_them():
        consent = AskedOnce(folder, ask, [].append if complaints is None else complaints.append)
        return await asyncio.gather(
            *(
                consent(community, [Destination(host, ("k",)) for host in hosts])
                for community, hosts in questions
            )
        )

    return asyncio.run(all_of_them()), asked


@pytest.fixture
def nobody_agreed(tmp_path, monkeypatch):
    monkeypatch.delenv("STRONGROOM_TRUST", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.mark.parametrize("reply", [True, False])
def test_runs_at_the_same_time_ask_once(nobody_agreed, reply):
    found, asked = answers("/a", [reply], *[("prod", ["api.example"])] * 3)
    assert found == [reply] * 3
    assert asked == [("prod", ("api.example",))]


def test_only_hosts_without_an_answer_are_asked_about(nobody_agreed):
    questions = [("prod", ["a.example"]), ("prod", ["a.example", "b.example"]), ("other", ["a.example"])]
    assert answers("/a", [True, True, False], *questions) == (
        [True, True, False],
        [("prod", ("a.example",)), ("prod", ("b.example",)), ("other", ("a.example",))],
    )


def test_a_host_that_was_refused_keeps_the_others_of_the_request_from_being_asked(nobody_agreed):
    found, asked = answers("/a", [False], ("prod", ["a.example"]), ("prod", ["a.example", "b.example"]))
    assert (found, len(asked)) == ([False, False], 1)


def test_a_yes_outlives_the_batch_and_a_no_does_not(nobody_agreed):
    question = ("prod", ["api.example"])
    assert answers("/a", [False], question) == ([False], [("prod", ("api.example",))])
    assert answers("/a", [True], question) == ([True], [("prod", ("api.example",))])
    assert answers("/a", [], question) == ([True], [])


def test_a_yes_that_cannot_be_kept_holds_for_the_batch(nobody_agreed):
    nobody_agreed.write_text("a file in the place of the folder")
    complaints = []
    found, asked = answers("/a", [True], *[("prod", ["api.example"])] * 2, complaints=complaints)
    assert (found, len(asked), len(complaints)) == ([True, True], 1, 1)


def test_a_question_that_is_cancelled_is_no_answer(nobody_agreed):
    asked = []

    async def ask(_community, _destinations):
        asked.append(True)
        if len(asked) == 1:
            await asyncio.Event().wait()
        return True

    async def twice():
        consent = AskedOnce("/a", ask, [].append)
        first = asyncio.ensure_future(consent("prod", [Destination("api.example", ("k",))]))
        while not asked:
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        assert TrustedHosts().agreements() == []
        return await consent("prod", [Destination("api.example", ("k",))])

    assert asyncio.run(twice())
    assert len(asked) == 2
