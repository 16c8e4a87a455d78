"""A widget gives an option that the call does not have.

## What it does

Finds options of `connectors.execute` and `connectors.composite.execute` that the SDK does not know. A composite is
always called with POST, so that `method` is one of them there.

## Why it is bad

The SDK ignores such an option without a word. The usual one is `body`: the request is sent with an empty body.

## Example

```json
{"connectors": [{"name": "Add", "permalink": "add", "url": "https://api.example.com/add", "method": "POST"}]}
```

```js
await sdk.connectors.execute({ permalink: "add", method: "POST", body: { title: "Tea" } });
```

## Use instead

```js
await sdk.connectors.execute({ permalink: "add", method: "POST", payload: { title: "Tea" } });
```

## Fix safety

Safe where the option that was meant is certain: `body` becomes `payload`. An option that is near to no other is left
to you.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from strongroom.platform.widget_calls import CALL_OPTIONS, COMPOSITE_OPTIONS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule
from strongroom.validator.rules.call_options import meant

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall

_OF_COMPOSITES: Final = (*COMPOSITE_OPTIONS, "pathParams", "headers")
"""The options that no note is made of: `pathParams` has a rule of its own, and of headers no page says anything."""


def check(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark the key of the option."""
    if not call.exists:
        return
    options: Collection[str] = _OF_COMPOSITES if call.is_composite else CALL_OPTIONS
    for member in call.options.members:
        if member.key in options or member.value.text in ("undefined", "null"):
            continue
        if member.key == "method":
            if not call.wrong_kind:
                message = "A composite is always called with POST: `method` is ignored."
                yield call.mark(message, member.key_span, "method", call.remove(member))
            continue
        right = meant(member.key, options)
        if not right:
            message = f"`{member.key}` is not an option of this call, and is ignored."
        else:
            message = f"`{member.key}` is ignored: the option is called `{right}`."
        fix = call.rename(member, right) if right and not call.may_have(right) else None
        yield call.mark(message, member.key_span, member.key, fix)


RULE = Rule("ignored-call-option", Severity.ERROR, __doc__, call=check, has_fix=True)
