"""Rename a name in a names file, for some of its communities."""

from collections.abc import Collection

from strongroom.document import encode
from strongroom.document.json_reader import read_json
from strongroom.document.json_values import StringValue, Value
from strongroom.text.edits import Edit


def edits_in_names(text: str, communities: Collection[str], old: str, new: str) -> tuple[Edit, ...]:
    """Return the edits that rename `old` in the lists of these communities.

    There is none in a list that has `new` already.
    """
    root = read_json(text).root
    lists = root.get("communities") if root is not None else None
    if lists is None:
        return ()
    found = []
    for community in communities:
        places = _names(lists.get(community))
        if new == old or not any(place.data == new for place in places):
            found += [
                Edit(place.inner_start, place.inner_end, encode(new)) for place in places if place.data == old
            ]
    return tuple(sorted(found))


def _names(entries: Value | None) -> list[StringValue]:
    if entries is None or entries.kind != "array":
        return []
    names = (entry.get("name") for entry in entries.items)
    return [name for name in names if isinstance(name, StringValue)]
