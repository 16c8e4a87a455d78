"""Something that may be a credential can be read by people who should not.

## What it does

Finds a literal `client_id`, a literal value in a header such as `Authorization` or `X-Api-Key`, and
`get_variable` in a credential field without a secret beside it.

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

from strongroom.document import Connector
from strongroom.document.json_values import StringValue
from strongroom.document.template_parser import Node
from strongroom.names import Kind
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.credentials import (
    calls_in,
    credential_fields,
    is_literal,
    is_sensitive_header,
    literal_credential_in_header,
)

_STORE = "store it as a secret and use {{ get_secret('name') }}."


def check(connector: Connector, context: Context) -> Iterator[Mark]:
    """Marks the literal, or the call of get_variable."""
    for outline in outlines(connector):
        yield from _config(outline, context)
        for row in outline.rows_of("headers"):
            key, value = row.part.text("key"), row.part.text("value")
            if key is None or value is None or not is_sensitive_header(key.data):
                continue
            found = literal_credential_in_header(value.data) if is_literal(value) else None
            if found is not None:
                place = value.to_source(found[0]), value.to_source(found[1])
                message = f"The value of the header `{key.data}` is written out: {_STORE}"
                yield outline.mark(place, message, row.part, "value", data={"field": "value"})


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


RULE = Rule("visible-credential", Severity.WARNING, __doc__, connector=check)
