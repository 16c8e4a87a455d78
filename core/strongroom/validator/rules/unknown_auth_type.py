"""The authentication type does not exist.

## What it does

Finds an `authentication.type` that is not one of `none`, `api_key`, `oauth_client_credentials`, `jwt` and
`oauth_jwt_bearer`.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {"type": "bearer", "config": {"token": "{{ get_secret('api_key') }}"}}
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

Safe where only case or separators are wrong. A near name is offered as an unsafe fix.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.document.json_values import StringValue
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.near_fields import plain_key


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the type."""
    for outline in outlines(connector):
        kind = outline.auth_type
        if kind is None or kind.data in AUTH_TYPES or outline.authentication is None:
            continue
        current = [name for name, known in AUTH_TYPES.items() if not known.replaced_by]
        near = nearest(kind.data, current)
        fixes: tuple[Fix, ...] = ()
        message = f"`{kind.data}` is not an authentication type. "
        if len(near) == 1:
            is_slip = plain_key(kind.data) == plain_key(near[0])
            fixes = (Fix(f"Change to {near[0]}", (Edit(*_content(kind), near[0]),), is_slip),)
            message += ask_if_meant(near)
        else:
            message += f"Use one of {', '.join(current)}."
        yield outline.mark(kind, message, outline.authentication, "type", fixes)


def _content(value: StringValue) -> tuple[int, int]:
    return value.inner_start, value.inner_end


RULE = Rule("unknown-auth-type", Severity.ERROR, __doc__, connector=check, has_fix=True)
