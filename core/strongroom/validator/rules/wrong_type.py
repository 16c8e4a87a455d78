"""A field has the wrong JSON type.

## What it does

Compares each known field with the type that the platform expects: `headers` is an array of
`{"key": ..., "value": ...}` objects, `request_body` is a string, `overridable` is `true` or `false`.

In `authentication.config`, `claims`, `jwt_headers` and `additional_claims` are objects, `token_ttl` is an integer, and
all else is text. `claims` holds at least one claim.

`null` in an optional field is accepted, and so are numbers and booleans as the `value` of a row.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": {"Accept": "application/json"}
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "Accept", "value": "application/json"}]
}
```

## Fix safety

Safe where only one value can have been meant: an object of strings becomes rows, `"true"` becomes `true`, and
`"3600"` as a `token_ttl` becomes `3600`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.document import Document
from strongroom.document.json_values import Path, Value, label_of, pointer_of
from strongroom.document.template_nodes import has_tags
from strongroom.platform.authentication import ConfigField
from strongroom.platform.fields import REGISTRY_FIELDS, ROW_LISTS
from strongroom.text.expressions import expression
from strongroom.validator.editing import write_as_rows, write_literal
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, PlacedMark, Proposal
from strongroom.validator.parts import Authentication, CheckedConnector, Part
from strongroom.validator.plain import kind_of, sound_text
from strongroom.validator.rule import Context, Rule

_DIGITS: Final = expression(r"[1-9][0-9]{0,9}")
_EXPECTED: Final[Mapping[str, str]] = {
    "string": "text in double quotes",
    "array": "an array",
    "object": "an object",
    "boolean": "`true` or `false`",
    "scalar": "text in double quotes",
    "integer": "an integer",
}
_FOUND: Final[Mapping[str, str]] = {
    "object": "an object",
    "array": "an array",
    "string": "text",
    "number": "a number",
}


def check(part: Part, _context: Context) -> Iterator[Mark]:
    """Mark the value."""
    for name, value in part.data.items():
        fact = part.facts.get(name)
        if fact is None or fact.type == kind_of(value) or _fits(fact.type, value, required=fact.required):
            continue
        if (*part.path, name) not in part.words:
            message = f"`{name}` must be {_EXPECTED[fact.type]}, not {_describe(kind_of(value), value)}."
            yield part.mark(message, name, proposals=tuple(_proposals(part, name, fact.type)))


def check_config(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark a value in a config.

    A template in the place of an object or an integer is not judged: every value may be one.
    """
    known, config = authentication.known, authentication.config
    if known is None or config is None:
        return
    for name, value in config.data.items():
        fact = known.fields.get(name)
        if fact is None or value is None or (*config.path, name) in config.words:
            continue
        if not _fits_config(fact, value):
            message = f"`{name}` must be {_EXPECTED[fact.type]}, not {_describe(kind_of(value), value)}."
            yield config.mark(message, name, proposals=tuple(_integer(fact, value)))
        elif fact.must_hold_one and value == {} and not config.is_damaged:
            yield config.mark(f"`{name}` must hold at least one member.", name)


def _fits_config(fact: ConfigField, value: object) -> bool:
    kind = kind_of(value)
    if fact.type == "string":
        # Numbers in these fields have rules of their own.
        return kind == "string" or (kind == "number" and (fact.is_credential or bool(fact.allowed)))
    if kind == "string":
        return has_tags(str(value)) or not sound_text(value)
    return type(value) is int if fact.type == "integer" else kind == fact.type


def _integer(fact: ConfigField, value: object) -> Iterator[Proposal]:
    if fact.type == "integer" and isinstance(value, str) and _DIGITS.fullmatch(value):
        yield Proposal("Remove the quotes", (write_literal(value),), True)


def check_items(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark elements of lists that must be objects."""
    for request in connector.requests:
        for name in ("steps",) if request.is_composite else ROW_LISTS:
            items = request.data.get(name)
            for index, item in enumerate(items if type(items) is list else ()):
                if type(item) is not dict and (*request.path, name, index) not in request.words:
                    message = (
                        f"Each element of `{name}` must be an object, not {_describe(kind_of(item), item)}."
                    )
                    yield request.mark(message, name, index)


def _fits(expected: str, value: object, *, required: bool) -> bool:
    if value is None:
        return not required
    kind = kind_of(value)
    if expected == "scalar":
        return kind not in ("object", "array")
    if expected == "boolean":
        return kind == "literal"
    return kind == expected


def _describe(kind: str, data: object) -> str:
    if kind == "literal":
        return f"`{'null' if data is None else str(data).lower()}`"
    return _FOUND.get(kind, "this")


def _proposals(part: Part, name: str, expected: str) -> Iterator[Proposal]:
    value = part.data[name]
    if expected == "boolean" and value in ("true", "false"):
        yield Proposal("Remove the quotes", (write_literal(value),), True)
    if name in ROW_LISTS and type(value) is dict and not part.is_damaged:
        yield Proposal("Write it as rows", (write_as_rows,), True)


def check_file(document: Document) -> Iterator[PlacedMark]:
    """Mark mistakes around the connectors."""
    root = document.root
    if root is None:
        return
    if root.kind not in ("object", "array", "word"):
        what = "A connector file must hold an object with `connectors`"
        yield _mark(root, what, ())
    yield from _elements(root, "A connector must be an object", ())
    for key, value in root.members:
        name = key.data
        if name in REGISTRY_FIELDS:
            if value.kind not in ("array", "word"):
                yield _mark(value, f"`{name}` must be an array", (name,))
            yield from _elements(value, f"Each element of `{name}` must be an object", (name,))


def _elements(array: Value, what: str, path: Path) -> Iterator[PlacedMark]:
    for index, item in enumerate(array.items):
        if item.kind not in ("object", "word"):
            yield _mark(item, what, (*path, index))


def _mark(value: Value, what: str, path: Path) -> PlacedMark:
    message = f"{what}, not {_describe(value.kind, value.data)}."
    label = "" if path and isinstance(path[0], int) else label_of(path)
    return PlacedMark(value.start, value.end, message, pointer=pointer_of(path), field=label)


RULE = Rule(
    "wrong-type",
    Severity.ERROR,
    __doc__,
    part=check,
    authentication=check_config,
    connector=check_items,
    document=check_file,
    has_fix=True,
)
