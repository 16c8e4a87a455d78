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

from strongroom.platform.authentication import AUTH_TYPES
from strongroom.text.edits import Edit
from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.near_fields import plain_key


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the type."""
    name = authentication.type
    if name is None or authentication.known is not None:
        return
    current = [known.name for known in AUTH_TYPES.values() if not known.replaced_by]
    near = nearest(name, current)
    message = f"`{name}` is not an authentication type. "
    proposals: tuple[Proposal, ...] = ()
    if len(near) == 1:
        is_slip = plain_key(name) == plain_key(near[0])
        proposals = (Proposal(f"Change to {near[0]}", (Edit(0, len(name), near[0]),), is_slip),)
        message += ask_if_meant(near)
    else:
        message += f"Use one of {', '.join(current)}."
    yield authentication.mark(message, "type", proposals=proposals)


RULE = Rule("unknown-auth-type", Severity.ERROR, __doc__, authentication=check, has_fix=True)
