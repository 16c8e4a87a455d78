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

from strongroom.document import Connector, Document
from strongroom.document.json_values import StringValue, Value, pointer_part
from strongroom.validator.editing import remove_item
from strongroom.validator.findings import Fix, Related, Severity
from strongroom.validator.outline import Outline, Row, inside, outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the later key; the earlier one is related."""
    if not connector.fragment.is_sound:  # a sound one has no key twice
        yield from _in_objects(connector.value)
    for outline in outlines(connector):
        seen: dict[tuple[str, str], Row] = {}
        for row in outline.rows:
            key = row.part.text("key")
            if key is None or not key.data:
                continue
            earlier = seen.setdefault((row.list_name, key.data), row)
            if earlier is not row:
                yield _row(outline, earlier, row, key)


def _row(outline: Outline, earlier: Row, row: Row, key: StringValue) -> Mark:
    source = outline.source
    fixes: tuple[Fix, ...] = ()
    one, other = earlier.part.value, row.part.value
    if source[one.start : one.end] == source[other.start : other.end]:
        array = outline.members[row.list_name][1]
        fixes = (Fix("Remove the repeated row", (remove_item(source, array, row.position),), True),)
    message = f"`{key.data}` already has a row in `{row.list_name}`."
    first = earlier.part.members["key"][1]
    related = (Related("The first row is here.", *inside(first)),)
    return outline.mark(key, message, row.part, "key", fixes, related=related)


def _in_objects(root: Value) -> Iterator[Mark]:
    waiting = [(root, "")]
    while waiting:
        value, pointer = waiting.pop()
        if value.members:
            if len(value.members) != len(value.data):
                yield from _repeated(value, pointer)
            for key, member in value.members:
                if member.members or member.items:
                    waiting.append((member, pointer + pointer_part(key.data)))
        for index, item in enumerate(value.items):
            if item.members or item.items:
                waiting.append((item, f"{pointer}/{index}"))


def _repeated(value: Value, pointer: str) -> Iterator[Mark]:
    first: dict[str, StringValue] = {}
    for key, _ in value.members:
        earlier = first.setdefault(key.data, key)
        if earlier is not key:
            message = f"The key `{key.data}` is already in this object; only the last value counts."
            related = (Related("The first one is here.", *inside(earlier)),)
            yield Mark(*inside(key), message, (), related, {}, pointer + pointer_part(key.data), key.data)


def check_file(document: Document, _context: Context) -> Iterator[Mark]:
    """Marks keys that stand twice around the connectors."""
    root = document.root
    if root is not None and root.members and not document.is_one_connector:
        yield from _repeated(root, "")


RULE = Rule("duplicate-key", Severity.ERROR, __doc__, connector=check, outside=check_file, has_fix=True)
