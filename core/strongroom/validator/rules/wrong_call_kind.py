"""A widget calls a composite as a connector, or a connector as a composite.

## What it does

Finds calls of `connectors.execute` with the permalink of a composite, calls of `connectors.composite.execute` with
the permalink of a standard connector, and calls of `sdk.execute`, which does not exist.

## Why it is bad

Each function knows only its own kind: the platform answers 404. A function that does not exist raises a `TypeError`.

## Example

```json
{"composite_connectors": [{"name": "Profile", "permalink": "profile",
  "steps": [{"name": "user", "url": "https://api.example.com/user"}]}]}
```

```js
await sdk.connectors.execute({ permalink: "profile", method: "POST", payload: { id: 7 } });
```

## Use instead

```js
await sdk.connectors.composite.execute({ permalink: "profile", payload: { id: 7 } });
```

## Fix safety

Safe where the other function takes the same options; `method` is removed or added. A call with `pathParams`, and a
function that was taken out of the SDK before, are left to you.
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
    """Mark the name of the function."""
    found = call.call
    span = found.composite[0] if found.composite else found.name[0], found.name[1]
    if not call.exists:
        right = "composite.execute" if call.is_composite else "execute"
        message = f"The SDK has no function `{right}`: it is `connectors.{right}`."
        yield call.mark(message, span, "", call.into_connectors())
    elif call.wrong_kind and call.is_composite:
        message = f"{call.quoted()} is a standard connector: call it with `connectors.execute`."
        yield call.mark(message, span, "permalink", call.to_connector())
    elif call.wrong_kind:
        message = f"{call.quoted()} is a composite: call it with `connectors.composite.execute`."
        yield call.mark(message, span, "permalink", call.to_composite())


RULE = Rule("wrong-call-kind", Severity.ERROR, __doc__, call=check, has_fix=True)
