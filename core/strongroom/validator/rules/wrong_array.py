"""A composite connector is among the connectors, or a connector among the composites.

## What it does

Finds an element of `connectors` that has `steps` and no `url`, and an element of `composite_connectors` that has a
`url` and no `steps`.

## Why it is bad

The array decides what an element is. The platform finds no `url`, or no `steps`, and refuses the whole file.

## Example

```json
{
  "connectors": [
    {"name": "Weather here", "steps": [{"name": "find-place", "url": "https://api.example.com/place"}]}
  ]
}
```

## Use instead

```json
{
  "connectors": [],
  "composite_connectors": [
    {"name": "Weather here", "steps": [{"name": "find-place", "url": "https://api.example.com/place"}]}
  ]
}
```

## Fix safety

Safe: the element is moved to the end of the other array as it is written. The array is made if it is missing.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document import Document
from strongroom.document.json_values import Value
from strongroom.text.edits import Edit
from strongroom.validator.editing import add_item, add_member, remove_child, surrounded
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.placing import inside, key_at
from strongroom.validator.rule import Rule


class _Misplaced(NamedTuple):
    """Describe the elements of an array that belong in the other one: what they have, lack and are."""

    has: str
    without: str
    other: str
    noun: str


_ARRAYS: Final = {
    "connectors": _Misplaced("steps", "url", "composite_connectors", "composite connector"),
    "composite_connectors": _Misplaced("url", "steps", "connectors", "standard connector"),
}


def check(document: Document) -> Iterator[PlacedMark]:
    """Mark the key that tells what the element is."""
    for fragment, base, pointer in document.placed:
        wrong = _ARRAYS.get(fragment.key)
        if (
            wrong is None
            or fragment.is_damaged
            or wrong.has not in fragment.data
            or wrong.without in fragment.data
        ):
            continue
        start, end = inside(key_at(fragment, (wrong.has,)))
        message = (
            f"This is a {wrong.noun}, because it has `{wrong.has}` and no `{wrong.without}`: "
            f"move it to `{wrong.other}`."
        )
        edits = _move(document, fragment.key, base, wrong.other)
        fixes = (Fix(f"Move it to {wrong.other}", edits, is_safe=True),) if edits else ()
        yield PlacedMark(
            base + start, base + end, message, fixes, pointer=f"{pointer}/{wrong.has}", field=wrong.has
        )


def _move(document: Document, array: str, base: int, other: str) -> tuple[Edit, ...]:
    """Return the edits that move the element at `base`; none if the file is not sound."""
    root, text = document.root, document.text
    if root is None or document.problems or len(root.members) != len({key.data for key, _ in root.members}):
        return ()
    source, target = root.get(array), root.get(other)
    index = next((at for at, item in enumerate(source.items) if item.start == base), -1) if source else -1
    if source is None or index < 0 or (target is not None and target.kind != "array"):
        return ()
    moved: Value = source.items[index]
    written = text[moved.start : moved.end]
    if target is None:
        added = add_member(text, root, other, f"[{surrounded(text, source, written)}]", after=array)
    else:
        added = add_item(text, source, target, written)
    return tuple(sorted((remove_child(source, index), added)))


RULE = Rule("wrong-array", Severity.ERROR, __doc__, document=check, has_fix=True)
