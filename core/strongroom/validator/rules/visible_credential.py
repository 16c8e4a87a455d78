"""A credential may be visible to people who should not see it.

## What it does

Finds

- a literal `client_id`,
- a literal value in a header such as `Authorization` or `X-Api-Key`, or in a query parameter such as `api_key`,
- a password or a user name in a URL (`https://user:password@host`, `https://key@host`),
- a key that is written out in `jwt_encode(payload, key, ...)`,
- `get_variable` in a credential field without a secret beside it.

A placeholder is not a credential: `anonymous`, `public`, `DEMO_KEY`, `YOUR_API_KEY`, `<token>` and the like, behind a
scheme too, are not reported.

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

There is no fix, because the value must be stored as a secret first. `strongroom secret add NAME --literal
FILE:LINE:COLUMN` stores it and puts the reference in its place. In the terminal app `m` does, and editors offer it as
a quick fix. A password in a URL has to be moved by hand, because secrets do not resolve there.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.names import Kind
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication, Request, Row
from strongroom.validator.plain import sound_text
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.credentials import (
    SENSITIVE,
    credential_fields,
    is_literal,
    is_placeholder,
    literal_credential_in_header,
)
from strongroom.validator.rules.shared import jwt_argument, resolves, signings
from strongroom.validator.url_parts import UrlParts

_STORE = "store it as a secret and use {{ get_secret('name') }}."
_PASSWORD: Final = expression(r"[^:@]*:([^@\uffff]+)@")
_USER: Final = expression(r"([^:\uffff]+):?@")
"""Match the password, and the user name without one, before a host.

The text of a template is not in it.
"""


def check_row(row: Row, context: Context) -> Iterator[Mark]:
    """Mark the literal in a header or query parameter that carries a credential."""
    key, value = row.text("key"), row.text("value")
    if key is None or value is None or key.strip().lower() not in SENSITIVE.get(row.list_name, ()):
        return
    span = literal_credential_in_header(value) if is_literal(value, context) else None
    if span is not None and not is_placeholder(value[span[0] : span[1]]):
        what = "header" if row.list_name == "headers" else "query parameter"
        message = f"The value of the {what} `{key}` is written out: {_STORE}"
        yield row.mark(message, "value", span=span, data={"field": "value"})


def check_url(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the password in a URL, and a user name alone, as which many APIs take a key."""
    if url.scheme_end < 0:
        return
    for what, pattern in (("password", _PASSWORD), ("user name", _USER)):
        found = pattern.match(url.flat, *url.host)
        if found is not None and not is_placeholder(found.group(1)):
            message = f"The URL holds a {what}: store it as a secret and send it as a header or in `authentication`."
            yield request.mark(message, "url", span=url.place(*found.span(1)))


def check_template(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark a key that is written out in `jwt_encode(...)`."""
    if "jwt_encode" not in template.text or not resolves(template, "jwt_encode"):
        return
    for call in signings(template):
        key = jwt_argument(call, "key")
        if key is None or key.kind != "const" or not key.value or not isinstance(key.value, str):
            continue
        where = "" if resolves(template, "get_secret") else ", in a header or in `authentication`"
        message = f"The key is written out: store it as a secret and use get_secret('name'){where}."
        yield Mark(message, span=(key.start, key.end))


def check_config(authentication: Authentication, context: Context) -> Iterator[Mark]:
    """Mark a `client_id` that is a literal, and variables used as credentials.

    Of the latter the call of get_variable is marked, in a field for a credential.
    """
    config = authentication.config
    client = config.text("client_id") if config is not None else None
    if (
        config is not None
        and client is not None
        and is_literal(client, context)
        and not is_placeholder(client)
    ):
        message = f"`client_id` is written out. If it is not public, {_STORE}"
        yield config.mark(message, "client_id", data={"field": "client_id"})
    for part, name, value in credential_fields(authentication):
        text = sound_text(value)
        calls = context.parsed(text).calls if text is not None else []
        if any(call.value == "get_secret" for call in calls):
            continue
        for call in calls:
            if call.value == "get_variable" and not _is_secret(call, context):
                message = f"`{name}` comes from a variable, which is shown in full: {_STORE}"
                yield part.mark(message, name, span=(call.start, call.end), data={"field": name})


def _is_secret(call: Node, context: Context) -> bool:
    """Return True if the name belongs to a secret.

    Then only the function is wrong, and `wrong-kind` reports it.
    """
    arguments = call.children[1:]
    entry = context.names.get(str(arguments[0].value)) if len(arguments) == 1 else None
    return entry is not None and entry.kind is Kind.SECRET


RULE = Rule(
    "visible-credential",
    Severity.WARNING,
    __doc__,
    row=check_row,
    url=check_url,
    authentication=check_config,
    template=check_template,
)
