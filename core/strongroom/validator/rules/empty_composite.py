"""A composite connector has no steps.

## What it does

Finds composite connectors whose `steps` are an empty array.

## Why it is bad

A composite connector needs at least one step. The platform refuses the file.

## Example

```json
{
  "name": "Weather here",
  "steps": []
}
```

## Use instead

```json
{
  "name": "Weather here",
  "steps": [
    {"name": "find-place", "url": "https://api.example.com/place"}
  ]
}
```

## Fix safety

There is no fix: the steps are yours to write.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.validator.findings import Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the empty array."""
    if not connector.is_composite:
        return
    outline = outlines(connector)[0]
    steps = outline.members.get("steps")
    if steps is not None and steps[1].kind == "array" and not steps[1].items and not outline.is_damaged:
        message = "A composite connector needs at least one step."
        yield outline.mark(steps[1], message, outline.part, "steps")


RULE = Rule("empty-composite", Severity.ERROR, __doc__, connector=check)
