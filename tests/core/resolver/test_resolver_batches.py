"""Many runs at a time, recorded answers in place of the network, progress, and runs that are stopped."""

import asyncio
import json

import httpx2
import pytest

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.resolver import (
    Answered,
    MappingValues,
    NamedValues,
    NoAnswer,
    Policy,
    Progress,
    Runner,
    TokenCache,
    run_connector,
)
from strongroom.resolver.reports.recording import Recorded, Recording, Replayer
from strongroom.resolver.terms.exchange import Asked

CLIENT = {
    "type": "oauth_client_credentials",
    "config": {
        "client_id": "{{ get_secret('id') }}",
        "client_secret": "{{ get_secret('secret') }}",
        "token_url": "https://auth.example.com/token",
    },
}
SECRETS = MappingValues({"id": "client-7", "secret": "s3cret-value"})
CONNECTOR = {"name": "Orders", "url": "https://api.example.com/orders", "authentication": CLIENT}


class Api:
    """A token endpoint and an API that wait until as many runs have come as there are to come."""

    def __init__(self, expected=1):
        self.tokens = self.calls = 0
        self.expected = expected
        self.all_here = asyncio.Event()

    async def __call__(self, request):
        if request.url.host == "auth.example.com":
            self.tokens += 1
            await asyncio.sleep(0)
            return httpx2.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 3600})
        self.calls += 1
        if self.calls >= self.expected:
            self.all_here.set()
        await self.all_here.wait()
        return httpx2.Response(200, json={"auth": request.headers["authorization"]})


async def test_runs_of_one_batch_go_out_at_the_same_time_and_fetch_their_token_once():
    api = Api(expected=20)
    async with Runner(transport=httpx2.MockTransport(api)) as runner:
        reports = await asyncio.gather(*(runner.run(CONNECTOR, SECRETS) for _ in range(20)))
    assert all(report.passed for report in reports)
    assert (api.tokens, api.calls) == (1, 20)


async def test_runs_do_not_wait_for_each_others_connections():
    """A server that answers nobody before all have asked."""
    here, everybody = [], asyncio.Event()

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        here.append(writer)
        if len(here) == 25:
            everybody.set()
        await everybody.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        connector = {"name": "n", "url": f"http://127.0.0.1:{port}/"}
        async with Runner(Policy((f"127.0.0.1:{port}",))) as runner:
            reports = await asyncio.gather(*(runner.run(connector, SECRETS) for _ in range(25)))
    assert all(report.passed for report in reports)


async def test_only_so_many_runs_are_under_way_at_once():
    running = most = 0

    async def api(_request):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return httpx2.Response(200)

    async with Runner(transport=httpx2.MockTransport(api), at_once=3) as runner:
        connector = {"name": "n", "url": "https://api.example.com/"}
        await asyncio.gather(*(runner.run(connector, SECRETS) for _ in range(20)))
    assert 1 <= most <= 3


async def test_a_token_that_cannot_be_fetched_fails_every_run_that_waits_for_it():
    asked, stages = [], []

    async def refuse(request):
        asked.append(request)
        while [stage.stage for stage in stages].count("authenticate") < 5:
            await asyncio.sleep(0)
        return httpx2.Response(400, json={"error": "invalid_scope"})

    async with Runner(transport=httpx2.MockTransport(refuse)) as runner:
        runs = (runner.run(CONNECTOR, SECRETS, progress=stages.append) for _ in range(5))
        reports = await asyncio.gather(*runs)
    assert {report.status for report in reports} == {502}
    assert all("invalid_scope" in report.reason for report in reports)
    assert len(asked) == 1


async def test_a_token_that_is_refused_to_many_runs_is_fetched_anew_once():
    asked = []

    async def api(request):
        await asyncio.sleep(0)
        if request.url.host == "auth.example.com":
            asked.append(request)
            return httpx2.Response(200, json={"access_token": f"token-{len(asked)}"})
        return httpx2.Response(401 if request.headers["authorization"] == "Bearer token-1" else 200)

    async with Runner(transport=httpx2.MockTransport(api)) as runner:
        await runner.run(CONNECTOR, SECRETS)
        reports = await asyncio.gather(*(runner.run(CONNECTOR, SECRETS) for _ in range(10)))
    assert all(report.passed for report in reports)
    assert len(asked) == 2


