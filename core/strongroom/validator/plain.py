"""Show the decoded data of a connector to rules.

The data are dicts, lists, texts, numbers, booleans and None.
"""

from collections.abc import Collection
from typing import Any, Final

from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path, StringValue, Value


class DamagedText(str):
    """Mark a string that was read around a mistake.

    Its text may not be the one that was meant.
    """

    __slots__ = ()


def plain(fragment: Fragment) -> tuple[dict[str, Any], Collection[Path]]:
    """Return a connector's data with damaged texts marked, and its bare words' paths.

    The values that bare words should have been are not known.
    """
    if fragment.is_sound:
        return fragment.data, ()
    words: list[Path] = []
    return _plain(fragment.root, (), words), words


def _plain(value: Value, path: Path, words: list[Path]) -> Any:
    if value.kind == "object":
        # If a key is there twice, the last member counts, as for JSON readers.
        members = {key.data: member for key, member in value.members}
        return {name: _plain(member, (*path, name), words) for name, member in members.items()}
    if value.kind == "array":
        return [_plain(item, (*path, index), words) for index, item in enumerate(value.items)]
    if value.kind == "word":
        words.append(path)
    is_damaged = isinstance(value, StringValue) and value.is_damaged
    return DamagedText(value.data) if is_damaged else value.data


_KINDS: Final = {
    dict: "object",
    list: "array",
    str: "string",
    DamagedText: "string",
    int: "number",
    float: "number",
    bool: "literal",
    type(None): "literal",
}


def kind_of(data: object) -> str:
    """Return the kind of JSON value that decodes to `data`.

    A literal is true, false or null.
    """
    return _KINDS[type(data)]


def sound_text(data: object) -> str | None:
    """Return `data` if it is a sound string."""
    return data if type(data) is str else None
