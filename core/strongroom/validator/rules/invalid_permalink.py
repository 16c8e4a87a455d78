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

from strongroom.platform.fields import PERMALINK_PATTERN
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.nearest_slug import nearest_slug


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the permalink."""
    permalink = request.text("permalink")
    if permalink is None or re.fullmatch(PERMALINK_PATTERN, permalink):
        return
    shown = f"`{permalink}` is not a valid permalink" if permalink else "The permalink is empty"
    message = f"{shown}: use lowercase letters and digits, in words joined by single hyphens."
    yield request.mark(message, "permalink", proposals=nearest_slug(permalink))


RULE = Rule("invalid-permalink", Severity.ERROR, __doc__, fields={"permalink": check}, has_fix=True)