async def test_a_run_that_is_cancelled_stops_and_leaves_the_others_alone():
    api = Api(expected=2)
    async with Runner(transport=httpx2.MockTransport(api)) as runner:
        stopped = asyncio.create_task(runner.run(CONNECTOR, SECRETS))
        while not api.calls:
            await asyncio.sleep(0)
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
        assert (await runner.run(CONNECTOR, SECRETS)).passed


async def test_cancelling_the_run_that_asks_for_a_token_does_not_take_it_from_the_others():
    reached, answer = asyncio.Event(), asyncio.Event()

    async def api(request):
        if request.url.host == "auth.example.com":
            reached.set()
            await answer.wait()
            return httpx2.Response(200, json={"access_token": "t"})
        return httpx2.Response(200)

    async with Runner(transport=httpx2.MockTransport(api)) as runner:
        first = asyncio.create_task(runner.run(CONNECTOR, SECRETS))
        await reached.wait()
        second = asyncio.create_task(runner.run(CONNECTOR, SECRETS))
        first.cancel()
        answer.set()
        assert (await second).passed
        assert first.cancelled()


async def test_progress_names_each_stage_and_each_step():
    seen = []
    composite = {
        "name": "Both",
        "steps": [
            {"name": "first", "url": "https://api.example.com/1"},
            {
                "name": "second",
                "url": "https://api.example.com/2",
                "response_body": "{{ response.status_code }}",
            },
        ],
    }
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, text="x"))
    await run_connector(composite, MappingValues(), transport=transport, progress=seen.append)
    assert seen == [
        Progress("render", "first", 1, 2),
        Progress("call", "first", 1, 2),
        Progress("render", "second", 2, 2),
        Progress("call", "second", 2, 2),
        Progress("transform", "second", 2, 2),
        Progress("done"),
    ]
    seen.clear()
    await run_connector(CONNECTOR, SECRETS, transport=httpx2.MockTransport(Api()), progress=seen.append)
    assert [progress.stage for progress in seen] == ["render", "authenticate", "call", "done"]


def listed(*secrets, **variables):
    entries = [Name(name, Kind.SECRET) for name in secrets]
    entries += [Name(name, Kind.VARIABLE, value=value) for name, value in variables.items()]
    return NamedValues(Names(Knowledge.COMPLETE, {entry.name: entry for entry in entries}))


async def test_a_recorded_answer_stands_in_and_is_asked_for_in_literals():
    asked = []

    async def sender(question):
        asked.append(question)
        return Answered(200, (("Content-Type", "application/json"),), b'{"total": 3}', "OK")

    connector = {
        **CONNECTOR,
        "url": "https://{{ get_variable('host') }}/orders",
        "query_parameters": [{"key": "key", "value": "{{ get_secret('id') }}"}, {"key": "q", "value": "a b"}],
        "response_body": "{{ (response.body | from_json).total }}",
    }
    report = await run_connector(connector, listed("id", "secret", host="api.example.com"), sender=sender)
    assert (report.passed, report.text, report.unresolved) == (True, "3", ())
    (question,) = asked
    assert (question.connector, question.step, question.method) == ("Orders", "", "GET")
    assert question.url == "https://api.example.com/orders"
    assert question.query == (("key", "{{ get_secret('id') }}"), ("q", "a b"))
    assert question.headers == (("Authorization", "Bearer <the access token>"),)
    assert question.body is None
    assert "recorded answer takes the place" in " ".join(report.explanation)
    assert report.exchanges[0].asked == question


async def test_a_computed_name_resolves_to_what_is_listed_of_its_kind():
    asked = []

    async def sender(question):
        asked.append(question)
        return Answered(200)

    texts = [
        f"{{{{ get_{kind}({name}) }}}}"
        for kind in ("secret", "variable")
        for name in ("'i' ~ 'd'", "'ho' ~ 'st'")
    ]
    headers = [{"key": f"X-{number}", "value": text} for number, text in enumerate(texts)]
    connector = {"name": "Orders", "url": "https://api.example.com/", "headers": headers}
    report = await run_connector(connector, listed("id", host="a.example"), sender=sender)
    assert [text for _key, text in asked[0].headers] == [*texts[:3], "a.example"]
    assert report.unresolved == (texts[1], texts[2])


