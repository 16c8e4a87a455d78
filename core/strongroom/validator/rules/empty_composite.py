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

from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import CheckedConnector
from strongroom.validator.rule import Context, Rule


def check(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark the empty array."""
    if connector.is_composite and connector.request.data.get("steps") == [] and not connector.is_damaged:
        yield connector.request.mark("A composite connector needs at least one step.", "steps")


RULE = Rule("empty-composite", Severity.ERROR, __doc__, connector=check)
