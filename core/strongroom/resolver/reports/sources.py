"""Say of each field of a request where its value came from.

Say what did not resolve, too, and what that will do.
"""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.document.template_facts import context_reads
from strongroom.resolver.request.build import RenderedRequest
from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.rendering import Rendered, rendered_in
from strongroom.text.phrases import joined
from strongroom.text.surrogates import has_half

_UNRESOLVED: Final = {
    "url": "the URL is not valid with it, so the run fails.",
    "request_body": "the text itself is sent in the body.",
    "response_body": "the text itself is in the answer.",
}

_HALF: Final = (
    "{}: half of a surrogate pair (a broken \\u escape) is not a character: U+FFFD takes its place."
)

_ESCAPES: Final = ("&amp;", "&#34;", "&#39;", "&lt;", "&gt;")
_HEADER: Final = re.compile(r"""headers\s*(?:\[|\.get\(|\.)\s*['"]?([A-Za-z][\w-]*)""")


def describe_request(request: RenderedRequest, community: str = "") -> list[str]:
    """Describe field by field the source of each value.

    Describe what did not resolve, too.
    """
    place = f" of {community}" if community else ""
    fields = list(_fields(request))
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
        lines += _oddities(title, field, found, request)
    lines += [_HALF.format(title) for title, text in _texts(request) if has_half(text)]
    titles = {field.label for _title, field in fields}
    # The response template is rendered later, and is not a field of the request.
    rest = [origin for origin in request.origins if origin.field not in titles]
    lines += [_unresolved(origin.field, origin, place) for origin in rest if not origin.resolved]
    lines += [
        f"{_title(row.value.label, row.key)}: given by the caller."
        for row in (*request.headers, *request.query)
        if row.from_caller
    ]
    if request.payload:
        lines.append("request_body: the incoming body, as it came.")
    if written:
        lines.append(f"As written in the connector: {', '.join(written)}.")
    return [*lines, *request.notes, *_capitals(request), *_content_type(request)]


def _fields(request: RenderedRequest) -> Iterator[tuple[str, Rendered]]:
    """Yield each field that was rendered, with its name for people.

    A field that a caller gave is not rendered.
    """
    if request.url.template:
        yield "url", request.url
    for row in (*request.headers, *request.query):
        if not row.from_caller:
            yield _title(row.value.label, row.key), row.value
    if request.authentication is not None:
        yield from ((field.label, field) for field in rendered_in(request.authentication.config))
    if request.body is not None:
        yield "request_body", request.body


def _texts(request: RenderedRequest) -> Iterator[tuple[str, str]]:
    """Yield all that is sent of a request as it is, with its name for people.

    Keys and the caller's own texts are included.

    Claims and headers of tokens are left out: they are sent as JSON, which can write down half of a pair.
    """
    opened = request.stand_ins.open
    yield "url", opened(request.url.text)
    for row in (*request.headers, *request.query):
        yield _title(row.value.label, row.key), opened(row.key + row.value.text)
    if request.authentication is not None:
        for key, value in request.authentication.config.items():
            if isinstance(value, Rendered):
                yield value.label, opened(f"{key} {value.text}")
    if request.body is not None:
        yield "request_body", opened(request.body.text)


def _title(label: str, key: str) -> str:
    return f"{label} ({key})"


def _sources(field: Rendered, origins: list[Origin], place: str) -> list[str]:
    sources = [_source(origin, place) for origin in origins if origin.resolved]
    return list(dict.fromkeys([*sources, *context_reads(field.template)]))


def _source(origin: Origin, place: str) -> str:
    if origin.kind == "jwt":
        return "a token that was signed now"
    named = f"the {origin.kind} '{origin.name}'"
    return f"the default of {named}" if origin.is_default else f"{named}{place}"


def _unresolved(title: str, origin: Origin, place: str) -> str:
    why = origin.note or f"there is no {origin.kind} '{origin.name}'{place}"
    effect = _UNRESOLVED.get(
        origin.field, "the text itself is sent, and the API will likely answer 401 or 403."
    )
    return f"{title}: {origin.literal} did not resolve ({why}); {effect}"


def _oddities(title: str, field: Rendered, origins: list[Origin], request: RenderedRequest) -> Iterator[str]:
    """Return lines on the oddities of a field, which few expect."""
    asked = dict.fromkeys(
        origin.name
        for origin in origins
        if origin.resolved and origin.kind == "secret" and not origin.is_default
    )
    # A signed token is made of secrets, and carries none of them.
    sent = request.stand_ins.injected(field.text)
    if not any(origin.kind == "jwt" for origin in origins):
        for name in asked:
            if name not in sent:
                yield f"{title}: the secret '{name}' is not sent, since the template cuts, changes or only compares it."
    if asked and ("|" in field.template or "." in field.template):
        from strongroom.resolver.templates.changes import changes_of_secrets

        for name, change in changes_of_secrets(field.template):
            if name in sent:
                yield f"{title}: the secret '{name}' is sent as it is stored: {change} does not change a secret."
    if any(mark in field.text and mark not in field.template for mark in _ESCAPES):
        hint = "| tojson" if field.label == "request_body" else "| safe where the text is to stay as it is"
        yield f"{title}: HTML escaping changed a value (& became &amp; or the like): use {hint}."
    if "None" in field.text and "None" not in field.template and "{" in field.template:
        yield f"{title}: a value is not known here, and renders as the text None."


def _capitals(request: RenderedRequest) -> list[str]:
    """Return a line for each header name with capitals.

    Templates never see such names.
    """
    templates = {title: field.template for title, field in _fields(request)}
    templates["response_body"] = request.response_body or ""
    return [
        f"{title}: {name} is empty, since templates see header names in lower case: write {name.lower()}."
        for title, template in templates.items()
        for name in dict.fromkeys(_HEADER.findall(template))
        if name != name.lower()
    ]


def _content_type(request: RenderedRequest) -> list[str]:
    keys = {row.key.lower() for row in request.headers}
    if (request.body is not None or request.payload) and "content-type" not in keys:
        return ["headers: there is no Content-Type, so the API has to guess the format of the body."]
    return []
