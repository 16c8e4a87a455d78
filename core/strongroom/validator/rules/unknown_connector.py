"""A widget calls a connector that no file has.

## What it does

Finds calls of `connectors.execute` and `connectors.composite.execute` whose `permalink` no connector file of the
workspace has, and calls without a permalink. It looks at permalinks that the code says for certain, and only where all
connector files can be read.

## Why it is bad

The platform answers 404, and the widget stays empty. A connector that was made by hand in the community is in no file;
because of that, this is only a note.

## Example

```json
{"connectors": [{"name": "Latest news", "permalink": "latest-news", "url": "https://api.example.com/news"}]}
```

```js
await sdk.connectors.execute({ permalink: "latest-nwes", method: "GET" });
```

## Use instead

```js
await sdk.connectors.execute({ permalink: "latest-news", method: "GET" });
```

## Fix safety

Unsafe: the nearest permalink is offered when it is the only near one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule
from strongroom.validator.rules.call_options import means_permalink

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall
    from strongroom.widgets.values import Value


def check(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark the permalink, or the name of the function."""
    if not call.may_have("permalink"):
        if not any(means_permalink(member.key) for member in call.options.members):
            message = "This call names no connector: give it a `permalink`."
            yield call.mark(message, call.call.name, "permalink")
        return
    if not call.known or not call.known.is_complete or not call.exists:
        return
    for value in call.call.permalinks:
        if not any(call.known.get(value.text, is_composite=kind) for kind in (False, True)):
            yield from _unknown(call, value)


def _unknown(call: "CheckedCall", value: "Value") -> Iterator[PlacedMark]:
    is_composite = call.is_composite
    if is_composite and value.text.isdigit():
        return  # a composite can be called by its number, too
    near = nearest(value.text, call.known.permalinks(is_composite=is_composite))
    noun = "composite" if is_composite else "connector"
    message = f"No {noun} in these files has the permalink `{value.text}`."
    message += f" {ask_if_meant(near)}" if near else " It may have been made by hand."
    fix = call.write_text(value, near[0], is_safe=False) if len(near) == 1 else None
    yield call.mark(message, call.place_of(value), "permalink", fix)


RULE = Rule("unknown-connector", Severity.INFO, __doc__, call=check, has_fix=True)
