"""A required field is missing or empty.

## What it does

Finds connectors and steps without `name` or `url`, composite connectors without `name` or `steps`, and rows
of headers or parameters without `key`. A required string that is empty counts as missing.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "method": "GET"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "GET"
}
```

## Fix safety

There is no fix: the value is yours to choose.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, Part, opening, outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the opening brace of the object that lacks the field, or the empty text."""
    for outline in outlines(connector):
        for part in outline.parts:
            if part.noun != "authentication":
                yield from _missing(outline, part)


def _missing(outline: Outline, part: Part) -> Iterator[Mark]:
    for name, fact in part.facts.items():
        if not fact.required:
            continue
        found = part.members.get(name)
        if found is None:
            # A field may be missing only because the JSON around it is broken.
            if not outline.is_damaged:
                message = f"This {part.noun} has no `{name}`."
                yield outline.mark(opening(part.value), message, part, data={"field": name})
        elif found[1].kind == "string" and not found[1].data.strip():
            yield outline.mark(found[1], f"`{name}` is empty.", part, name, data={"field": name})


RULE = Rule("missing-field", Severity.ERROR, __doc__, connector=check)
