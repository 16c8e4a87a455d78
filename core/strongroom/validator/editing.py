"""Edit JSON, and make the changes that rules propose, in the file's formatting."""

from collections.abc import Iterable, Sequence
from typing import Final

from strongroom.document import encode
from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path, Value
from strongroom.platform.fields import ROW_LISTS
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.validator.marks import MakeEdits
from strongroom.validator.placing import inside, key_at

_LINE_BREAK: Final = expression(r"\r?\n[ \t]*\Z")


def rename_key(new: str) -> MakeEdits:
    """Give the marked member another key."""
    return lambda fragment, path: [Edit(*inside(key_at(fragment, path)), encode(new))]


def write_literal(literal: str) -> MakeEdits:
    """Put a JSON literal in the place of the marked value."""

    def edits(fragment: Fragment, path: Path) -> Sequence[Edit]:
        value = fragment.root.at(path)
        return [Edit(value.start, value.end, literal)]

    return edits


def write_as_rows(fragment: Fragment, path: Path) -> Sequence[Edit]:
    """Write the members of the marked object as rows; impossible if one is not a text."""
    owner, text = fragment.root.at(path), fragment.source
    if any(value.kind != "string" for _, value in owner.members):
        return []
    rows = [
        f'{{"key": {text[key.start : key.end]}, "value": {text[value.start : value.end]}}}'
        for key, value in owner.members
    ]
    return [Edit(owner.start, owner.end, f"[{', '.join(rows)}]")]


def remove_member(fragment: Fragment, path: Path) -> Sequence[Edit]:
    """Remove the marked member; of two with its key it is the last one."""
    members = fragment.root.at(path[:-1]).members
    index = max(at for at, (key, _) in enumerate(members) if key.data == path[-1])
    return [remove_child(fragment.root.at(path[:-1]), index)]


def remove_row(like: int | None = None) -> MakeEdits:
    """Remove the row with the marked member.

    The change is impossible if the row is not written like the row `like` of its list.
    """

    def edits(fragment: Fragment, path: Path) -> Sequence[Edit]:
        rows, text, index = fragment.root.at(path[:-2]), fragment.source, int(path[-2])
        row, other = rows.items[index], rows.items[index if like is None else like]
        is_alike = text[row.start : row.end] == text[other.start : other.end]
        return [remove_child(rows, index)] if is_alike else []

    return edits


def move_members(names: Sequence[str], into: str) -> MakeEdits:
    """Move members of the object with the marked member into its member `into`.

    A missing member `into` is made. Each moved member keeps its own text; only the blanks between members are new. The
    change is impossible if the object has a key twice.
    """

    def edits(fragment: Fragment, path: Path) -> Sequence[Edit]:
        source, owner = fragment.source, fragment.root.at(path[:-1])
        if len(owner.members) != len(owner.data):
            return []
        places, target = _children(owner), owner.get(into)
        moved = [at for at, (key, _) in enumerate(owner.members) if key.data in names]
        last, *earlier = sorted(set(range(len(places))).difference(moved), reverse=True)
        first = earlier[-1] if earlier else last
        removed = [_without(places, at, is_first=at < first) for at in moved]
        texts = [source[slice(*places[at])] for at in moved]
        if target is None:
            made = _block("{}", texts, _separator(source, owner), _unit(source, owner))
            return [*removed, add_member(source, owner, into, made, after=owner.members[last][0].data)]
        if not target.members:
            return [*removed, Edit(target.start + 1, target.start + 1, ", ".join(texts))]
        at, between = target.members[-1][1].end, _separator(source, target)
        return [*removed, Edit(at, at, "".join(f",{between}{text}" for text in texts))]

    return edits


def add_rows(list_name: str, keys: Sequence[str]) -> MakeEdits:
    """Add rows with these keys to a list of the object with the marked member.

    A missing list is made. The change is impossible if a value other than a list is there.
    """

    def edits(fragment: Fragment, path: Path) -> Sequence[Edit]:
        source, owner = fragment.source, fragment.root.at(path[:-1])
        rows, outer = owner.get(list_name), _separator(source, owner)
        if rows is None:
            unit = _unit(source, owner)
            made = _block("[]", _rows(source, owner, keys, outer + unit), outer, unit)
            return [add_member(source, owner, list_name, made, after="url")]
        if rows.kind != "array":
            return []
        if not rows.items:
            return [Edit(rows.start + 1, rows.start + 1, ", ".join(_rows(source, owner, keys, outer)))]
        lead, _ = _around(source, rows)
        between = lead if "\n" in lead else " "
        added = "".join(f",{between}{row}" for row in _rows(source, owner, keys, between))
        return [Edit(rows.items[-1].end, rows.items[-1].end, added)]

    return edits


