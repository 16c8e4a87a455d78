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

from strongroom.document import Connector
from strongroom.platform.fields import STEP_NAME_PATTERN
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.slugs import slug


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the step's name."""
    for outline in outlines(connector)[1:]:
        name = outline.part.text("name")
        if name is None or not name.data.strip() or re.fullmatch(STEP_NAME_PATTERN, name.data):
            continue
        better = slug(name.data)
        fixes: tuple[Fix, ...] = ()
        if better:
            fixes = (Fix(f"Change to {better}", (Edit(name.inner_start, name.inner_end, better),), False),)
        message = f"`{name.data}` is not a valid step name: use lowercase letters, digits and hyphens."
        yield outline.mark(name, message, outline.part, "name", fixes)


RULE = Rule("invalid-step-name", Severity.ERROR, __doc__, connector=check, has_fix=True)
