"""Identify connectors by the permalinks that are certain."""

from typing import NamedTuple

from strongroom.document.connector import Fragment
from strongroom.document.json_values import StringValue
from strongroom.text.slugs import certain_slug


class Key(NamedTuple):
    """Identify a connector: composites have permalinks of their own (PLATFORM §4)."""

    is_composite: bool
    permalink: str


def key_of(fragment: Fragment) -> Key | None:
    """Return the key of a connector; None if its permalink is not certain."""
    permalink = _sound_text(fragment, "permalink") or certain_slug(_sound_text(fragment, "name"))
    return Key(fragment.is_composite, permalink) if permalink else None


def key_field(fragment: Fragment, key: Key) -> str:
    """Return the field that gives the permalink: `permalink`, or else `name`."""
    return "permalink" if fragment.text_of("permalink") == key.permalink else "name"


def _sound_text(fragment: Fragment, field: str) -> str:
    """Return the text of a field; empty if it is missing, or damaged."""
    value = fragment.root.get(field) if not fragment.is_sound else None
    return "" if isinstance(value, StringValue) and value.is_damaged else fragment.text_of(field)
