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

from strongroom.document import Connector
from strongroom.platform.fields import BODILESS_METHODS
from strongroom.validator.findings import Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the key of the body."""
    for outline in outlines(connector):
        body = outline.members.get("request_body")
        if body is None or body[1].kind != "string" or not body[1].data.strip():
            continue
        found = outline.members.get("method")
        method = found[1].data if found is not None and found[1].data is not None else "GET"
        if method in BODILESS_METHODS and not (found is None and outline.is_damaged):
            message = f"The request body has no effect: {method} sends none."
            yield outline.mark(body[0], message, outline.part, "request_body")


RULE = Rule("ignored-body", Severity.INFO, __doc__, connector=check)
