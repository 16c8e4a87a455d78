"""Make the changes that rules propose: of texts, keys, members, items and rows."""

from typing import NamedTuple

from strongroom.document import encode
from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path
from strongroom.text.edits import Edit
from strongroom.validator import editing
from strongroom.validator.placing import inside, key_at, stretch


class ChangeText(NamedTuple):
    """Put `new` in the place of text[start:end] of the marked string.

    All of these are decoded.
    """

    start: int
    end: int
    new: str

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edit, with JSON's escapes."""
        return (Edit(*stretch(fragment, path, (self.start, self.end)), encode(self.new)),)


class RenameKey(NamedTuple):
    """Give the marked member another key."""

    new: str

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edit of the key's text."""
        return (Edit(*inside(key_at(fragment, path)), encode(self.new)),)


class WriteLiteral(NamedTuple):
    """Put a JSON literal in the place of the marked value."""

    literal: str

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edit of the whole value."""
        value = fragment.root.at(path)
        return (Edit(value.start, value.end, self.literal),)


class RemoveMember(NamedTuple):
    """Remove the marked member."""

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edit, which also removes the comma and the blanks."""
        return (editing.remove_member(fragment.root.at(path[:-1]), str(path[-1])),)


class RemoveItem(NamedTuple):
    """Remove the item `at` of the array at `array`, which must be written like the item at `like` if that is given."""

    array: Path
    at: int
    like: int | None = None

    def edits(self, fragment: Fragment, _path: Path) -> tuple[Edit, ...]:
        """Return the edit, which also removes the comma and the blanks; none if the item is written otherwise."""
        array, text = fragment.root.at(self.array), fragment.source
        item, like = array.items[self.at], array.items[self.at if self.like is None else self.like]
        if text[item.start : item.end] != text[like.start : like.end]:
            return ()
        return (editing.remove_item(array, self.at),)


class MoveMembers(NamedTuple):
    """Move members of the object at `owner` into its member `into`.

    A missing member `into` is made.
    """

    owner: Path
    names: tuple[str, ...]
    into: str

    def edits(self, fragment: Fragment, _path: Path) -> tuple[Edit, ...]:
        """Return the edits; none if the object has a key twice."""
        owner = fragment.root.at(self.owner)
        if len(owner.members) != len(owner.data):
            return ()
        return editing.move_members(fragment.source, owner, self.names, self.into)


class AddRows(NamedTuple):
    """Add rows with these keys to a list of rows.

    The list is one of the connector or step at `owner`.
    """

    owner: Path
    list_name: str
    keys: tuple[str, ...]

    def edits(self, fragment: Fragment, _path: Path) -> tuple[Edit, ...]:
        """Return the edit; none if a value other than a list is there."""
        edit = editing.add_rows(fragment.source, fragment.root.at(self.owner), self.list_name, self.keys)
        return () if edit is None else (edit,)


class WriteAsRows(NamedTuple):
    """Write the members of the marked object as rows with `key` and `value`."""

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edit of the whole object; none if a member is not a text."""
        value, text = fragment.root.at(path), fragment.source
        if any(member.kind != "string" for _, member in value.members):
            return ()
        rows = ", ".join(
            f'{{"key": {text[key.start : key.end]}, "value": {text[member.start : member.end]}}}'
            for key, member in value.members
        )
        return (Edit(value.start, value.end, f"[{rows}]"),)
