"""The permalinks of a file's connectors, and duplicates across files that are published together."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from strongroom.document import Document
from strongroom.document.json_values import StringValue
from strongroom.validator.findings import Finding, Severity
from strongroom.validator.outline import inside
from strongroom.validator.slugs import certain_slug


class Identity(NamedTuple):
    """A connector's permalink, and the place and field that give it: `permalink`, or else `name`."""

    permalink: str
    start: int
    end: int
    pointer: str
    field: str
    connector: str


def identities(document: Document) -> Iterator[Identity]:
    """The permalinks of the connectors and composites of a file, where they are certain."""
    for connector in document.connectors:
        for field in ("permalink", "name"):
            value = connector.value.get(field)
            if not isinstance(value, StringValue) or value.is_damaged or not value.data:
                continue
            permalink = value.data if field == "permalink" else certain_slug(value.data)
            if permalink:
                start, end = inside(value)
                base = connector.base
                pointer = f"{connector.pointer}/{field}"
                yield Identity(permalink, base + start, base + end, pointer, field, connector.name)
            break


_WIDGET_FILE: Final = re.compile(r"(?:(.*)[/\\])?widgets[/\\][^/\\]+[/\\]connectors\.json")


def duplicates_across(files: Iterable[tuple[str, Document]]) -> dict[str, list[Finding]]:
    """The findings of `duplicate-permalink` between files, by path; call it with a workspace's (path, document).

    The `widgets/*/connectors.json` of one folder are merged into one registry, so a permalink may stand in
    only one of them. The registry itself is what they are merged into: a permalink in it and in a widget's
    file is no duplicate (PLATFORM §4). Duplicates within one file are found by `validate`.
    """
    first: dict[tuple[str, str], tuple[str, Identity]] = {}
    found: dict[str, list[Finding]] = {}
    for path, document in sorted(files, key=lambda file: file[0]):
        match = _WIDGET_FILE.fullmatch(path)
        if match is None:
            continue
        root = match.group(1) or ""
        for identity in identities(document):
            other, _ = first.setdefault((root, identity.permalink), (path, identity))
            if other != path:
                message = f"The permalink `{identity.permalink}` is already used in {other}."
                found.setdefault(path, []).append(
                    Finding(
                        "duplicate-permalink",
                        Severity.ERROR,
                        message,
                        identity.start,
                        identity.end,
                        identity.pointer,
                        identity.connector or None,
                        identity.field,
                        data={"permalink": identity.permalink, "file": other},
                    )
                )
    return found
