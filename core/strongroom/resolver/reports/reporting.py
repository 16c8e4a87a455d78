"""Make the report of a run, and mask in it what an API sent back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from strongroom.resolver.masking.charsets import is_text
from strongroom.resolver.masking.echoes import Echoes
from strongroom.resolver.network import redirects
from strongroom.resolver.network.sending import BEYOND, MAX_BODY, Answer
from strongroom.resolver.reports import explain
from strongroom.resolver.reports.notices import notices_of, unparsable
from strongroom.resolver.reports.report import Report, charset_of
from strongroom.resolver.reports.sources import describe_request
from strongroom.resolver.request.blueprint import Blueprint, blueprint_of
from strongroom.resolver.running.step import Step
from strongroom.resolver.terms.clock import Clock
from strongroom.resolver.terms.exchange import Answered, Exchange, Pairs
from strongroom.resolver.terms.failures import Failure
from strongroom.resolver.terms.stand_ins import StandIns

_ABOUT_THE_OLD_BODY = ("content-length", "content-encoding", "etag", "content-md5")


class RunState:
    """Hold everything that a report is made of."""

    def __init__(self, name: str, request_id: str, stand_ins: StandIns, community: str) -> None:
        self.name = name
        self.request_id = request_id
        self.stand_ins = stand_ins
        self.community = community
        self.clock = Clock()
        self.steps: list[Step] = []
        self.is_composite = False
        self.failure: Failure | None = None


def make_report(state: RunState) -> Report:
    """Return the report, with literals only."""
    echoes = Echoes(state.stand_ins.values())
    for exchange in (exchange for step in state.steps for exchange in step.exchanges):
        echoes.learn(exchange.answered.body, _charset(exchange.answered))
    last = state.steps[-1] if state.steps else None
    unread = ""
    timing = state.clock.timing()
    failure = _shown_failure(state, echoes)
    envelope = None if failure is None else failure.envelope(state.request_id)
    if failure is not None or last is None or last.answer is None:
        status, reason = (failure.status, failure.reason) if failure else (502, "")
        headers: dict[str, str] = {"content-type": "application/json"}
        body = json.dumps(envelope, ensure_ascii=False).encode("utf-8", "replace")
    else:
        status, reason = last.answer.status, echoes.masked(last.answer.reason)
        headers = _answer_headers(last)
        content_type = headers.get("content-type", "")
        body = _shown_body(last.body, content_type, echoes)
        unread = _unread(last.body, content_type, "" if last.is_transformed else _coding(last), echoes)
        headers = dict(_masked_pairs(tuple(headers.items()), echoes))
    passed = failure is None and 200 <= status < 300
    unresolved = tuple(dict.fromkeys(text for step in state.steps for text in step.request.unresolved))
    verdict = _verdict(state, failure, echoes, unresolved)
    noticed = [_notices(step) for step in state.steps]
    notices = [
        _named(step, line, state) for step, lines in zip(state.steps, noticed, strict=True) for line in lines
    ]
    if passed and last is not None and (lost := unparsable(last.body, is_transformed=last.is_transformed)):
        verdict.append(lost)
        notices.append(lost)
    if unread:
        verdict.append(explain.UNREAD)
    return Report(
        connector=state.name,
        passed=passed,
        status=status,
        reason=reason,
        headers=headers,
        body=body,
        request_id=state.request_id,
        server_timing=timing,
        connector_timing=_connector_timing(state, timing, failure, echoes),
        debug=_debug(state, echoes),
        kept_headers=tuple(step.request.kept_headers() for step in state.steps),
        unresolved=unresolved,
        failure=envelope,
        explanation=tuple(_explanation(state, noticed, verdict, echoes)),
        notices=tuple(notices),
        verdict=tuple(verdict),
        echoes=dict(echoes.found),
        is_cut=last is not None and last.answer is not None and last.answer.is_cut,
        phases={} if last is None or last.answer is None else last.answer.phases,
        cache="" if last is None else last.cached,
        withheld=() if failure is None else failure.withheld,
        exchanges=tuple(
            _masked(exchange, echoes, _coding(step)) for step in state.steps for exchange in step.exchanges
        ),
        unread=unread,
        blueprints=tuple(_blueprint(step, echoes) for step in state.steps),
    )


def _shown_body(body: bytes, content_type: str, echoes: Echoes) -> bytes:
    """Return the part of a body that is kept, without echoes.

    A body that was cut loses its last `BEYOND` bytes, because half a value may be there.
    """
    masked = echoes.masked_bytes(body, charset_of(content_type))
    return (masked if len(body) < MAX_BODY + BEYOND else masked[:-BEYOND])[:MAX_BODY]


def _unread(body: bytes, content_type: str, coding: str, echoes: Echoes) -> str:
    """Return the text in place of a body that masking cannot read; "" for others."""
    if not body or (not coding and is_text(body, charset_of(content_type))):
        return ""
    kind = f"compressed as {coding}" if coding else content_type.partition(";")[0].strip() or "of no type"
    return f"[{len(body)} bytes, {echoes.masked(kind)}: not shown, since masking cannot look into them]"


def _coding(step: Step) -> str:
    """Return the coding of a step's answer that could not be undone, or ""."""
    if step.answer is None or step.answer.compression in ("", "incomplete"):
        return ""
    return step.answer.header("content-encoding") or "something unknown"


def _blueprint(step: Step, echoes: Echoes) -> Blueprint:
    policy = step.run.batch.network.policy
    blueprint = blueprint_of(step.request, step.name, timeout=policy.timeout, ca_file=policy.ca_file)
    return blueprint.masked(echoes.masked) if step.name else blueprint


