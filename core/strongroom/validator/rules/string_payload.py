"""A widget makes a text of the payload.

## What it does

Finds a `payload` that is a text: made with `JSON.stringify`, or written as one.

## Why it is bad

The SDK makes JSON of the payload itself. A payload that is JSON already arrives as one JSON text with quotes, and a
template that reads its members finds none.

## Example

```json
{"connectors": [{"name": "Add", "permalink": "add", "url": "https://api.example.com/add", "method": "POST"}]}
```

```js
await sdk.connectors.execute({ permalink: "add", method: "POST", payload: JSON.stringify({ title: "Tea" }) });
```

## Use instead

```js
await sdk.connectors.execute({ permalink: "add", method: "POST", payload: { title: "Tea" } });
```

## Fix safety

Safe: `JSON.stringify` is left out, and its first argument stays. A payload that was made to a text elsewhere, or is
written as one, is left to you.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from strongroom.validator.findings import Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall


def check(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark the value of the payload."""
    member = call.option("payload")
    if member is None or not call.exists:
        return
    for value in member.value.alternatives:
        if value.kind == "serialised":
            message = "The SDK makes JSON of the payload itself: give it the object."
            yield call.mark(message, call.place_of(value), "payload", call.unwrap(value))
        elif value.kind in ("text", "string"):
            message = "The payload must be an object: the SDK makes JSON of it."
            yield call.mark(message, call.place_of(value), "payload")


RULE = Rule("string-payload", Severity.ERROR, __doc__, call=check, has_fix=True)
