"""Find the permalinks of a file's connectors."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from strongroom.document import Document
from strongroom.document.connector import Fragment
from strongroom.document.json_values import StringValue
from strongroom.text.slugs import certain_slug
from strongroom.validator.placing import inside


class Key(NamedTuple):
    """Identify a connector: composites have permalinks of their own (PLATFORM §4)."""

    is_composite: bool
    permalink: str


class Identity(NamedTuple):
    """Hold a connector's key, and the place and field that give the permalink.

    The field is `permalink`, or else `name`.
    """

    key: Key
    start: int
    end: int
    pointer: str
    field: str


def identities(document: Document, among: Collection[Key]) -> Iterator[Identity]:
    """Yield the identities of those connectors of a file whose key is `among` these."""
    for fragment, base, pointer in document.placed if among else ():
        key = key_of(fragment)
        if key is None or key not in among:
            continue
        field = "permalink" if fragment.text_of("permalink") == key.permalink else "name"
        value = fragment.root.get(field)
        assert value is not None  # the key comes from it
        start, end = inside(value)
        yield Identity(key, base + start, base + end, f"{pointer}/{field}", field)


def keys(document: Document) -> list[Key]:
    """Return the certain keys of a file's connectors."""
    return [key for fragment, _, _ in document.placed if (key := key_of(fragment)) is not None]


def key_of(fragment: Fragment) -> Key | None:
    """Return the key of a connector; None if its permalink is not certain."""
    data = fragment.data
    permalink = data.get("permalink")
    if isinstance(permalink, str) and permalink and not _is_damaged(fragment, "permalink"):
        return Key(fragment.is_composite, permalink)
    name = data.get("name")
    if isinstance(name, str) and not _is_damaged(fragment, "name") and (permalink := certain_slug(name)):
        return Key(fragment.is_composite, permalink)
    return None


def _is_damaged(fragment: Fragment, field: str) -> bool:
    if fragment.is_sound:
        return False
    value = fragment.root.get(field)
    return isinstance(value, StringValue) and value.is_damaged
