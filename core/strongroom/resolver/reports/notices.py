"""List what a run noticed of a request and its answer and few people expect.

Notices are shown for passed and for failed runs. What is certain from the file alone is also found by
`check`, with the same functions of `strongroom.document.template_answers`.
"""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document import TemplateText
from strongroom.document.template_answers import UNRENDERED, escaped_texts, lost_headers
from strongroom.platform.places import FieldPlace
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.rendering import Rendered, rendered_in
from strongroom.text.surrogates import has_half

_HALF: Final = (
    "{}: half of a surrogate pair (a broken \\u escape) is not a character: U+FFFD takes its place."
)
_ESCAPES: Final = ("&amp;", "&#34;", "&#39;", "&lt;", "&gt;")
_BODIES: Final = (FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY)


class RenderedField(NamedTuple):
    """Hold a field that was rendered, with its name for people.

    `source` is the text that it was made of beside its template.
    """

    title: str
    place: FieldPlace
    rendered: Rendered
    source: str = ""


def fields_of(request: RenderedRequest) -> Iterator[RenderedField]:
    """Yield each rendered field of a request.

    A field that a caller gave is not rendered.
    """
    if request.url.template:
        yield RenderedField("url", FieldPlace.URL, request.url)
    for place, rows in ((FieldPlace.HEADER, request.headers), (FieldPlace.QUERY, request.query)):
        for row in rows:
            if not row.from_caller:
                yield RenderedField(title_of(row.value.label, row.key), place, row.value)
    if request.authentication is not None:
        for rendered in rendered_in(request.authentication.config):
            yield RenderedField(rendered.label, FieldPlace.AUTH, rendered)
    if request.body is not None:
        yield RenderedField("request_body", FieldPlace.REQUEST_BODY, request.body)


def title_of(label: str, key: str) -> str:
    """Return the name of a row for people."""
    return f"{label} ({key})"


def notices_of(request: RenderedRequest, answered: Rendered | None = None, answer: str = "") -> list[str]:
    """Return a line for each thing that was noticed.

    `answered` is the response template once it was rendered, and `answer` the API's text that it was given.
    """
    fields = list(fields_of(request))
    template = request.response_body or ""
    response = answered or Rendered("response_body", template, "", is_credential=False)
    fields.append(RenderedField("response_body", FieldPlace.RESPONSE_BODY, response, answer))
    lines: list[str] = []
    for field in fields:
        lines += _about_field(request, field)
    lines += [_HALF.format(title) for title, text in _texts(request) if has_half(text)]
    lines += [
        f"{label}: it is not a template, so that `{text}` is sent as it is written."
        for label, text in _unrendered_texts(request)
        if "{" in text and UNRENDERED.search(text)
    ]
    return [*lines, *request.notes, *_content_type(request)]


def _about_field(request: RenderedRequest, field: RenderedField) -> Iterator[str]:
    title, _place, rendered, _source = field
    origins = [origin for origin in request.origins if origin.field == rendered.label]
    for origin in origins:
        if origin.is_default:
            yield f"{title}: no {origin.kind} is named '{origin.name}', so the default is used."
    if "{" not in rendered.template:
        return
    yield from _about_secrets(title, rendered, origins, request)
    content = TemplateText(rendered.template, field.place, in_composite=request.in_composite)
    escaped = [found.message(content.text) for found in escaped_texts(content)]
    yield from (f"{title}: {message}" for message in escaped)
    if not escaped and _is_changed(field):
        hint = "| tojson" if field.place in _BODIES else "| safe where the text is to stay as it is"
        yield f"{title}: HTML escaping changed a value (& became &amp; or the like): use {hint}."
    if "None" in rendered.text and "None" not in rendered.template and "None" not in field.source:
        yield f"{title}: a value is not known here, and renders as the text None."
    for message in dict.fromkeys(lost.message for lost in lost_headers(content)):
        yield f"{title}: {message}"


def _is_changed(field: RenderedField) -> bool:
    rendered = field.rendered
    return any(
        mark in rendered.text and mark not in rendered.template and mark not in field.source
        for mark in _ESCAPES
    )


def _about_secrets(
    title: str, rendered: Rendered, origins: list[Origin], request: RenderedRequest
) -> Iterator[str]:
    found = [one for one in origins if one.resolved and one.kind == "secret" and not one.is_default]
    asked = dict.fromkeys(origin.name for origin in found)
    # A signed token is made of secrets, and carries none of them.
    sent = request.stand_ins.injected(rendered.text)
    # A field that did not render is shown as its template.
    if rendered.text != rendered.template and not any(origin.kind == "jwt" for origin in origins):
        for name in asked:
            if name not in sent:
                yield f"{title}: the secret '{name}' is not sent, since the template cuts, changes or only compares it."
    if asked and ("|" in rendered.template or "." in rendered.template):
        from strongroom.resolver.templates.changes import changes_of_secrets

        for name, change in changes_of_secrets(rendered.template):
            if name in sent:
                yield f"{title}: the secret '{name}' is sent as it is stored: {change} does not change a secret."


def _texts(request: RenderedRequest) -> Iterator[tuple[str, str]]:
    """Yield each text of a request that is sent as it is, with its name for people.

    Keys and the caller's own texts are included. Claims and headers of tokens are left out: they are sent as
    JSON, which can write down half of a pair.
    """
    opened = request.stand_ins.open
    yield "url", opened(request.url.text)
    for row in (*request.headers, *request.query):
        yield title_of(row.value.label, row.key), opened(row.key + row.value.text)
    if request.authentication is not None:
        for key, value in request.authentication.config.items():
            if isinstance(value, Rendered):
                yield value.label, opened(f"{key} {value.text}")
    if request.body is not None:
        yield "request_body", opened(request.body.text)


def _unrendered_texts(request: RenderedRequest) -> Iterator[tuple[str, str]]:
    """Yield the texts of a request that are not templates, with places (PLATFORM §2)."""
    for row in (*request.headers, *request.query):
        if not row.from_caller:
            yield row.value.label.removesuffix("value") + "key", row.key
    yield "response_content_type", request.response_content_type or ""


def _content_type(request: RenderedRequest) -> list[str]:
    keys = {row.key.lower() for row in request.headers}
    if (request.body is not None or request.payload) and "content-type" not in keys:
        return ["headers: Content-Type is missing, so the API has to guess the format of the body."]
    return []


def unparsable(body: bytes, *, is_transformed: bool) -> str:
    """Return the line on an answer that is not JSON; "" for JSON.

    The SDK's `execute` cannot parse such an answer (PLATFORM §8).
    """
    what = "What response_body gives" if is_transformed else "The answer"
    if body.strip():
        try:
            json.loads(body.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            wrong = f"{what} is not JSON"
        else:
            return ""
    else:
        wrong = f"{what} is empty"
    return (
        f"{wrong}: the SDK's `execute` parses every answer as JSON, and throws on this one although the call worked. "
        "A static response_body such as {} avoids it."
    )


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(constant)
