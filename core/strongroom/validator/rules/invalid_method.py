"""An HTTP method is not supported.

## What it does

Finds a `method` that is not one of GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS, in upper case.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "get"
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

Safe where only the case is wrong. There is no fix for other methods.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.platform.fields import METHODS
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the method."""
    for outline in outlines(connector):
        method = outline.part.text("method") if not outline.connector.is_composite else None
        if method is None or method.data in METHODS:
            continue
        upper = method.data.strip().upper()
        fixes: tuple[Fix, ...] = ()
        if upper in METHODS:
            message = f"The method must be in upper case: `{upper}`."
            fixes = (Fix(f"Change to {upper}", (Edit(method.inner_start, method.inner_end, upper),), True),)
        else:
            message = f"`{method.data}` is not a valid method. Use one of {', '.join(METHODS)}."
        yield outline.mark(method, message, outline.part, "method", fixes)


RULE = Rule("invalid-method", Severity.ERROR, __doc__, connector=check, has_fix=True)
