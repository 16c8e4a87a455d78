r"""A request body has no effect.

## What it does

Finds a `request_body` in a connector whose method is GET, also by default, or HEAD.

## Why it is bad

These methods send no body: the template has no effect.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "GET",
  "request_body": "{\"city\": \"Oslo\"}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{\"city\": \"Oslo\"}"
}
```

## Fix safety

There is no fix: either the method or the body is wrong.
"""

from collections.abc import Iterator

from strongroom.platform.fields import BODILESS_METHODS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the key of the body."""
    body, method = request.data["request_body"], request.data.get("method")
    if not isinstance(body, str) or not body.strip():
        return
    if method is None:
        method = "GET"
    if method in BODILESS_METHODS and not ("method" not in request.data and request.is_damaged):
        message = f"The request body has no effect: {method} sends none."
        yield request.mark(message, "request_body", part="key")


RULE = Rule("ignored-body", Severity.INFO, __doc__, fields={"request_body": check})
