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
from typing import Final

from strongroom.document import Connector
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS, ROW_FIELDS
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, Part, opening, outlines
from strongroom.validator.rule import Context, Mark, Rule

_FIELDS: Final = {
    "connector": CONNECTOR_FIELDS,
    "step": CONNECTOR_FIELDS,
    "composite connector": COMPOSITE_FIELDS,
    "row": ROW_FIELDS,
}
_REQUIRED: Final = {
    noun: tuple([name for name, fact in facts.items() if fact.required]) for noun, facts in _FIELDS.items()
}
"""By what an object is; what authentication needs depends on its type, and `missing-auth-field` knows it."""


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the opening brace of the object that lacks the field, or the empty text."""
    for outline in outlines(connector):
        for part in outline.parts:
            for name in _REQUIRED.get(part.noun, ()):
                found = part.members.get(name)
                if found is None:
                    yield from _lacks(outline, part, name)
                elif found[1].kind == "string" and not found[1].data.strip():
                    yield outline.mark(found[1], f"`{name}` is empty.", part, name, data={"field": name})


def _lacks(outline: Outline, part: Part, name: str) -> Iterator[Mark]:
    # A field may be missing only because the JSON around it is broken.
    if not outline.is_damaged:
        message = f"This {part.noun} has no `{name}`."
        yield outline.mark(opening(part.value), message, part, data={"field": name})


RULE = Rule("missing-field", Severity.ERROR, __doc__, connector=check)