def _masked(exchange: Exchange, echoes: Echoes, coding: str) -> Exchange:
    """Return a call without echoes.

    The request of a step is masked too, because it may be made of what an earlier step's API sent back.
    """
    asked, answered = exchange.asked, exchange.answered
    headers = {key.lower(): value for key, value in answered.headers}
    content_type = headers.get("content-type", "")
    unread = _unread(answered.body, content_type, coding, echoes)
    shown = Answered(
        answered.status,
        _masked_pairs(answered.headers, echoes),
        unread.encode() or _shown_body(answered.body, content_type, echoes),
        echoes.masked(answered.reason),
    )
    if asked.step:
        asked = asked._replace(
            url=echoes.masked(asked.url),
            query=_masked_pairs(asked.query, echoes),
            headers=_masked_pairs(asked.headers, echoes),
            body=None if asked.body is None else echoes.masked(asked.body),
        )
    return exchange._replace(asked=asked, answered=shown)


def _masked_pairs(pairs: Pairs, echoes: Echoes) -> Pairs:
    return tuple(
        (echoes.masked(key, is_answer=True), echoes.masked(value, is_answer=True)) for key, value in pairs
    )


def _charset(answered: Answered) -> str:
    return charset_of(next((value for key, value in answered.headers if key.lower() == "content-type"), ""))


def _shown_failure(state: RunState, echoes: Echoes) -> Failure | None:
    """Return the failure for people, masked if it came after an answer.

    Only such a failure can repeat what an API sent. Strongroom's own sentences are never searched for values:
    a mask over a word that everybody knows would give the value away.
    """
    failure = state.failure
    if failure is None or all(step.answer is None for step in state.steps):
        return failure
    return failure._replace(reason=echoes.masked(failure.reason), errors=echoes.masked_data(failure.errors))


def _answer_headers(step: Step) -> dict[str, str]:
    """Return the API's headers, without those that describe a body that was replaced.

    The connector's own content type replaces the API's.
    """
    headers = step.headers()
    if step.is_transformed:
        for stale in _ABOUT_THE_OLD_BODY:
            headers.pop(stale, None)
    if step.request.response_content_type:
        headers["content-type"] = step.request.response_content_type
    return headers


def _debug(state: RunState, echoes: Echoes) -> dict[str, Any]:
    """Return the X-Debug-Request object.

    The steps of a composite are masked, because they may carry what an API sent back.
    """
    if not state.is_composite:
        return state.steps[-1].request.debug() if state.steps else {}
    steps = [{"name": step.request.name, **step.request.debug()} for step in state.steps]
    return {"steps": echoes.masked_data(steps)}


def _verdict(
    state: RunState, failure: Failure | None, echoes: Echoes, unresolved: tuple[str, ...]
) -> list[str]:
    last = state.steps[-1] if state.steps else None
    lines = [] if failure is None else [f"The run failed: {failure.reason}"]
    if last is not None and last.answer is not None:
        lines += _about_the_answer(last, last.answer, unresolved, echoes)
    return lines


def _notices(step: Step) -> list[str]:
    answer = step.answer.body.decode("utf-8", "replace") if step.answer is not None else ""
    return notices_of(step.request, step.transformed, answer)


def _named(step: Step, line: str, state: RunState) -> str:
    return f"step {step.request.name}: {line}" if state.is_composite else line


def _explanation(
    state: RunState, notices: Sequence[Sequence[str]], verdict: list[str], echoes: Echoes
) -> list[str]:
    lines: list[str] = []
    for step, noticed in zip(state.steps, notices, strict=True):
        described = describe_request(step.request, state.community, noticed) + step.notes
        if step.answer is not None:
            described += explain.describe_cache(step.answer, step.cached, step.not_cached)
        lines += [_named(step, line, state) for line in described]
    lines += verdict
    lines += [explain.describe_echo(name, count) for name, count in echoes.found.items()]
    return lines + ([explain.describe_issued(tuple(echoes.issued))] if echoes.issued else [])


def _about_the_answer(step: Step, answer: Answer, unresolved: tuple[str, ...], echoes: Echoes) -> list[str]:
    location = answer.header("location")
    policy = step.run.batch.network.policy
    leads = redirects.describe(step.request.shown_url, location, policy) if location else ""
    return explain.describe_answer(
        answer,
        unresolved,
        location=echoes.masked(location),
        leads=echoes.masked(leads),
        coding=echoes.masked(answer.header("content-encoding")),
        limit=MAX_BODY,
    )


def _connector_timing(
    state: RunState, timing: Mapping[str, float], failure: Failure | None, echoes: Echoes
) -> dict[str, Any]:
    """Return the X-Connector-Timing object (PLATFORM §6)."""
    timing_object: dict[str, Any] = {
        "request_id": state.request_id,
        "total_ms": timing["total"],
        "internal_ms": round(max(0.0, timing["total"] - timing["external"]), 3),
        "external_ms": timing["external"],
        "breakdown": {
            "setup_ms": timing["setup"],
            "transform_ms": timing["transform"],
            "cache_ms": timing["cache"],
            "http_request_ms": timing["external"],
        },
        "cache_hit": any(step.cached == "hit" for step in state.steps),
    }
    host = _host(state.steps[-1].request.shown_url) if state.steps else ""
    if host:
        # The URL of a step may be made of what an earlier step's API sent back.
        timing_object["external_host"] = echoes.masked(host) if state.is_composite else host
    if failure is not None:
        timing_object["error"] = failure.reason
        if failure.is_timeout:
            timing_object["timeout"] = True
    return timing_object


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