def add_member(source: str, owner: Value, name: str, text: str, after: str = "") -> Edit:
    """Add a member with the JSON `text` as its value.

    It comes after the member `after`, or else after the last one.
    """
    member = f'"{name}"{_colon(source, owner)}{text}'
    if not owner.members:
        return Edit(owner.start + 1, owner.start + 1, member)
    value = owner.get(after) or owner.members[-1][1]
    return Edit(value.end, value.end, f",{_separator(source, owner)}{member}")


def add_item(source: str, like: Value, array: Value, text: str) -> Edit:
    """Add an item with the JSON `text` to the end of an array.

    The blanks around the first item of an array are those in the array `like`.
    """
    if not array.items:
        return Edit(array.start + 1, array.end - 1, surrounded(source, like, text))
    end = array.items[-1].end
    return Edit(end, end, f",{_around(source, array)[0] or ' '}{text}")


def surrounded(source: str, like: Value, text: str) -> str:
    """Return `text` between the blanks that are around the items of the array `like`."""
    lead, trail = _around(source, like)
    return f"{lead}{text}{trail}"


def remove_child(owner: Value, index: int) -> Edit:
    """Remove a member or an item with its comma and the blanks around it."""
    places = _children(owner)
    if len(places) > 1:
        return _without(places, index, is_first=index == 0)
    # The only one: a trailing comma goes with it.
    return Edit(owner.start + 1, owner.end - 1, "")


def _without(places: Sequence[tuple[int, int]], index: int, *, is_first: bool) -> Edit:
    """Remove one of several members or items.

    `is_first` says that no member or item before it stays.
    """
    if is_first:
        return Edit(places[index][0], places[index + 1][0], "")
    # Begin at the end of the one before: its comma and the line break go too, and the text after this one stays.
    return Edit(places[index - 1][1], places[index][1], "")


def _children(owner: Value) -> list[tuple[int, int]]:
    """Return the places of the members of an object, or of the items of an array."""
    return [(key.start, value.end) for key, value in owner.members] or [
        (item.start, item.end) for item in owner.items
    ]


def _around(source: str, owner: Value) -> tuple[str, str]:
    """Return the blanks before the first member or item, and the text after the last."""
    places = _children(owner)
    if not places:
        return "", ""
    return source[owner.start + 1 : places[0][0]], source[places[-1][1] : owner.end - 1]


def _rows(source: str, owner: Value, keys: Iterable[str], indent: str) -> list[str]:
    """Return the texts of rows, written as the connector's other rows are.

    `indent` is the line break before each.
    """
    lists = [found for name in ROW_LISTS if (found := owner.get(name)) is not None]
    sample = next((row for rows in lists for row in rows.items if row.members), None)
    if sample is None:
        return [f'{{"key": "{encode(key)}"}}' for key in keys]
    members = [f'"key"{_colon(source, sample)}"{encode(key)}"' for key in keys]
    lead, trail = _around(source, sample)
    if "\n" in lead:
        return [_block("{}", [member], indent, _unit(source, owner)) for member in members]
    return [f"{{{lead}{member}{lead if trail.strip() else trail}}}" for member in members]


def _block(brackets: str, parts: Sequence[str], outer: str, unit: str) -> str:
    """Return an object or array of parts, on own lines if `outer` is a line break."""
    if "\n" not in outer:
        return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
    inner = outer + unit
    return f"{brackets[0]}{inner}{f',{inner}'.join(parts)}{outer}{brackets[1]}"


def _separator(source: str, owner: Value) -> str:
    """Return the blanks between two members: an indented line break, or a space."""
    line_break = _LINE_BREAK.search(_around(source, owner)[0])
    if line_break is not None:
        return line_break.group()
    if len(owner.members) < 2:
        return " "
    between = source[owner.members[0][1].end : owner.members[1][0].start]
    return " " if between.partition(",")[2] else ""


def _unit(source: str, owner: Value) -> str:
    """Return one level of indentation: the members' less the closing brace's."""
    inner = _separator(source, owner).rpartition("\n")[2]
    closing = source[: owner.end - 1]
    outer = closing[len(closing.rstrip(" \t")) :]
    return inner[len(outer) :] if inner.startswith(outer) and len(inner) > len(outer) else "  "


def _colon(source: str, owner: Value) -> str:
    """Return the colon of the object's members, with the blanks around it."""
    if not owner.members:
        return ": "
    key, value = owner.members[0]
    found = source[key.end : value.start]
    return found if found.strip() == ":" and "\n" not in found else ": "
