"""A field has the wrong JSON type.

## What it does

Compares each known field with the type that the platform expects: `headers` is an array of
`{"key": ..., "value": ...}` objects, `request_body` is a string, `overridable` is `true` or `false`.

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

Safe where only one value can have been meant: an object of strings becomes rows, `"true"` becomes `true`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.document import Connector, Document
from strongroom.document.json_values import Value
from strongroom.platform.fields import REGISTRY_FIELDS
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import ROW_LISTS, Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule

_EXPECTED: Final[Mapping[str, str]] = {
    "string": "text in double quotes",
    "array": "an array",
    "object": "an object",
    "boolean": "`true` or `false`",
    "scalar": "text in double quotes",
}
_FOUND: Final[Mapping[str, str]] = {
    "object": "an object",
    "array": "an array",
    "string": "text",
    "number": "a number",
}


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the value."""
    for outline in outlines(connector):
        for part in outline.parts:
            for name, (_, value) in part.members.items():
                fact = part.facts.get(name)
                if fact is None or fact.type == value.kind:
                    continue
                if _fits(fact.type, value, required=fact.required):
                    continue
                message = f"`{name}` must be {_EXPECTED[fact.type]}, not {_describe(value)}."
                yield outline.mark(value, message, part, name, _fixes(outline, name, fact.type, value))
        yield from _items(outline)


def _items(outline: Outline) -> Iterator[Mark]:
    """Elements of lists that must be objects."""
    names = ("steps",) if outline.connector.is_composite else tuple(ROW_LISTS)
    for name in names:
        found = outline.members.get(name)
        for index, item in enumerate(found[1].items if found is not None else ()):
            if item.kind not in ("object", "word"):
                message = f"Each element of `{name}` must be an object, not {_describe(item)}."
                yield outline.mark(item, message, outline.part, f"{name}/{index}")


def _fits(expected: str, value: Value, *, required: bool) -> bool:
    kind = value.kind
    if kind == "word":
        return True
    if kind == "literal" and value.data is None:
        return not required
    if expected == "scalar":
        return kind not in ("object", "array")
    if expected == "boolean":
        return kind == "literal"
    return kind == expected


def _describe(value: Value) -> str:
    if value.kind == "literal":
        return f"`{_LITERALS[value.data]}`"
    return _FOUND.get(value.kind, "this")


_LITERALS: Final[Mapping[object, str]] = {True: "true", False: "false", None: "null"}


def _fixes(outline: Outline, name: str, expected: str, value: Value) -> tuple[Fix, ...]:
    if expected == "boolean" and value.data in ("true", "false"):
        return (Fix("Remove the quotes", (Edit(value.start, value.end, value.data),), True),)
    is_mapping = name in ROW_LISTS and value.kind == "object" and not outline.is_damaged
    if is_mapping and all(member.kind == "string" for _, member in value.members):
        source = outline.source
        rows = ", ".join(
            f'{{"key": {source[key.start : key.end]}, "value": {source[text.start : text.end]}}}'
            for key, text in value.members
        )
        return (Fix("Write it as rows", (Edit(value.start, value.end, f"[{rows}]"),), True),)
    return ()


def check_file(document: Document, _context: Context) -> Iterator[Mark]:
    """Marks what is wrong around the connectors. Called by the document's part of this rule."""
    root = document.root
    if root is None:
        return
    if root.kind not in ("object", "array", "word"):
        message = f"A connector file must hold an object with `connectors`, not {_describe(root)}."
        yield Mark(root.start, root.end, message, pointer="")
    for index, item in enumerate(root.items):
        if item.kind not in ("object", "word"):
            message = f"A connector must be an object, not {_describe(item)}."
            yield Mark(item.start, item.end, message, pointer=f"/{index}")
    for key, value in root.members:
        if key.data not in REGISTRY_FIELDS:
            continue
        if value.kind not in ("array", "word"):
            yield Mark(
                value.start,
                value.end,
                f"`{key.data}` must be an array, not {_describe(value)}.",
                pointer=f"/{key.data}",
                field=key.data,
            )
        for index, item in enumerate(value.items):
            if item.kind not in ("object", "word"):
                yield Mark(
                    item.start,
                    item.end,
                    f"Each element of `{key.data}` must be an object, not {_describe(item)}.",
                    pointer=f"/{key.data}/{index}",
                    field=f"{key.data}[{index}]",
                )


RULE = Rule("wrong-type", Severity.ERROR, __doc__, connector=check, outside=check_file, has_fix=True)
