"""A value with the user's identity can be replaced by the browser.

## What it does

Finds rows of headers and parameters whose value uses `user.*` while `overridable` is `true`.

## Why it is bad

An overridable value can be replaced by the caller, so anybody can pretend to be somebody else. Identity must
not be overridable.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-User", "value": "{{ user.id }}", "overridable": true}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-User", "value": "{{ user.id }}", "overridable": false}]
}
```

## Fix safety

Safe: `overridable` becomes `false`, which is the default.
"""

from collections.abc import Iterator

from strongroom.validator.editing import write_literal
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Row
from strongroom.validator.rule import Context, Rule


def check(row: Row, context: Context) -> Iterator[Mark]:
    """Mark `true`."""
    if row.data.get("overridable") is not True:
        return
    value = row.text("value")
    if value is None or "user" not in value:
        return
    parsed = context.parsed(value)
    if "user" not in parsed.stores and any(name.value == "user" for name in parsed.names):
        message = "The value holds the user's identity, and the browser can replace it."
        proposal = Proposal("Write false", (write_literal("false"),), True)
        yield row.mark(message, "overridable", proposals=(proposal,))


RULE = Rule("overridable-identity", Severity.WARNING, __doc__, row=check, has_fix=True)
