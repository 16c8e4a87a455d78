"""Call one API once, for a standard connector or a composite step (PLATFORM §6)."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.places import FieldPlace
from strongroom.resolver.authentication import METHODS, Applied, Context
from strongroom.resolver.network.cache import CacheLookup
from strongroom.resolver.network.sending import Answer, Outgoing, send
from strongroom.resolver.request.build import render_beside
from strongroom.resolver.request.consent import destinations_of
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.running.batch import RunContext
from strongroom.resolver.signing import UNSIGNED
from strongroom.resolver.templates.bounded import TooSlow, beside
from strongroom.resolver.templates.rendering import RENDER_SECONDS, Rendered, Renderer
from strongroom.resolver.templates.values import Values
from strongroom.resolver.terms.clock import Clock
from strongroom.resolver.terms.exchange import Answered, Asked, Exchange, NoAnswer, Progress, Sender
from strongroom.resolver.terms.failures import (
    RunFailed,
    misconfigured,
    response_template_failed,
    unreachable,
    withheld,
)
from strongroom.resolver.terms.inputs import Inputs
from strongroom.text.surrogates import encodable

Pair = tuple[str, str]


class Step:
    """Hold the state of one call, from which a report can be made at any point.

    `body` is what the step gives: the API's answer, after the response template if it has one. `name` is ""
    for a standard connector; a composite's step is the `number`th of `of`.
    """

    def __init__(
        self, connector: Mapping[str, Any], run: RunContext, name: str = "", number: int = 1, of: int = 1
    ) -> None:
        self.connector = connector
        self.run = run
        self.name = name
        self.number = number
        self.of = of
        self.request = RenderedRequest(connector, run.stand_ins)
        self.applied = Applied()
        self.answer: Answer | None = None
        self.cached = ""
        """The part that the cache had: see `CacheLookup.outcome`."""
        self.not_cached = ""
        self.exchanges: list[Exchange] = []
        """The calls that were made.

        The answers hold whatever the API sent: mask before anything is shown.
        """
        self.body = b""
        self.transformed: Rendered | None = None
        """The response template after rendering."""
        self.notes: list[str] = []

    def reached(self, stage: str) -> None:
        """Tell the watcher of the run how far this step is."""
        if self.run.watch is not None:
            self.run.watch(Progress(stage, self.name, self.number, self.of))

    @property
    def is_transformed(self) -> bool:
        """Return True if the connector has a response template."""
        return bool(self.request.response_body and self.request.response_body.strip())

    def headers(self) -> dict[str, str]:
        """Return the answer's headers, in lower case.

        Several of one name are joined as HTTP allows.
        """
        headers: dict[str, str] = {}
        for key, value in self.answer.headers if self.answer else ():
            name = key.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    def as_context(self) -> dict[str, Any]:
        """Return `steps.<name>` for the steps that follow."""
        return {
            "body": _text(self.body),
            "status_code": self.answer.status if self.answer else None,
            "headers": self.headers(),
        }


async def execute(
    step: Step, values: Values, inputs: Inputs, clock: Clock, extra: Mapping[str, Any] | None = None
) -> None:
    """Render, authenticate, call and transform. Raises `RunFailed` if one fails.

    `extra` is what only a composite's steps see (`steps`, `request`); None for a standard connector.
    """
    step.reached("render")
    stand_ins, batch = step.run.stand_ins, step.run.batch
    signer = batch.tokens.signer if batch.sender is None else UNSIGNED
    renderer = Renderer(values, inputs, stand_ins, in_composite=extra is not None, extra=extra, signer=signer)
    clock.lap("setup")
    step.request = await render_beside(step.connector, values, inputs, renderer)
    clock.lap("transform")
    if step.request.failure is not None:
        raise RunFailed(step.request.failure)
    await _ask_consent(step)
    clock.skip()
    try:
        step.answer = await _call(step, clock)
    finally:
        clock.lap("external")
    step.body = step.answer.body
    # A composite stops at a step that answers 4xx or 5xx; its template has no part in that (PLATFORM §6).
    is_stopping = extra is not None and step.answer.status >= 400
    if step.is_transformed and not is_stopping:
        step.reached("transform")
        step.body = await _transform(step, values, inputs, extra)
    clock.lap("transform")


async def _ask_consent(step: Step) -> None:
    """Ask before secrets go to a host. Raises `RunFailed` if nobody agrees.

    A recorded answer needs no consent.
    """
    batch = step.run.batch
    if batch.consent is None or batch.sender is not None:
        return
    destinations = destinations_of(step.request)
    if destinations and not await batch.consent(step.run.namespace[0], destinations):
        raise RunFailed(withheld(destinations))


async def _call(step: Step, clock: Clock) -> Answer:
    """Return the API's answer.

    A kept token that the API refuses is replaced by a new one, once.
    """
    batch = step.run.batch
    if batch.sender is not None:
        return await _recorded(step, batch.sender)
    step.applied = await _authenticate(step)
    answer = await _answer(step, clock)
    refused = step.applied
    if answer.status == 401 and refused.cached_as and refused.token is not None:
        batch.tokens.forget(refused.token, *refused.cached_as)
        step.notes.append(
            "authentication: the API refused the kept access token (401); a new one was fetched."
        )
        step.applied = await _authenticate(step)
        answer = await _answer(step, clock)
    return answer


_TOKENS: Final = {kind.name: f"the {kind.makes}" for kind in AUTH_TYPES.values() if kind.makes}
"""The words for the token of each type in the Authorization header, as a report shows it."""


async def _recorded(step: Step, sender: Sender) -> Answer:
    """Return the recorded answer, for which no token is fetched or signed."""
    authentication = step.request.authentication
    if authentication is not None and authentication.type in _TOKENS:
        literal = step.run.stand_ins.for_literal(f"<{_TOKENS[authentication.type]}>")
        step.applied = Applied(headers=(("Authorization", f"Bearer {literal}"),))
        step.notes.append(
            "authentication: a recorded answer takes the place of the API, so no token was needed."
        )
    else:
        step.applied = await _authenticate(step)
    step.reached("call")
    failure = None
    try:
        answered = await sender(asked_of(step))
    except NoAnswer as error:
        failure = unreachable(str(error))
    if failure is not None:
        raise RunFailed(failure)
    step.exchanges.append(Exchange(asked_of(step), answered, 0.0))
    return Answer(answered.status, answered.reason, tuple(answered.headers), answered.body, False, 0.0, {})


async def _answer(step: Step, clock: Clock) -> Answer:
    """Return the answer from the cache, or from the API."""
    run = step.run
    outgoing = _outgoing(step.request, step.applied)
    lookup = None
    clock.lap("external")
    if run.batch.cache is not None:
        lookup = CacheLookup(run.batch.cache, run.namespace, outgoing, run.stand_ins, fresh=run.fresh)
    clock.lap("cache")
    if lookup is not None and lookup.hit is not None:
        step.cached = lookup.outcome
        answer = lookup.hit
    else:
        step.reached("call")
        if lookup is not None:
            outgoing = outgoing._replace(headers=[*outgoing.headers, *lookup.conditions])
        answer = await send(outgoing, run.batch.network)
        clock.lap("external")
        if lookup is not None:
            answer = lookup.received(answer)
            step.cached, step.not_cached = lookup.outcome, lookup.why
        clock.lap("cache")
    answered = Answered(answer.status, answer.headers, answer.body, answer.reason)
    step.exchanges.append(Exchange(asked_of(step), answered, answer.milliseconds, step.cached == "hit"))
    return answer


def asked_of(step: Step) -> Asked:
    """Return the request, with literals where secrets go."""
    request, shown = step.request, step.run.stand_ins.shown
    headers, query = _rows(request, step.applied)
    return Asked(
        str(step.run.namespace[-1]),
        step.name,
        request.method,
        shown(request.url.text).strip(),
        tuple((shown(key), shown(text)) for key, text in query),
        tuple((shown(key), shown(text)) for key, text in headers),
        None if request.body is None and not request.payload else request.shown_body(),
    )


async def _authenticate(step: Step) -> Applied:
    authentication = step.request.authentication
    if authentication is None:
        return Applied()
    method = METHODS.get(authentication.type)
    if method is None:
        known = ", ".join(METHODS)
        raise RunFailed(
            misconfigured(f"the authentication type {authentication.type!r} is not one of {known}.")
        )
    step.reached("authenticate")
    batch = step.run.batch
    context = Context(step.run.stand_ins, batch.network, batch.tokens, batch.token_requests)
    applied = await method(authentication.config, context)
    step.notes += applied.notes
    return applied


def _rows(request: RenderedRequest, applied: Applied) -> tuple[list[Pair], list[Pair]]:
    """Return the headers and query parameters with stand-ins, also authentication's."""
    headers = {row.key.lower(): (row.key, row.value.text) for row in request.headers}
    headers |= {key.lower(): (key, text) for key, text in applied.headers}
    query = [*((row.key, row.value.text) for row in request.query), *applied.query]
    return list(headers.values()), query


