"""Hold a request without values, which can be repeated elsewhere.

Its texts are cut at the secrets, which are named. A blueprint is made from a rendered request; what writes it
down (`curl`) never meets a value.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.templates.rendering import Rendered, exchanged
from strongroom.resolver.terms.stand_ins import StandIn, StandIns


class Secret(NamedTuple):
    """Hold a value by its name.

    `form` says how the value is made of `inner`: "base64", "decoded", "json", "percent", or "member" with the
    place in JSON; a "token" is signed, and `literal` is the template's text for it.
    """

    name: str
    form: str = ""
    inner: "tuple[Piece, ...]" = ()
    literal: str = ""


Piece = str | Secret
Pieces = tuple[Piece, ...]


class Grant(NamedTuple):
    """Hold how the request authenticates.

    `fields` are the parts of the config; `claims` and `jwt_headers` are JSON text.
    """

    type: str
    fields: Mapping[str, Pieces]
    claims: str = ""
    jwt_headers: str = ""


class Blueprint(NamedTuple):
    """Hold one request of a run, or of a run to be."""

    step: str
    method: str
    url: str
    query: tuple[tuple[Pieces, Pieces], ...]
    headers: tuple[tuple[Pieces, Pieces], ...]
    body: Pieces | bytes | None
    grant: Grant | None
    unresolved: tuple[str, ...]
    failure: str
    follows_others: bool
    """True if the request is made of what earlier steps answered."""
    timeout: float = 15.0
    ca_file: str | None = None

    def masked(self, mask: Callable[[str], str]) -> "Blueprint":
        """Return the blueprint with every text masked.

        An earlier step's API may have sent a value back.
        """

        def pieces(given: Pieces) -> Pieces:
            return tuple(mask(piece) if isinstance(piece, str) else piece for piece in given)

        return self._replace(
            url=mask(self.url),
            query=tuple((pieces(key), pieces(value)) for key, value in self.query),
            headers=tuple((pieces(key), pieces(value)) for key, value in self.headers),
            body=pieces(self.body) if isinstance(self.body, tuple) else self.body,
        )


def blueprint_of(
    request: RenderedRequest, step: str = "", *, timeout: float = 15.0, ca_file: str | None = None
) -> Blueprint:
    """Return the blueprint of a rendered request."""
    stand_ins = request.stand_ins

    def pieces(text: str) -> Pieces:
        return _pieces(stand_ins, text)

    headers = [(row.key, row.value.text) for row in request.headers]
    query = [(row.key, row.value.text) for row in request.query]
    grant = _grant(request, stand_ins)
    if grant is not None and grant.type == "api_key":
        config = request.authentication.config if request.authentication else {}
        key, value, place = (_text(config.get(field)) for field in ("key", "value", "in"))
        (query if place == "query" else headers).append((key, value))
    body: Pieces | bytes | None = request.payload or None
    if request.body is not None:
        body = pieces(request.body.text)
    templates = (request.url, *(row.value for row in (*request.headers, *request.query)), request.body)
    return Blueprint(
        step,
        request.method,
        request.shown_url.strip(),
        tuple((pieces(key), pieces(value)) for key, value in query),
        tuple((pieces(key), pieces(value)) for key, value in _last_of_each(headers)),
        body,
        grant,
        request.unresolved,
        request.failure.reason if request.failure is not None else "",
        any(_uses_steps(rendered.template) for rendered in templates if rendered is not None),
        timeout,
        ca_file,
    )


def _uses_steps(template: str) -> bool:
    if "steps" not in template:
        return False
    from strongroom.resolver.templates.source_calls import scan

    return "steps" in scan(template).names


def _last_of_each(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the last header of each name.

    Because authentication's own header comes last, that one counts.
    """
    return list({key.lower(): (key, value) for key, value in headers}.values())


def _pieces(stand_ins: StandIns, text: str) -> Pieces:
    return tuple(
        piece if isinstance(piece, str) else _piece(stand_ins, piece) for piece in stand_ins.pieces(text)
    )


def _piece(stand_ins: StandIns, stand_in: StandIn) -> Piece:
    if stand_in.value is None:
        return stand_in.literal
    return Secret(
        ", ".join(stand_in.names), stand_in.form, _pieces(stand_ins, stand_in.inner), stand_in.literal
    )


def _grant(request: RenderedRequest, stand_ins: StandIns) -> Grant | None:
    authentication = request.authentication
    if authentication is None or authentication.type == "none":
        return None
    config = authentication.config
    fields = {
        key: _pieces(stand_ins, _text(value)) for key, value in config.items() if isinstance(value, Rendered)
    }
    claims = config.get("claims", config.get("additional_claims"))
    return Grant(
        authentication.type, fields, _json(claims, stand_ins), _json(config.get("jwt_headers"), stand_ins)
    )


def _json(value: Any, stand_ins: StandIns) -> str:
    """Return a part of the config as JSON for people, with literals where secrets go."""
    shown = exchanged(value, lambda field: stand_ins.shown(field.text))
    if not shown:
        return ""
    return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)


def _text(value: Any) -> str:
    return value.text if isinstance(value, Rendered) else "" if value is None else str(value)
