"""Describe the source of each value in a request, and what did not resolve."""

from collections.abc import Sequence
from typing import Final

from strongroom.document.template_facts import context_reads
from strongroom.resolver.reports.notices import fields_of, notices_of, title_of
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.rendering import Rendered
from strongroom.text.phrases import joined

_UNRESOLVED: Final = {
    "url": "the URL is not valid with it, so the run fails.",
    "request_body": "the text itself is sent in the body.",
    "response_body": "the text itself is in the answer.",
}


def describe_request(
    request: RenderedRequest, community: str = "", notices: Sequence[str] | None = None
) -> list[str]:
    """Return lines on the source of each field, on what did not resolve, and notices."""
    place = f" of {community}" if community else ""
    fields = [(field.title, field.rendered) for field in fields_of(request)]
    lines: list[str] = []
    written: list[str] = []
    for title, field in fields:
        found = [origin for origin in request.origins if origin.field == field.label]
        sources = _sources(field, found, place)
        if sources:
            lines.append(f"{title}: from {joined(sources)}.")
        elif not found:
            written.append(title)
        lines += [_unresolved(title, origin, place) for origin in found if not origin.resolved]
    titles = {field.label for _title, field in fields}
    # The response template is rendered later, and is not a field of the request.
    rest = [origin for origin in request.origins if origin.field not in titles]
    lines += [_unresolved(origin.field, origin, place) for origin in rest if not origin.resolved]
    lines += [
        f"{title_of(row.value.label, row.key)}: given by the caller."
        for row in (*request.headers, *request.query)
        if row.from_caller
    ]
    if request.payload:
        lines.append("request_body: the incoming body, as it came.")
    if written:
        lines.append(f"As written in the connector: {', '.join(written)}.")
    return [*lines, *(notices_of(request) if notices is None else notices)]


def _sources(field: Rendered, origins: list[Origin], place: str) -> list[str]:
    sources = [_source(origin, place) for origin in origins if origin.resolved]
    return list(dict.fromkeys([*sources, *context_reads(field.template)]))


def _source(origin: Origin, place: str) -> str:
    if origin.kind == "jwt":
        return "a token that was signed now"
    named = f"the {origin.kind} '{origin.name}'"
    return f"the default of {named}" if origin.is_default else f"{named}{place}"


def _unresolved(title: str, origin: Origin, place: str) -> str:
    why = origin.note or f"no {origin.kind}{place} is named '{origin.name}'"
    effect = _UNRESOLVED.get(
        origin.field, "the text itself is sent, and the API will likely answer 401 or 403."
    )
    return f"{title}: {origin.literal} did not resolve ({why}); {effect}"
