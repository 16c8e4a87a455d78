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

from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the type."""
    known = authentication.known
    if known is not None and known.replaced_by:
        change = Edit(0, len(known.name), known.replaced_by)
        proposal = Proposal(f"Change to {known.replaced_by}", (change,), True)
        message = f"`{known.name}` is deprecated: use `{known.replaced_by}`."
        yield authentication.mark(message, "type", proposals=(proposal,))


RULE = Rule("deprecated-auth-type", Severity.INFO, __doc__, authentication=check, has_fix=True)
