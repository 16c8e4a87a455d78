"""A key appears twice in an object, or in two rows of a list.

## What it does

Finds JSON objects in which a key occurs more than once, and headers, query parameters or path parameters of
which two rows have the same `key`.

## Why it is bad

Of two equal keys in an object only the last one counts: the other value is silently lost. Keys of rows
must be unique, or the platform refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [
    {"key": "Accept", "value": "application/json"},
    {"key": "Accept", "value": "text/plain"}
  ]
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

Safe where the two are equal to the letter: the second one is removed. Otherwise there is no fix.
"""

from collections.abc import Iterator

from strongroom.document import Document
from strongroom.document.json_values import StringValue, Value, pointer_part
from strongroom.validator.editing import remove_row
from strongroom.validator.findings import Related, Severity
from strongroom.validator.marks import Mark, PlacedMark, Proposal
from strongroom.validator.parts import CheckedConnector, Row
from strongroom.validator.placing import inside
from strongroom.validator.rule import Context, Rule


def check(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark the key of the later row; the earlier one is related."""
    for request in connector.requests:
        seen: dict[tuple[str, str], Row] = {}
        for row in request.rows:
            key = row.text("key")
            if not key:
                continue
            earlier = seen.setdefault((row.list_name, key), row)
            if earlier is not row:
                yield _repeated_row(earlier, row, key)


def _repeated_row(earlier: Row, row: Row, key: str) -> Mark:
    change = remove_row(like=earlier.index)
    return row.mark(
        f"`{key}` already has a row in `{row.list_name}`.",
        "key",
        proposals=(Proposal("Remove the repeated row", (change,), True),),
        related=(Mark("The first row is here.", (*earlier.path, "key")),),
    )


def check_file(document: Document) -> Iterator[PlacedMark]:
    """Mark the later of two equal keys of one object; the earlier one is related."""
    for fragment, base, pointer in document.placed:
        if not fragment.is_sound:  # a sound one has no key twice
            yield from _in_objects(fragment.root, base, pointer)
    root = document.root
    if root is not None and root.members and not document.is_one_connector:
        yield from _repeated_keys(root, 0, "")


def _in_objects(root: Value, base: int, pointer: str) -> Iterator[PlacedMark]:
    waiting = [(root, pointer)]
    while waiting:
        value, at = waiting.pop()
        if len(value.members) != len(value.data if value.members else ()):
            yield from _repeated_keys(value, base, at)
        for key, member in value.members:
            if member.members or member.items:
                waiting.append((member, at + pointer_part(key.data)))
        for index, item in enumerate(value.items):
            if item.members or item.items:
                waiting.append((item, f"{at}/{index}"))


def _repeated_keys(value: Value, base: int, pointer: str) -> Iterator[PlacedMark]:
    first: dict[str, StringValue] = {}
    for key, _ in value.members:
        earlier = first.setdefault(key.data, key)
        if earlier is not key:
            start, end = inside(key)
            first_start, first_end = inside(earlier)
            yield PlacedMark(
                base + start,
                base + end,
                f"The key `{key.data}` is already in this object; only the last value counts.",
                related=(Related("The first one is here.", base + first_start, base + first_end),),
                pointer=pointer + pointer_part(key.data),
                field=key.data,
            )


RULE = Rule("duplicate-key", Severity.ERROR, __doc__, connector=check, document=check_file, has_fix=True)
