"""An authentication type has been renamed.

## What it does

Finds `apikey`, the old name of `api_key`.

## Why it is bad

The old name is still accepted, but deprecated.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "apikey",
    "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}", "in": "header"}
  }
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "api_key",
    "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}", "in": "header"}
  }
}
```

## Fix safety

Safe: both names mean the same.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the type."""
    for outline in outlines(connector):
        kind = outline.auth_type
        known = AUTH_TYPES.get(kind.data) if kind is not None else None
        if kind is None or known is None or not known.replaced_by or outline.authentication is None:
            continue
        edit = Edit(kind.inner_start, kind.inner_end, known.replaced_by)
        message = f"`{kind.data}` is deprecated: use `{known.replaced_by}`."
        fix = Fix(f"Change to {known.replaced_by}", (edit,), True)
        yield outline.mark(kind, message, outline.authentication, "type", (fix,))


RULE = Rule("deprecated-auth-type", Severity.INFO, __doc__, connector=check, has_fix=True)
