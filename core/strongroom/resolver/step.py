"""One call of one API: a standard connector, or a step of a composite one (PLATFORM §6)."""

import asyncio
from collections.abc import Mapping
from typing import Any

from strongroom.platform.places import FieldPlace
from strongroom.resolver.authentication import METHODS, Applied, Context
from strongroom.resolver.bounded import TooSlow, bounded
from strongroom.resolver.clock import Clock
from strongroom.resolver.failures import RunFailed, misconfigured, response_template_failed
from strongroom.resolver.inputs import Inputs
from strongroom.resolver.rendering import RENDER_SECONDS, Renderer
from strongroom.resolver.report import decoded
from strongroom.resolver.request import RenderedRequest, render_request
from strongroom.resolver.sending import Answer, Outgoing, send
from strongroom.resolver.values import Values


class Step:
    """What one call has come to so far. A report can be made of it at any point.

    `body` is what the step gives: the API's answer, after the response template where there is one.
    """

    def __init__(self, connector: Mapping[str, Any], context: Context) -> None:
        self.connector = connector
        self.context = context
        self.request = RenderedRequest(connector, context.ledger)
        self.answer: Answer | None = None
        self.body = b""
        self.notes: list[str] = []

    @property
    def is_transformed(self) -> bool:
        """Whether the connector has a response template."""
        return bool(self.request.response_body and self.request.response_body.strip())

    def headers(self) -> dict[str, str]:
        """The answer's headers, in lower case, several of one name joined as HTTP allows."""
        headers: dict[str, str] = {}
        for key, value in self.answer.headers if self.answer else ():
            name = key.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    def as_context(self) -> dict[str, Any]:
        """`steps.<name>` for the steps that follow."""
        content_type = self.answer.header("content-type") if self.answer else ""
        return {
            "body": decoded(self.body, content_type),
            "status_code": self.answer.status if self.answer else None,
            "headers": _Headers(self.headers()),
        }


async def execute(
    step: Step, values: Values, inputs: Inputs, clock: Clock, extra: Mapping[str, Any] | None = None
) -> None:
    """Renders, authenticates, calls, transforms; `RunFailed` where one of these fails.

    `extra` is what only a composite's steps see (`steps`, `request`); None for a standard connector.
    """
    renderer = Renderer(
        values,
        inputs,
        step.context.ledger,
        in_composite=extra is not None,
        extra=extra,
        signer=step.context.tokens.signer,
    )
    clock.lap("setup")
    step.request = await asyncio.to_thread(render_request, step.connector, values, inputs, renderer=renderer)
    clock.lap("transform")
    if step.request.failure is not None:
        raise RunFailed(step.request.failure)
    try:
        step.answer = await _call(step)
    finally:
        clock.lap("external")
    step.body = step.answer.body
    if step.is_transformed:
        step.body = await asyncio.to_thread(_transform, step, values, inputs, extra)
    clock.lap("transform")


async def _call(step: Step) -> Answer:
    """The API's answer. A kept token that the API refuses is fetched anew, once."""
    context = step.context
    applied = await _authenticate(step)
    answer = await send(_outgoing(step.request, applied), context.policy, context.transport)
    if answer.status == 401 and applied.cached_as:
        context.tokens.forget(*applied.cached_as)
        step.notes.append(
            "authentication: the API refused the kept access token (401); a new one was fetched."
        )
        applied = await _authenticate(step)
        answer = await send(_outgoing(step.request, applied), context.policy, context.transport)
    return answer


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
    applied = await method(authentication.config, step.context)
    step.notes += applied.notes
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
        [(opened(key), opened(text)) for key, text in headers.values()],
        [(opened(key), opened(text)) for key, text in query],
        request.wire_body(),
        title="the host of the URL" if request.ledger.stands_in(request.url.text.partition("?")[0]) else "",
        hidden=frozenset(opened(key) for key, _text in headers.values() if request.ledger.stands_in(key)),
    )


class _Headers(dict[str, str]):
    """Headers for templates: found in any spelling."""

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower())

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)


def _transform(step: Step, values: Values, inputs: Inputs, extra: Mapping[str, Any] | None) -> bytes:
    """The response template, which runs on every status (PLATFORM §4)."""
    answer = step.answer
    assert answer is not None
    response = {
        "body": decoded(answer.body, answer.header("content-type")),
        "status_code": answer.status,
        "headers": _Headers(step.headers()),
    }
    context = {**(extra or {}), "response": response}
    ledger = step.context.ledger
    renderer = Renderer(values, inputs, ledger, in_composite=extra is not None, extra=context)
    template = step.request.response_body
    try:
        rendered = bounded(
            lambda: renderer.field(FieldPlace.RESPONSE_BODY, "response_body", template), RENDER_SECONDS
        )
    except TooSlow:
        rendered = None
    if rendered is None:
        reason = f"response_body ran for more than {RENDER_SECONDS:g} seconds."
        raise RunFailed(response_template_failed(reason))
    step.request.origins += tuple(renderer.origins)
    return ledger.shown(rendered.text).encode("utf-8", "replace")