async def test_a_recording_gives_each_answer_once_and_then_says_what_is_left():
    url, query = "https://api.example.com/orders", (("at", "1700000000"), ("q", "a"))
    calls = (Recorded("list", "GET", url, query, Answered(200)), Recorded("", "PUT", url, (), Answered(204)))
    replayer = Replayer(Recording(calls))
    question = Asked("Orders", "list", "GET", url, (("at", "1800000000"), ("q", "a")), (), None)
    assert await replayer(question) == Answered(200)
    with pytest.raises(NoAnswer) as caught:
        await replayer(question)
    left = f"what is left of the recording is PUT {url}."
    assert f"GET {url}?at=1800000000&q=a (step list); {left}" in str(caught.value)
    assert await replayer(Asked("Orders", "", "PUT", url, (), (), None)) == Answered(204)
    with pytest.raises(NoAnswer, match="step list\\)\\. Record"):
        await replayer(question)


@pytest.mark.parametrize("kind", ["jwt", "oauth_jwt_bearer"])
async def test_a_recorded_answer_needs_no_key(kind):
    async def sender(_question):
        return Answered(200)

    config = {
        "private_key": "{{ get_secret('key') }}",
        "claims": {},
        "client_id": "c",
        "token_url": "https://a",
    }
    headers = [{"key": "X", "value": "{{ jwt_encode({}, get_secret('key'), 'RS256') }}"}]
    connector = {**CONNECTOR, "authentication": {"type": kind, "config": config}, "headers": headers}
    report = await run_connector(connector, listed("key"), sender=sender)
    assert report.passed, report.reason
    assert dict(report.exchanges[0].asked.headers)["X"] == headers[0]["value"]


async def test_without_a_recorded_answer_the_run_fails_with_the_senders_sentence():
    async def sender(question):
        raise NoAnswer(f"there is no recorded answer for {question.method} {question.url}.")

    report = await run_connector(CONNECTOR, listed("id", "secret"), sender=sender)
    assert report.status == 502
    assert report.failure["errors"]["scope"] == "Downstream (network/external service)"
    assert "no recorded answer for GET https://api.example.com/orders." in report.reason


async def test_a_name_that_is_not_listed_does_not_resolve():
    async def sender(_question):
        return Answered(200)

    report = await run_connector(CONNECTOR, listed("id"), sender=sender)
    assert report.unresolved == ("{{ get_secret('secret') }}",)


async def test_what_was_exchanged_can_be_recorded_without_a_value():
    def echo(request):
        return httpx2.Response(
            200, json={"got": request.headers["x-key"], "n": 1}, headers={"x-got": "s3cret-value"}
        )

    connector = {
        **CONNECTOR,
        "authentication": None,
        "headers": [{"key": "X-Key", "value": "{{ get_secret('secret') }}"}],
        "response_body": "changed",
    }
    report = await run_connector(connector, SECRETS, transport=httpx2.MockTransport(echo))
    (exchange,) = report.exchanges
    assert exchange.asked.headers == (("X-Key", "{{ get_secret('secret') }}"),)
    assert json.loads(exchange.answered.body) == {"got": "••••••••", "n": 1}
    assert "s3cret-value" not in repr(report)
    assert report.text == "changed"


async def test_the_sender_sees_the_body_and_each_step_of_a_composite():
    asked = []

    async def sender(question):
        asked.append(question)
        return Answered(200, body=b'{"id": 5}')

    composite = {
        "name": "Both",
        "steps": [
            {"name": "find", "url": "https://api.example.com/find"},
            {
                "name": "order",
                "method": "POST",
                "url": "https://api.example.com/{{ (steps.find.body | from_json).id }}",
                "request_body": "{{ request.body_text }}",
            },
        ],
    }
    report = await run_connector(composite, MappingValues(), sender=sender)
    assert report.passed
    assert [(question.step, question.url) for question in asked] == [
        ("find", "https://api.example.com/find"),
        ("order", "https://api.example.com/5"),
    ]
    assert asked[1].body == "None"  # nothing came in, and None renders as its name (PLATFORM §2)


def test_tokens_outlive_a_runner_and_its_event_loop():
    tokens, fetched = TokenCache(), []

    async def api(request):
        if request.url.host == "auth.example.com":
            fetched.append(request)
            return httpx2.Response(200, json={"access_token": "t"})
        return httpx2.Response(200)

    async def once():
        async with Runner(Policy(), tokens=tokens, transport=httpx2.MockTransport(api)) as runner:
            return await runner.run(CONNECTOR, SECRETS)

    assert asyncio.run(once()).passed
    assert asyncio.run(once()).passed
    assert len(fetched) == 1
