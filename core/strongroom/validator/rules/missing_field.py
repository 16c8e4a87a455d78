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

from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS, ROW_FIELDS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Part
from strongroom.validator.rule import Context, Rule

_FIELDS: Final = {
    "connector": CONNECTOR_FIELDS,
    "step": CONNECTOR_FIELDS,
    "composite connector": COMPOSITE_FIELDS,
    "row": ROW_FIELDS,
}
_REQUIRED: Final = {
    noun: tuple([name for name, fact in facts.items() if fact.required]) for noun, facts in _FIELDS.items()
}
"""List the required fields by the kind of object.

The fields that authentication needs depend on its type, and `missing-auth-field` knows them.
"""


_TELLING: Final = {("connector", "url"): "steps", ("composite connector", "steps"): "url"}
"""The field that makes an element without the required one a connector of the other kind.

`wrong-array` reports such an element.
"""


def check(part: Part, _context: Context) -> Iterator[Mark]:
    """Mark the opening brace of the object without the field, or the empty text."""
    for name in _REQUIRED.get(part.noun, ()):
        if name not in part.data and _TELLING.get((part.noun, name)) in part.data:
            continue
        if name not in part.data:
            # A field may be missing only because the JSON around it is broken.
            if not part.is_damaged:
                yield part.mark(f"This {part.noun} has no `{name}`.", part="opening", data={"field": name})
            continue
        value = part.data[name]
        if isinstance(value, str) and not value.strip():
            yield part.mark(f"`{name}` is empty.", name, data={"field": name})


RULE = Rule("missing-field", Severity.ERROR, __doc__, part=check)
