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

from strongroom.platform.fields import METHODS
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the method."""
    method = request.text("method")
    if method is None or method in METHODS or request.is_composite:
        return
    upper = method.strip().upper()
    proposals: tuple[Proposal, ...] = ()
    if upper in METHODS:
        message = f"The method must be in upper case: `{upper}`."
        proposals = (Proposal(f"Change to {upper}", (Edit(0, len(method), upper),), True),)
    else:
        message = f"`{method}` is not a valid method. Use one of {', '.join(METHODS)}."
    yield request.mark(message, "method", proposals=proposals)


RULE = Rule("invalid-method", Severity.ERROR, __doc__, fields={"method": check}, has_fix=True)
