"""Find the permalinks of a file, and duplicates in files published together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from strongroom.document import Document
from strongroom.document.connector import Fragment
from strongroom.document.json_values import StringValue
from strongroom.text.expressions import expression
from strongroom.validator.findings import Finding, Severity
from strongroom.validator.placing import inside
from strongroom.validator.slugs import certain_slug


class Identity(NamedTuple):
    """Hold a connector's permalink, and the place and field that give it.

    The field is `permalink`, or else `name`. `key` is the permalink among those of its kind: see `key_of`.
    """

    key: str
    permalink: str
    start: int
    end: int
    pointer: str
    field: str
    connector: str


def identities(document: Document, among: Collection[str] | None = None) -> Iterator[Identity]:
    """Yield the certain permalinks of the connectors of a file, composites too.

    Only those with a key `among` these are given.
    """
    for connector in document.connectors:
        key = key_of(connector.fragment)
        if among is not None and key not in among:
            continue
        for field in ("permalink", "name"):
            value = connector.value.get(field)
            if not isinstance(value, StringValue) or value.is_damaged or not value.data:
                continue
            permalink = value.data if field == "permalink" else certain_slug(value.data)
            if permalink:
                start, end = inside(value)
                base = connector.base
                pointer = f"{connector.pointer}/{field}"
                yield Identity(key, permalink, base + start, base + end, pointer, field, connector.name)
            break


def permalink_of(fragment: Fragment) -> str:
    """Return the permalink of a connector; empty if it is not certain."""
    for field in ("permalink", "name"):
        text = fragment.text_of(field)
        if not text or (not fragment.is_sound and _is_damaged(fragment, field)):
            continue
        return text if field == "permalink" else certain_slug(text)
    return ""


_COMPOSITE: Final = "composite "
"""The beginning of a composite's key. A permalink cannot hold a space."""


def key_of(fragment: Fragment) -> str:
    """Return the permalink of a connector as it must be unique; empty if it is not certain.

    The permalinks of composites are a namespace of their own (PLATFORM §4).
    """
    permalink = permalink_of(fragment)
    return _COMPOSITE + permalink if permalink and fragment.is_composite else permalink


def permalinks(document: Document) -> list[str]:
    """Return the keys of the certain permalinks of a file's connectors and composites."""
    return [found for fragment, _, _ in document.placed if (found := key_of(fragment))]


def _is_damaged(fragment: Fragment, field: str) -> bool:
    value = fragment.element.value.get(field)
    return isinstance(value, StringValue) and value.is_damaged


_WIDGET_FILE: Final = expression(r"(?:(.*)[/\\])?widgets[/\\][^/\\]+[/\\]connectors\.json")


def duplicates_across(files: Iterable[tuple[str, Document]]) -> dict[str, list[Finding]]:
    """Return the findings of `duplicate-permalink` between files, by path.

    Call it with a workspace's (path, document). The `widgets/*/connectors.json` of one folder are merged into one
    registry, so a permalink may be in only one of them. The registry itself is the result of the merge: a permalink in
    it and in a widget's file is not a duplicate (PLATFORM §4). Duplicates within one file are found by `validate`.
    """
    first: dict[str, dict[str, str]] = {}
    found: dict[str, list[Finding]] = {}
    for path, document in sorted(files, key=lambda file: file[0]):
        match = _WIDGET_FILE.fullmatch(path)
        if match is None:
            continue
        taken = first.setdefault(match.group(1) or "", {})
        if duplicates := duplicates_in(document, taken):
            found[path] = duplicates
        for key in permalinks(document):
            taken.setdefault(key, path)
    return found


def duplicates_in(document: Document, taken: Mapping[str, str]) -> list[Finding]:
    """Return the findings of `duplicate-permalink` in a file.

    `taken` has the keys of others' permalinks and their files.
    """
    return [
        Finding(
            "duplicate-permalink",
            Severity.ERROR,
            f"The permalink `{identity.permalink}` is already used in {taken[identity.key]}.",
            identity.start,
            identity.end,
            identity.pointer,
            identity.connector or None,
            identity.field,
            data={"permalink": identity.permalink, "file": taken[identity.key]},
        )
        for identity in identities(document, taken)
    ]
