"""A permalink is not lowercase words joined by hyphens.

## What it does

Finds a `permalink` that does not match `^[a-z0-9]+(?:-[a-z0-9]+)*$`: lowercase letters and digits, in words
joined by single hyphens.

## Why it is bad

The permalink is the connector's identity. Publishing is all or nothing: one invalid field refuses the whole
file.

## Example

```json
{
  "name": "Weather",
  "permalink": "Weather_Now",
  "url": "https://api.example.com/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "permalink": "weather-now",
  "url": "https://api.example.com/now"
}
```

## Fix safety

The nearest valid permalink is offered. The fix is unsafe: widgets call the connector by its permalink.
"""

import re
from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.platform.fields import PERMALINK_PATTERN
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.slugs import slug


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the permalink."""
    for outline in outlines(connector):
        permalink = outline.part.text("permalink")
        if permalink is None or re.fullmatch(PERMALINK_PATTERN, permalink.data):
            continue
        better = slug(permalink.data)
        fixes: tuple[Fix, ...] = ()
        if better:
            edit = Edit(permalink.inner_start, permalink.inner_end, better)
            fixes = (Fix(f"Change to {better}", (edit,), False),)
        shown = f"`{permalink.data}` is not a valid permalink" if permalink.data else "The permalink is empty"
        message = f"{shown}: use lowercase letters and digits, in words joined by single hyphens."
        yield outline.mark(permalink, message, outline.part, "permalink", fixes)


RULE = Rule("invalid-permalink", Severity.ERROR, __doc__, connector=check, has_fix=True)
