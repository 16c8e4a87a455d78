"""Add and remove members and items of JSON in the formatting of the file."""

from collections.abc import Sequence
from typing import Final

from strongroom.document import encode
from strongroom.document.json_values import Value
from strongroom.platform.fields import ROW_LISTS
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression

_LINE_BREAK: Final = expression(r"\r?\n[ \t]*\Z")


def add_member(source: str, owner: Value, name: str, text: str, after: str = "") -> Edit:
    """Add a member with the JSON `text` as its value.

    It comes after the member `after`, or else after the last one.
    """
    member = f'"{name}"{_colon(source, owner)}{text}'
    if not owner.members:
        return Edit(owner.start + 1, owner.start + 1, member)
    value = owner.get(after) or owner.members[-1][1]
    return Edit(value.end, value.end, f",{_separator(source, owner)}{member}")


def remove_member(owner: Value, name: str) -> Edit:
    """Remove a member with its comma and the blanks around it."""
    index = max(at for at, (key, _) in enumerate(owner.members) if key.data == name)
    return _remove(owner, _places(owner), index)


def remove_item(owner: Value, index: int) -> Edit:
    """Remove an item of an array with its comma and the blanks around it."""
    return _remove(owner, [(item.start, item.end) for item in owner.items], index)


def add_item(source: str, like: Value, array: Value, text: str) -> Edit:
    """Add an item with the JSON `text` to the end of an array.

    The blanks around the first item of an array are those in the array `like`.
    """
    if not array.items:
        return Edit(array.start + 1, array.end - 1, surrounded(source, like, text))
    lead = source[array.start + 1 : array.items[0].start]
    end = array.items[-1].end
    return Edit(end, end, f",{lead or ' '}{text}")


def surrounded(source: str, like: Value, text: str) -> str:
    """Return `text` between the blanks that are around the items of the array `like`."""
    lead = source[like.start + 1 : like.items[0].start]
    return f"{lead}{text}{source[like.items[-1].end : like.end - 1]}"


def add_rows(source: str, owner: Value, list_name: str, keys: Sequence[str]) -> Edit | None:
    """Add rows with these keys to a list of rows of `owner`.

    A missing list is made. Return None if a value other than a list is there.
    """
    array = owner.get(list_name)
    if array is None:
        is_tall = "\n" in _before_first(source, owner)
        indent = _separator(source, owner)
        unit = _unit(source, owner)
        rows = [_row(source, owner, key, indent + unit) for key in keys]
        text = (
            f"[{indent}{unit}{f',{indent}{unit}'.join(rows)}{indent}]" if is_tall else f"[{', '.join(rows)}]"
        )
        return add_member(source, owner, list_name, text, after="url")
    if array.kind != "array":
        return None
    if array.items:
        last = array.items[-1]
        between = source[array.start + 1 : array.items[0].start]
        between = between if "\n" in between else " "
        rows = [_row(source, owner, key, between) for key in keys]
        return Edit(last.end, last.end, "".join(f",{between}{row}" for row in rows))
    rows = [_row(source, owner, key, _separator(source, owner)) for key in keys]
    return Edit(array.start + 1, array.start + 1, ", ".join(rows))


def _row(source: str, owner: Value, key: str, indent: str) -> str:
    """Return the text of one row, written as the connector's other rows are.

    `indent` is the line break before it.
    """
    lists = [found for name in ROW_LISTS if (found := owner.get(name)) is not None]
    sample = next((row for rows in lists for row in rows.items if row.members), None)
    member = f'"key": "{encode(key)}"'
    if sample is None:
        return f"{{{member}}}"
    member = f'"key"{_colon(source, sample)}"{encode(key)}"'
    lead = source[sample.start + 1 : sample.members[0][0].start]
    trail = source[sample.members[-1][1].end : sample.end - 1]
    if "\n" not in lead:
        return f"{{{lead}{member}{lead if trail.strip() else trail}}}"
    if "\n" not in indent:
        return f"{{{member}}}"
    return f"{{{indent}{_unit(source, owner)}{member}{indent}}}"


def _before_first(source: str, owner: Value) -> str:
    return source[owner.start + 1 : owner.members[0][0].start] if owner.members else ""


def _separator(source: str, owner: Value) -> str:
    """Return the blanks between two members of an object.

    They are a line break with its indentation, or a space.
    """
    before = _before_first(source, owner)
    line_break = _LINE_BREAK.search(before)
    if line_break is not None:
        return line_break.group()
    if len(owner.members) < 2:
        return " "
    between = source[owner.members[0][1].end : owner.members[1][0].start]
    return " " if between.partition(",")[2] else ""


def _unit(source: str, owner: Value) -> str:
    """Return one level of indentation.

    It is the difference between the members and the closing brace.
    """
    inner = _separator(source, owner).rpartition("\n")[2]
    closing = source[: owner.end - 1]
    outer = closing[len(closing.rstrip(" \t")) :]
    if inner.startswith(outer) and len(inner) > len(outer):
        return inner[len(outer) :]
    return "  "


def _colon(source: str, owner: Value) -> str:
    """Return the colon of the object's members, with the blanks around it."""
    if not owner.members:
        return ": "
    key, value = owner.members[0]
    found = source[key.end : value.start]
    return found if found.strip() == ":" and "\n" not in found else ": "


def _remove(owner: Value, places: list[tuple[int, int]], index: int) -> Edit:
    if len(places) > 1:
        return _without(places, index, is_first=index == 0)
    # The only item: a trailing comma goes with it.
    return Edit(owner.start + 1, owner.end - 1, "")


def _without(places: list[tuple[int, int]], index: int, *, is_first: bool) -> Edit:
    """Remove one of several items. `is_first` says that no item before it stays."""
    start, end = places[index]
    if is_first:
        return Edit(start, places[index + 1][0], "")
    # Begin at the end of the item before: its comma and the line break go too, and the text after the item stays.
    return Edit(places[index - 1][1], end, "")


def move_members(source: str, owner: Value, names: Sequence[str], into: str) -> tuple[Edit, ...]:
    """Move members of an object, as they are written, into its member `into`.

    A missing member `into` is made. Each moved member keeps its own text; only the blanks between members are new.
    """
    moved = [(key, value) for key, value in owner.members if key.data in names]
    target = owner.get(into)
    separator = _separator(source, owner)
    texts = [source[key.start : value.end] for key, value in moved]
    kept = [index for index, (key, _) in enumerate(owner.members) if key.data not in names]
    places = _places(owner)
    edits = [
        _without(places, index, is_first=index < kept[0])
        for index, (key, _) in enumerate(owner.members)
        if key.data in names
    ]
    if target is not None:
        if target.members:
            between = _separator(source, target)
            at = target.members[-1][1].end
            return (*edits, Edit(at, at, "".join(f",{between}{text}" for text in texts)))
        return (*edits, Edit(target.start + 1, target.start + 1, ", ".join(texts)))
    if "\n" in separator:
        inner = separator + _unit(source, owner)
        made = f"{{{inner}{f',{inner}'.join(texts)}{separator}}}"
    else:
        made = "{" + ", ".join(texts) + "}"
    at = owner.members[kept[-1]][1].end
    return (*edits, Edit(at, at, f',{separator}"{into}"{_colon(source, owner)}{made}'))


def _places(owner: Value) -> list[tuple[int, int]]:
    return [(key.start, value.end) for key, value in owner.members]
