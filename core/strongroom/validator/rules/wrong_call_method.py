"""A widget calls a connector with another method.

## What it does

Finds calls of `connectors.execute` whose `method` is not the one of the connector, and calls without a `method`.

## Why it is bad

The method of a connector is fixed. The platform refuses a call with another one.

## Example

```json
{"connectors": [{"name": "Latest news", "permalink": "latest-news", "url": "https://api.example.com/news"}]}
```

```js
await sdk.connectors.execute({ permalink: "latest-news", method: "PATCH" });
```

## Use instead

```js
await sdk.connectors.execute({ permalink: "latest-news", method: "GET" });
```

## Fix safety

Safe where the connector's method is certain: a call with another one fails always. If the connector is what is wrong,
change its file instead. A method that is the value of a constant is left to you.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from strongroom.platform.fields import METHODS
from strongroom.text.phrases import joined
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall
    from strongroom.widgets.values import Value


def check(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark the method, or the name of the function if no method is given."""
    if call.is_composite or not call.exists:
        return
    member = call.option("method")
    if member is not None:
        for value in member.value.texts:
            if value.text not in (call.methods or METHODS):
                yield call.mark(_message(call, value), call.place_of(value), "method", _change(call, value))
    elif not call.may_have("method") and call.call.permalinks and not call.wrong_kind:
        message = "The call has no `method`"
        message += f": {call.quoted()} is called with {call.methods[0]}." if len(call.methods) == 1 else "."
        add = call.add_method(call.methods[0]) if len(call.methods) == 1 else None
        yield call.mark(message, call.call.name, "method", add)


def _message(call: "CheckedCall", value: "Value") -> str:
    if call.methods:
        wanted = joined(list(call.methods), "or")
        return f"{call.quoted()} is called with {wanted}, not with {value.text or 'an empty text'}."
    if value.text.upper() in METHODS:
        return f"The method must be in upper case: `{value.text.upper()}`."
    return f"`{value.text}` is not a method. Use one of {', '.join(METHODS)}."


def _change(call: "CheckedCall", value: "Value") -> Fix | None:
    wanted = call.methods or (value.text.upper(),)
    is_certain = len(wanted) == 1 and wanted[0] in METHODS
    return call.write_text(value, wanted[0], is_safe=True) if is_certain else None


RULE = Rule("wrong-call-method", Severity.ERROR, __doc__, call=check, has_fix=True)
