"""A field of the authentication is outside of `config`.

## What it does

Finds fields of the authentication type, such as `key` or `client_id`, directly in `authentication`.

## Why it is bad

The platform looks for them in `config`, where they are missing, and refuses the file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "api_key",
    "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}"},
    "in": "header"
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

Safe: the fields are moved into `config` as they are; `config` is made where it is absent.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.validator.editing import move_members
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the key of each such field; one fix moves them all."""
    for outline in outlines(connector):
        part, kind = outline.authentication, outline.auth_type
        if part is None or kind is None or kind.data not in AUTH_TYPES:
            continue
        inner = outline.config.members if outline.config is not None else {}
        fields = AUTH_TYPES[kind.data].fields
        names = [name for name in part.members if name in fields and name not in inner]
        if not names:
            continue
        fixes: tuple[Fix, ...] = ()
        is_free = "config" not in part.members or outline.config is not None
        if is_free and not outline.is_damaged and len(part.value.members) == len(part.members):
            edits = move_members(outline.source, part.value, names, "config")
            fixes = (Fix(f"Move {', '.join(names)} into config", edits, True),)
        for name in names:
            message = f"`{name}` must be in `authentication.config`."
            yield outline.mark(part.members[name][0], message, part, name, fixes, data={"field": name})


RULE = Rule("misplaced-auth-field", Severity.ERROR, __doc__, connector=check, has_fix=True)
