"""Two steps of a composite connector have the same name.

## What it does

Finds a step whose name an earlier step of the same composite connector already has.

## Why it is bad

Steps are reached by their names, which must be unique. The platform refuses the file.

## Example

```json
{
  "name": "Weather here",
  "steps": [
    {"name": "find-place", "url": "https://api.example.com/place"},
    {"name": "find-place", "url": "https://api.example.com/place"}
  ]
}
```

## Use instead

```json
{
  "name": "Weather here",
  "steps": [
    {"name": "find-place", "url": "https://api.example.com/place"},
    {"name": "find-weather", "url": "https://api.example.com/place"}
  ]
}
```

## Fix safety

There is no fix: the name is yours to choose.
"""

from collections.abc import Iterator

from strongroom.document.json_values import Path
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import CheckedConnector
from strongroom.validator.rule import Context, Rule


def check(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark the later name; the first one is related."""
    first: dict[str, Path] = {}
    for step in connector.steps:
        name = step.text("name")
        if not name:
            continue
        if name in first:
            message = f"Another step is already called `{name}`."
            other = Mark("The first one is here.", first[name])
            yield step.mark(message, "name", related=(other,))
        else:
            first[name] = (*step.path, "name")


RULE = Rule("duplicate-step", Severity.ERROR, __doc__, connector=check)
