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

from strongroom.document import Connector
from strongroom.document.json_values import StringValue
from strongroom.validator.findings import Related, Severity
from strongroom.validator.outline import inside, outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the later name; the first one is related."""
    first: dict[str, StringValue] = {}
    for outline in outlines(connector)[1:]:
        name = outline.part.text("name")
        if name is None or not name.data:
            continue
        if name.data in first:
            message = f"Another step is already called `{name.data}`."
            related = (Related("The first one is here.", *inside(first[name.data])),)
            yield outline.mark(name, message, outline.part, "name", related=related)
        else:
            first[name.data] = name


RULE = Rule("duplicate-step", Severity.ERROR, __doc__, connector=check)
