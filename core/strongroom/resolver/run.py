"""Runs one connector as the platform does (PLATFORM §6) and reports on it."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from strongroom.platform.places import FieldPlace
from strongroom.resolver import explain
from strongroom.resolver.authentication import METHODS, Applied, Context, TokenCache
from strongroom.resolver.bounded import TooSlow, bounded
from strongroom.resolver.echoes import Echoes
from strongroom.resolver.failures import Failure, RunFailed, misconfigured, response_template_failed
from strongroom.resolver.inputs import Inputs, Policy
from strongroom.resolver.ledger import Ledger
from strongroom.resolver.rendering import RENDER_SECONDS, Renderer
from strongroom.resolver.report import Report, charset_of, decoded
from strongroom.resolver.request import RenderedRequest, render_request
from strongroom.resolver.sending import MAX_BODY, Answer, Outgoing, send
from strongroom.resolver.values import Values, snapshot


class _Clock:
    """Milliseconds spent in each part of a run."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.parts = {"setup": 0.0, "transform": 0.0, "cache": 0.0, "external": 0.0}

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self.parts[part] += (now - self._last) * 1000
        self._last = now

    def timing(self) -> dict[str, float]:
        total = (time.perf_counter() - self._started) * 1000
        return {name: round(value, 3) for name, value in {**self.parts, "total": total}.items()}


class _Run:
    """What a run has come to so far; a report can be made of it at any point."""

    def __init__(self, connector: Mapping[str, Any], community: str) -> None:
        self.connector = connector
        self.community = community
        self.request_id = str(uuid.uuid4())
        self.clock = _Clock()
        self.ledger = Ledger()
        self.request = RenderedRequest(connector, self.ledger)
        self.answer: Answer | None = None
        self.body = b""
        self.notes: list[str] = []
        self.failure: Failure | None = None


async def run_connector(
    connector: Mapping[str, Any],
    values: Values,
    inputs: Inputs | None = None,
    policy: Policy | None = None,
    *,
    transport: Any = None,
    community: str = "",
    tokens: TokenCache | None = None,
) -> Report:
    """Sends the connector's request and reports on it. What a connector or an API does never raises.

    `transport` is an httpx2 transport that stands in for the network. `community` is named in explanations
    only. `tokens` keeps access tokens from one run to the next; without it each run fetches its own.
    """
    run = _Run(connector, community)
    inputs, policy = inputs or Inputs(), policy or Policy()
    context = Context(run.ledger, policy, tokens or TokenCache(), transport)
    try:
        await _pipeline(run, values, inputs, context)
    except RunFailed as error:
        run.failure = error.failure
    return _report(run)


async def _pipeline(run: _Run, values: Values, inputs: Inputs, context: Context) -> None:
    renderer = Renderer(snapshot(values, run.connector), inputs, run.ledger)
    run.clock.lap("setup")
    run.request = await asyncio.to_thread(render_request, run.connector, values, inputs, renderer=renderer)
    run.clock.lap("transform")
    if run.request.failure is not None:
        raise RunFailed(run.request.failure)
    run.answer = await _call(run, context)
    run.clock.lap("external")
    run.body = run.answer.body
    if run.request.response_body and run.request.response_body.strip():
        run.body = await asyncio.to_thread(_transform_response, run, inputs)
    run.clock.lap("transform")


async def _call(run: _Run, context: Context) -> Answer:
    """The API's answer. A kept token that the API refuses is fetched anew, once."""
    applied = await _authenticate(run, context)
    answer = await send(_outgoing(run.request, applied), context.policy, context.transport)
    if answer.status == 401 and applied.cached_as:
        context.tokens.forget(*applied.cached_as)
        run.notes.append(
            "authentication: the API refused the kept access token (401); a new one was fetched."
        )
        applied = await _authenticate(run, context)
        answer = await send(_outgoing(run.request, applied), context.policy, context.transport)
    return answer


async def _authenticate(run: _Run, context: Context) -> Applied:
    authentication = run.request.authentication
    if authentication is None:
        return Applied()
    method = METHODS.get(authentication.type)
    if method is None:
        raise RunFailed(misconfigured(f"the authentication type {authentication.type!r} is not known."))
    applied = await method(authentication.config, context)
    run.notes += applied.notes
    return applied


def _outgoing(request: RenderedRequest, applied: Applied) -> Outgoing:
    """The request with its values: made at the moment of sending, kept nowhere."""
    opened = request.ledger.open
    headers = {row.key.lower(): (row.key, row.value.text) for row in request.headers}
    headers |= {key.lower(): (key, text) for key, text in applied.headers}
    query = [*((row.key, row.value.text) for row in request.query), *applied.query]
    return Outgoing(
        request.method,
        opened(request.url.text).strip(),
        [(key, opened(text)) for key, text in headers.values()],
        [(key, opened(text)) for key, text in query],
        request.wire_body(),
    )