def _outgoing(request: RenderedRequest, applied: Applied) -> Outgoing:
    """Return the request with its values, made at sending and kept nowhere."""
    opened = request.stand_ins.open
    headers, query = _rows(request, applied)
    return Outgoing(
        request.method,
        opened(request.url.text).strip(),
        [(opened(key), opened(text)) for key, text in headers],
        [(opened(key), opened(text)) for key, text in query],
        request.wire_body(),
        title="the host of the URL" if request.stand_ins.occur_in(request.url.text.partition("?")[0]) else "",
        hidden=frozenset(opened(key) for key, _text in headers if request.stand_ins.occur_in(key)),
    )


def _text(body: bytes) -> str | None:
    """Return a body as templates see it.

    It is None for a body that is not UTF-8, as the platform's reference says.
    """
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


async def _transform(step: Step, values: Values, inputs: Inputs, extra: Mapping[str, Any] | None) -> bytes:
    """Render the response template, which runs on every status (PLATFORM §4)."""
    answer = step.answer
    assert answer is not None
    response = {
        "body": _text(answer.body),
        "status_code": answer.status,
        "headers": step.headers(),
    }
    context = {**(extra or {}), "response": response}
    stand_ins = step.run.stand_ins
    renderer = Renderer(values, inputs, stand_ins, in_composite=extra is not None, extra=context)
    template = step.request.response_body
    try:
        rendered = await beside(
            lambda: renderer.field(FieldPlace.RESPONSE_BODY, "response_body", template), RENDER_SECONDS
        )
    except TooSlow:
        rendered = None
    if rendered is None:
        reason = f"response_body ran for more than {RENDER_SECONDS:g} seconds."
        raise RunFailed(response_template_failed(reason))
    step.transformed = rendered
    step.request.origins += renderer.origins
    return encodable(stand_ins.shown(rendered.text)).encode()
