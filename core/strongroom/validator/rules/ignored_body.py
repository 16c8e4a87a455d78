r"""A request body has no effect.

## What it does

Finds a `request_body` in a connector whose method is GET, also by default, or HEAD. In the code of widgets it finds a
`payload` in a call with a method other than POST, PUT and PATCH.

## Why it is bad

These methods send no body: the template, or the payload, has no effect.

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
from typing import TYPE_CHECKING

from strongroom.platform.fields import BODILESS_METHODS, METHODS
from strongroom.platform.widget_calls import METHODS_WITH_PAYLOAD
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, PlacedMark
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall


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


def check_call(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark the key of the payload."""
    payload, method = call.option("payload"), call.option("method")
    if payload is None or payload.value.text in ("undefined", "null") or method is None or call.is_composite:
        return
    found = [value.text for value in method.value.texts]
    if (
        found
        and not call.wrong_kind
        and all(one in METHODS and one not in METHODS_WITH_PAYLOAD for one in found)
    ):
        message = f"The payload has no effect: the SDK sends none with {' or '.join(found)}."
        yield call.mark(message, payload.key_span, "payload")


RULE = Rule("ignored-body", Severity.INFO, __doc__, fields={"request_body": check}, call=check_call)