class _Headers(dict[str, str]):
    """Headers for templates: found in any spelling."""

    def __init__(self, answer: Answer) -> None:
        super().__init__({key.lower(): value for key, value in answer.headers})

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower())

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)


def response_context(answer: Answer) -> dict[str, Any]:
    """`response` for templates: the body as text, the status, the headers."""
    return {
        "body": decoded(answer.body, answer.header("content-type")),
        "status_code": answer.status,
        "headers": _Headers(answer),
    }


def _transform_response(run: _Run, inputs: Inputs) -> bytes:
    """The response template, which runs on every status (PLATFORM §4)."""
    assert run.answer is not None
    from strongroom.resolver.values import NO_VALUES

    renderer = Renderer(NO_VALUES, inputs, run.ledger, extra={"response": response_context(run.answer)})
    template = run.request.response_body
    try:
        rendered = bounded(
            lambda: renderer.field(FieldPlace.RESPONSE_BODY, "response_body", template), RENDER_SECONDS
        )
    except TooSlow:
        raise RunFailed(
            response_template_failed(f"response_body ran for more than {RENDER_SECONDS:g} seconds.")
        ) from None
    run.request.origins += tuple(renderer.origins)
    return run.ledger.shown(rendered.text).encode("utf-8", "replace")


def _report(run: _Run) -> Report:
    request, answer, failure = run.request, run.answer, run.failure
    echoes = Echoes(run.ledger.values())
    timing = run.clock.timing()
    if failure is None and answer is not None:
        headers = _answer_headers(run, answer)
        status, reason = answer.status, answer.reason
        body = echoes.masked_bytes(run.body, charset_of(headers.get("content-type", "")))
    else:
        failure = failure or misconfigured("the run ended without an answer.")
        headers = {"content-type": "application/json"}
        status, reason = failure.status, failure.reason
        body = json.dumps(failure.envelope(run.request_id), ensure_ascii=False).encode("utf-8", "replace")
        body = echoes.masked_bytes(body, "utf-8")
    headers = echoes.masked_data(headers)
    envelope = None if failure is None else echoes.masked_data(failure.envelope(run.request_id))
    lines = explain.describe_request(request, run.community)
    lines += run.notes
    if failure is not None:
        lines.append(f"The run failed: {failure.reason}")
    elif answer is not None:
        found = {explain.named(name): count for name, count in echoes.found.items()}
        lines += explain.describe_answer(
            answer.status,
            request.unresolved,
            found,
            location=answer.header("location"),
            is_cut=answer.is_cut,
            limit=MAX_BODY,
        )
    return Report(
        connector=request.name,
        passed=failure is None and 200 <= status < 300,
        status=status,
        reason=echoes.masked(reason),
        headers=headers,
        body=body,
        request_id=run.request_id,
        server_timing=timing,
        connector_timing=_connector_timing(run, timing, failure),
        debug=request.debug(),
        unresolved=request.unresolved,
        failure=envelope,
        explanation=tuple(echoes.masked(line) for line in lines),
        echoes=dict(echoes.found),
        is_cut=answer is not None and answer.is_cut,
        phases={} if answer is None else answer.phases,
    )


def _answer_headers(run: _Run, answer: Answer) -> dict[str, str]:
    """The API's headers, several of one name joined as HTTP allows, with the connector's own content type."""
    headers: dict[str, str] = {}
    for key, value in answer.headers:
        name = key.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    transformed = bool(run.request.response_body and run.request.response_body.strip())
    if transformed:
        for stale in ("content-length", "content-encoding"):
            headers.pop(stale, None)
    if run.request.response_content_type:
        headers["content-type"] = run.request.response_content_type
    return headers


def _connector_timing(run: _Run, timing: Mapping[str, float], failure: Failure | None) -> dict[str, Any]:
    """The X-Connector-Timing object (PLATFORM §6)."""
    from urllib.parse import urlsplit

    result: dict[str, Any] = {
        "request_id": run.request_id,
        "total_ms": timing["total"],
        "internal_ms": round(max(0.0, timing["total"] - timing["external"]), 3),
        "external_ms": timing["external"],
        "breakdown": {
            "setup_ms": timing["setup"],
            "transform_ms": timing["transform"],
            "cache_ms": timing["cache"],
            "http_request_ms": timing["external"],
        },
        "cache_hit": False,
    }
    try:
        host = urlsplit(run.request.shown_url).hostname
    except ValueError:
        host = None
    if host:
        result["external_host"] = host
    if failure is not None:
        result["error"] = failure.reason
        if "seconds" in failure.reason and failure.status == 502:
            result["timeout"] = True
    return result
