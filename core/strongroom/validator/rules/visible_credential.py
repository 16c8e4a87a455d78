"""A credential may be visible to people who should not see it.

## What it does

Finds

- a literal `client_id`,
- a literal value in a header such as `Authorization` or `X-Api-Key`, or in a query parameter such as `api_key`,
- a user and password in a URL (`https://user:password@host`),
- a key that is written out in `jwt_encode(payload, key, ...)`,
- `get_variable` in a credential field without a secret beside it.

## Why it is bad

A repository is read by many, and a variable is shown in full to every administrator. Secrets are masked and
never leave the server.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "Authorization", "value": "Bearer sample-token"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('api_key') }}"}]
}
```

## Fix safety

There is no fix: the value must be stored as a secret first.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import Connector, Template
from strongroom.document.json_values import StringValue
from strongroom.document.template_parser import Node
from strongroom.names import Kind
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.credentials import (
    SENSITIVE,
    calls_in,
    credential_fields,
    is_literal,
    literal_credential_in_header,
)
from strongroom.validator.rules.shared import jwt_argument, resolves, signings

_STORE = "store it as a secret and use {{ get_secret('name') }}."
_PASSWORD: Final = expression(r"[^:@]*:([^@\uffff]+)@")
"""The password before a host; the text of a template is not in it."""


def check(connector: Connector, context: Context) -> Iterator[Mark]:
    """Marks the literal, or the call of get_variable."""
    for outline in outlines(connector):
        yield from _config(outline, context)
        yield from _rows(outline)
        yield from _url(outline)


def _rows(outline: Outline) -> Iterator[Mark]:
    for row in outline.rows:
        key = row.part.text("key")
        if key is None or key.data.strip().lower() not in SENSITIVE.get(row.list_name, ()):
            continue
        value = row.part.text("value")
        if value is None:
            continue
        found = literal_credential_in_header(value.data) if is_literal(value) else None
        if found is not None:
            place = value.to_source(found[0]), value.to_source(found[1])
            what = "header" if row.list_name == "headers" else "query parameter"
            message = f"The value of the {what} `{key.data}` is written out: {_STORE}"
            yield outline.mark(place, message, row.part, "value", data={"field": "value"})


def _url(outline: Outline) -> Iterator[Mark]:
    url = outline.url
    if url is None or url.is_plain or not url.is_readable or url.scheme_end < 0:
        return
    start, end = url.host
    found = _PASSWORD.match(url.flat, start, end)
    if found is not None:
        message = (
            "The URL holds a password: store it as a secret and send it as a header or in `authentication`."
        )
        yield outline.mark(url.place(found.start(1), found.end(1)), message, outline.part, "url")


def check_template(template: Template, _context: Context) -> Iterator[Mark]:
    """Marks a key that is written out in `jwt_encode(...)`."""
    if "jwt_encode" not in template.text or not resolves(template, "jwt_encode"):
        return
    for call in signings(template):
        key = jwt_argument(call, "key")
        if key is None or key.kind != "const" or not key.value or not isinstance(key.value, str):
            continue
        where = "" if resolves(template, "get_secret") else ", in a header or in `authentication`"
        message = f"The key is written out: store it as a secret and use get_secret('name'){where}."
        yield Mark(template.to_source(key.start), template.to_source(key.end), message)


def _config(outline: Outline, context: Context) -> Iterator[Mark]:
    config = outline.config
    client = config.text("client_id") if config is not None else None
    if config is not None and client is not None and is_literal(client):
        message = f"`client_id` is written out. If it is not public, {_STORE}"
        yield outline.mark(client, message, config, "client_id", data={"field": "client_id"})
    for part, name, value in credential_fields(outline):
        calls = calls_in(value)
        if any(call.value == "get_secret" for call in calls):
            continue
        for call in calls:
            if (
                call.value == "get_variable"
                and isinstance(value, StringValue)
                and not _is_secret(call, context)
            ):
                place = value.to_source(call.start), value.to_source(call.end)
                message = f"`{name}` comes from a variable, which is shown in full: {_STORE}"
                yield outline.mark(place, message, part, name, data={"field": name})


def _is_secret(call: Node, context: Context) -> bool:
    """Whether the name belongs to a secret: then only the function is wrong, and `wrong-kind` says so."""
    arguments = call.children[1:]
    entry = context.names.get(str(arguments[0].value)) if len(arguments) == 1 else None
    return entry is not None and entry.kind is Kind.SECRET


RULE = Rule("visible-credential", Severity.WARNING, __doc__, connector=check, template=check_template)
