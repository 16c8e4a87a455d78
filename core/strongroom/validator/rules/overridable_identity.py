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

from strongroom.document import Connector
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.credentials import parsed_template


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks `true`."""
    for outline in outlines(connector):
        for row in outline.rows:
            found = row.part.members.get("overridable")
            if found is None or found[1].data is not True:
                continue
            value = row.part.text("value")
            if value is None or "user" not in value.data:
                continue
            parsed = parsed_template(value)
            if "user" in parsed.stores or not any(name.value == "user" for name in parsed.names):
                continue
            fix = Fix("Write false", (Edit(found[1].start, found[1].end, "false"),), True)
            message = "The value holds the user's identity, and the browser can replace it."
            yield outline.mark(found[1], message, row.part, "overridable", (fix,))


RULE = Rule("overridable-identity", Severity.WARNING, __doc__, connector=check, has_fix=True)
