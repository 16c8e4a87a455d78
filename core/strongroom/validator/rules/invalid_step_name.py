"""A step name has other characters than lowercase letters, digits and hyphens.

## What it does

Finds names of steps that are not slugs, such as `Find Place` or `find_place`.

## Why it is bad

Later steps reach a step by its name. The platform refuses the file.

## Example

```json
{
  "name": "Weather here",
  "steps": [
    {"name": "Find Place", "url": "https://api.example.com/place"}
  ]
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

The nearest slug is offered. The fix is unsafe: templates that use the old name do not change with it.
"""

import re
from collections.abc import Iterator

from strongroom.platform.fields import STEP_NAME_PATTERN
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.nearest_slug import nearest_slug


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the step's name."""
    name = request.text("name") if request.is_step else None
    if name is None or not name.strip() or re.fullmatch(STEP_NAME_PATTERN, name):
        return
    message = f"`{name}` is not a valid step name: use lowercase letters, digits and hyphens."
    yield request.mark(message, "name", proposals=nearest_slug(name))


RULE = Rule("invalid-step-name", Severity.ERROR, __doc__, fields={"name": check}, has_fix=True)
