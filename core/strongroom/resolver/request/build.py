"""Build a request from a connector and a caller: merge both, render the result."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from strongroom.document.template_facts import path_parameters_of
from strongroom.document.template_parser import parse_template
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.fields import BODILESS_METHODS, METHODS, PAYLOAD_METHODS
from strongroom.platform.places import FieldPlace
from strongroom.resolver.request import path_parameters
from strongroom.resolver.request.rendered_request import (
    Authentication,
    RenderedRequest,
    RenderedRow,
    as_text,
)
from strongroom.resolver.templates.bounded import TooSlow, beside, bounded
from strongroom.resolver.templates.rendering import RENDER_SECONDS, Rendered, Renderer
from strongroom.resolver.templates.values import Values, snapshot
from strongroom.resolver.terms.failures import (
    SIGNED_OUT,
    Failure,
    RunFailed,
    misconfigured,
    scoped,
    template_failed,
)
from strongroom.resolver.terms.inputs import Inputs
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.text.phrases import joined

_NO_HOST: Final = re.compile(r"\s*[a-z]+://(?:[/?#\s]|\Z)", re.IGNORECASE)
"""The beginning of a URL whose host is empty after rendering."""

_DEPRECATED_TYPES: Final = {kind.name: kind.replaced_by for kind in AUTH_TYPES.values() if kind.replaced_by}


def render_request(
    connector: Mapping[str, Any],
    values: Values,
    inputs: Inputs | None = None,
    *,
    stand_ins: StandIns | None = None,
    renderer: Renderer | None = None,
) -> RenderedRequest:
    """Build everything that a connector would send.

    Never raises for what a connector says.

    Takes at most `RENDER_SECONDS` and blocks the calling thread for as long.
    """
    building = _Building.of(connector, values, inputs, stand_ins, renderer)
    try:
        bounded(building.build, RENDER_SECONDS)
    except TooSlow:
        building.stopped()
    return building.finished()


async def render_beside(
    connector: Mapping[str, Any], values: Values, inputs: Inputs, renderer: Renderer
) -> RenderedRequest:
    """Return what `render_request` returns, without blocking the event loop."""
    building = _Building.of(connector, values, inputs, None, renderer)
    try:
        await beside(building.build, RENDER_SECONDS)
    except TooSlow:
        building.stopped()
    return building.finished()


class _Building:
    """Make one pass over a connector's fields.

    The first failure is kept, and the pass goes on.
    """

    def __init__(
        self, connector: Mapping[str, Any], inputs: Inputs, request: RenderedRequest, renderer: Renderer
    ) -> None:
        self._connector = connector
        self._inputs = inputs
        self._request = request
        self._renderer = renderer
        self.notes: list[str] = []
        request.in_composite = renderer.in_composite

    @classmethod
    def of(
        cls,
        connector: Mapping[str, Any],
        values: Values,
        inputs: Inputs | None,
        stand_ins: StandIns | None,
        renderer: Renderer | None,
    ) -> "_Building":
        inputs = inputs or Inputs()
        stand_ins = stand_ins or (renderer.stand_ins if renderer else StandIns())
        renderer = renderer or Renderer(snapshot(values, connector), inputs, stand_ins)
        return cls(connector, inputs, RenderedRequest(connector, stand_ins), renderer)

    def stopped(self) -> None:
        """Note that the time was over."""
        self._request.failure = template_failed(f"a template ran for more than {RENDER_SECONDS:g} seconds.")

    def finished(self) -> RenderedRequest:
        """Return the request, as far as it was built."""
        self._request.origins = self._renderer.origins
        self._request.notes = (*self.notes, *self._renderer.notes)
        return self._request

    def build(self) -> None:
        request, connector, inputs = self._request, self._connector, self._inputs
        if request.method not in METHODS:
            self._fail(misconfigured(f"the method {request.method} is not one of {', '.join(METHODS)}."))
        if inputs.method and inputs.method.upper() != request.method:
            reason = f"the connector is for {request.method}, and it was called with {inputs.method.upper()}."
            self._fail(Failure(405, {"code": "METHOD_NOT_ALLOWED", "detail": reason}, reason))
        url = as_text(connector.get("url"))
        self._choose_path_parameters(url)
        request.url = self._field(FieldPlace.URL, "url", url)
        request.headers = self._rows("headers", FieldPlace.HEADER, inputs.headers, str.lower)
        request.query = self._rows("query_parameters", FieldPlace.QUERY, inputs.query, str)
        request.authentication = self._authentication()
        self._keep_api_key()
        self._body()
        self._check_url()

    def _fail(self, failure: Failure) -> None:
        self._request.failure = self._request.failure or failure

    def _field(self, place: FieldPlace, label: str, template: object) -> Rendered:
        try:
            return self._renderer.field(place, label, template)
        except RunFailed as error:
            failure = error.failure
        self._fail(failure)
        text = as_text(template)
        return Rendered(label, text, text, is_credential=True)

    def _choose_path_parameters(self, url: str) -> None:
        used = path_parameters_of(parse_template(url)).names
        rows = self._connector.get("path_parameters")
        values, failure = path_parameters.chosen(rows, self._inputs.path_parameters, used)
        if failure is not None:
            self._fail(failure)
        self._renderer.use_path_parameters(values)

    def _rows(
        self, field: str, place: FieldPlace, given: Mapping[str, str], fold: Any
    ) -> tuple[RenderedRow, ...]:
        # In a composite the caller's parameters go nowhere by themselves (PLATFORM §6).
        is_taken = not self._renderer.in_composite
        given_by_key = {fold(key): (key, value) for key, value in given.items()} if is_taken else {}
        rows: list[RenderedRow] = []
        listed = self._connector.get(field)
        for index, row in enumerate(listed if isinstance(listed, list) else []):
            if not isinstance(row, Mapping) or not row.get("key"):
                continue
            key, label = str(row["key"]), f"{field}[{index}].value"
            caller = given_by_key.pop(fold(key), None)
            if caller is not None and row.get("overridable") is True:
                plain = Rendered(label, caller[1], caller[1], is_credential=False)
                rows.append(RenderedRow(key, plain, from_caller=True))
                continue
            if caller is not None:
                self.notes.append(
                    f"{label}: the caller's {caller[0]} is ignored, since it is not overridable."
                )
            if not self._inputs.user:
                self._refuse_anonymous(label, row.get("value"))
            rows.append(RenderedRow(key, self._field(place, label, row.get("value")), from_caller=False))
        rows += self._undeclared(field, given_by_key.values())
        return tuple(rows)

    def _undeclared(self, field: str, given: Iterable[tuple[str, str]]) -> Iterator[RenderedRow]:
        """Yield the caller's query parameters that the connector does not declare.

        Such parameters are sent on (PLATFORM §6). No page says so of headers.
        """
        for key, value in given:
            if field == "query_parameters":
                yield RenderedRow(key, Rendered(field, value, value, is_credential=False), from_caller=True)
            else:
                self.notes.append(
                    f"{field}: the caller's {key} is ignored, since the connector does not declare it."
                )

    def _refuse_anonymous(self, label: str, template: object) -> None:
        if not isinstance(template, str) or "user" not in template:
            return
        from strongroom.resolver.templates.source_calls import scan

        if "user" in scan(template).names:
            self._fail(scoped(401, SIGNED_OUT, f"{label} uses user.*, and the caller is not signed in."))

    def _authentication(self) -> Authentication | None:
        given = self._connector.get("authentication")
        if not isinstance(given, Mapping):
            return None
        kind = str(given.get("type") or "none")
        config = given.get("config")
        label = "authentication.config"
        rendered = self._nested(label, config) if isinstance(config, Mapping) else {}
        return Authentication(_DEPRECATED_TYPES.get(kind, kind), rendered)

    def _keep_api_key(self) -> None:
        """Leave out the caller's query parameter that the authentication sends itself."""
        request, own = self._request, self._request.authentication
        config = {} if own is None or own.type != "api_key" else own.config
        key, place = (
            value.text if isinstance(value, Rendered) else "" for value in map(config.get, ("key", "in"))
        )
        if place == "query" and any(row.key == key and row.from_caller for row in request.query):
            request.query = tuple(row for row in request.query if row.key != key or not row.from_caller)
            self.notes.append(
                f"query_parameters: the caller's {key} is ignored, since the authentication sends it."
            )

    def _nested(self, label: str, value: Any) -> Any:
        """Return the config with each text in it rendered, whatever its shape.

        Claims are objects in objects.
        """
        if isinstance(value, str):
            return self._field(FieldPlace.AUTH, label, value)
        if isinstance(value, Mapping):
            return {key: self._nested(f"{label}.{key}", item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._nested(f"{label}[{index}]", item) for index, item in enumerate(value)]
        return value

    def _body(self) -> None:
        request = self._request
        template = as_text(self._connector.get("request_body"))
        payload = self._inputs.payload_bytes()
        if request.method in BODILESS_METHODS:
            # The steps of a composite that only read are not meant to get the incoming body.
            if template.strip() or (payload and not self._renderer.in_composite):
                what = "request_body" if template.strip() else "the payload"
                self.notes.append(f"{what} is not sent: {request.method} requests have no body.")
        elif template.strip():
            self._note_lost_payload(payload)
            request.body = self._field(FieldPlace.REQUEST_BODY, "request_body", template)
        else:
            self._note_lost_payload(payload)
            request.payload = payload

    def _note_lost_payload(self, payload: bytes) -> None:
        method = self._request.method
        if payload and method not in PAYLOAD_METHODS and not self._renderer.in_composite:
            methods = joined(PAYLOAD_METHODS)
            self.notes.append(
                f"the payload: a widget's call has none, since the SDK sends it for {methods} only."
            )

    def _check_url(self) -> None:
        request = self._request
        if request.failure is not None:
            return
        lost = [origin for origin in self._renderer.origins if origin.field == "url" and not origin.resolved]
        if lost:
            why = "; ".join(
                f"{origin.literal} did not resolve{f' ({origin.note})' if origin.note else ''}"
                for origin in lost
            )
            self._fail(template_failed(f"the URL is not valid: {why}."))
        elif not request.url.text.strip():
            what = "the URL is empty." if "url" in self._connector else "the connector has no `url`."
            self._fail(template_failed(what))
        elif _NO_HOST.match(request.url.text):
            self._fail(template_failed(f"the URL has no host: {request.shown_url}"))
