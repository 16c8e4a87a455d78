"""A widget gives other path parameters than the connector has.

## What it does

Compares the `pathParams` of a call with the `path_parameters` of the connector: one that its `url` needs and that is
missing, one that it does not have, an empty key, a value that is not a text or number or has characters that no path
parameter may have. A composite has no path parameters: any `pathParams` in its call are found.

## Why it is bad

The platform answers 400 where one is missing or invalid. The SDK refuses empty keys, other values and composites
before any request.

## Example

```json
{"connectors": [{"name": "Topic", "permalink": "topic", "path_parameters": [{"key": "topicId"}],
  "url": "https://api.example.com/topics/{{ pathParams.topicId }}"}]}
```

```js
await sdk.connectors.execute({ permalink: "topic", method: "GET", pathParams: { topicID: id } });
```

## Use instead

```js
await sdk.connectors.execute({ permalink: "topic", method: "GET", pathParams: { topicId: id } });
```

## Fix safety

Safe where one parameter is missing and a near key is given in its place: the key is changed. Others are left to you.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from strongroom.text.expressions import expression
from strongroom.text.phrases import joined
from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule

if TYPE_CHECKING:
    # The types of code are read only where there is code to check.
    from strongroom.validator.calls.checked_call import CheckedCall
    from strongroom.widgets.values import Member, Value

_FIELD: Final = "pathParams"
_REFUSED: Final = frozenset(("object", "array", "function", "literal"))
_VALUE: Final = expression(r"(?!.*\.\.|\.\Z)[A-Za-z0-9._~-]{1,200}")


def check(call: "CheckedCall") -> Iterator[PlacedMark]:
    """Mark keys, values, or the option as a whole."""
    member = call.option(_FIELD)
    if not call.exists or call.wrong_kind:
        return
    if call.is_composite:
        if member is not None and member.value.text != "undefined":
            message = "A composite has no path parameters: the SDK refuses the call."
            yield call.mark(message, member.key_span, _FIELD, _remove(call, member))
    elif member is None:
        if not call.options.is_open and (missing := _needed(call)):
            yield call.mark(_missing(call, missing), call.call.name, _FIELD)
    elif member.value.kind == "object":
        yield from _of_object(call, member)
    elif member.value.kind in ("text", "string", "number", "array", "serialised"):
        message = "`pathParams` must be an object: a value for each key."
        yield call.mark(message, call.place_of(member.value), _FIELD)
    elif member.value.text in ("undefined", "null") and (missing := _needed(call)):
        yield call.mark(_missing(call, missing), member.key_span, _FIELD)


def _of_object(call: "CheckedCall", option: "Member") -> Iterator[PlacedMark]:
    given = option.value
    for member in given.members:
        if not member.key.strip():
            yield call.mark("The key of a path parameter is empty.", _key(member), _FIELD)
        for value in member.value.alternatives:
            if reason := _refused(value):
                yield call.mark(f"The path parameter `{member.key}` {reason}.", call.place_of(value), _FIELD)
    missing = [key for key in _needed(call) if given.get(key) is None] if not given.is_open else []
    unknown = [member for member in given.members if _is_unknown(call, member.key)]
    for member in unknown:
        near = nearest(member.key, missing or _declared(call))
        message = f"{call.quoted()} has no path parameter `{member.key}`."
        yield call.mark(
            f"{message} {ask_if_meant(near)}".rstrip(),
            _key(member),
            _FIELD,
            call.rename(member, near[0]) if len(near) == 1 and near[0] in missing else None,
        )
        missing = [key for key in missing if key not in near]
    if missing:
        yield call.mark(_missing(call, missing), option.key_span, _FIELD)


def _declared(call: "CheckedCall") -> list[str]:
    return list(dict.fromkeys(key for found in call.connectors for key in found.path_parameters))


def _needed(call: "CheckedCall") -> list[str]:
    """Return the parameters that every connector needs that the call may reach."""
    if not all(found.is_certain for found in call.connectors):
        return []
    first, *others = [found.needed for found in call.connectors] or [()]
    return [key for key in first if all(key in other for other in others)]


def _is_unknown(call: "CheckedCall", key: str) -> bool:
    is_certain = bool(call.connectors) and all(found.is_certain for found in call.connectors)
    return is_certain and bool(key.strip()) and key not in _declared(call)


def _missing(call: "CheckedCall", keys: list[str]) -> str:
    names = joined([f"`{key}`" for key in keys])
    noun = "path parameter" if len(keys) == 1 else "path parameters"
    return f"{call.quoted()} needs the {noun} {names}."


def _refused(value: "Value") -> str:
    if value.kind in _REFUSED:
        return f"is {value.text}, not a text or number" if value.text else "is not a text or number"
    if value.kind == "text" and not _VALUE.fullmatch(value.text):
        return "may have letters, digits and . _ ~ - only, and must not be empty"
    return ""


def _key(member: "Member") -> tuple[int, int]:
    start, end = member.key_span
    return (start, end) if start < end else (start - 1, end + 1)


def _remove(call: "CheckedCall", member: "Member") -> Fix | None:
    is_empty = member.value.kind == "object" and not member.value.members and not member.value.is_open
    return call.remove(member) if is_empty else None


RULE = Rule("call-path-parameters", Severity.ERROR, __doc__, call=check, has_fix=True)
