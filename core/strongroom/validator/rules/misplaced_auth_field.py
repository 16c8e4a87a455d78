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

from strongroom.validator.editing import move_members
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the key of each such field; one fix moves them all."""
    known, config = authentication.known, authentication.config
    if known is None:
        return
    inner = config.data if config is not None else {}
    names = tuple(name for name in authentication.data if name in known.fields and name not in inner)
    proposals: tuple[Proposal, ...] = ()
    is_free = "config" not in authentication.data or config is not None
    if is_free and not authentication.is_damaged:
        change = move_members(names, "config")
        proposals = (Proposal(f"Move {', '.join(names)} into config", (change,), True),)
    for name in names:
        message = f"`{name}` must be in `authentication.config`."
        yield authentication.mark(message, name, part="key", proposals=proposals, data={"field": name})


RULE = Rule("misplaced-auth-field", Severity.ERROR, __doc__, authentication=check, has_fix=True)
