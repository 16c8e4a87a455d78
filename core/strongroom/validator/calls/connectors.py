"""Read what calls must know of the connectors in connector files."""

from collections.abc import Iterable, Iterator

from strongroom.document import Document
from strongroom.document.connector import Fragment
from strongroom.document.template_members import members_of_free_names
from strongroom.document.template_parser import parse_template
from strongroom.platform.fields import METHODS
from strongroom.validator.permalinks import Key, key_of
from strongroom.widgets.known import KnownConnector, KnownConnectors


def connectors_of(document: Document) -> Iterator[KnownConnector]:
    """Yield the connectors and composites of a file whose permalink is certain."""
    for fragment, _, _ in document.placed:
        key = key_of(fragment)
        if key is not None:
            yield _connector(fragment, key)


def is_whole(document: Document) -> bool:
    """Return True if every connector of a file is known by its permalink."""
    is_read = all(key_of(fragment) for fragment, _, _ in document.placed)
    return is_read and all(problem.is_harmless for problem in document.problems)


def known_connectors(documents: Iterable[Document]) -> KnownConnectors:
    """Return the connectors of some files."""
    files = list(documents)
    found = [connector for document in files for connector in connectors_of(document)]
    return KnownConnectors(found, is_complete=all(map(is_whole, files)))


def _connector(fragment: Fragment, key: Key) -> KnownConnector:
    data = fragment.data
    method = data.get("method")
    url = fragment.text_of("url")
    rows = _rows(data.get("path_parameters"))
    used = _used_in(url)
    return KnownConnector(
        key.permalink,
        fragment.text_of("name"),
        key.is_composite,
        "POST" if key.is_composite else "GET" if method is None else method if method in METHODS else "",
        tuple(rows),
        tuple(key for key, value in rows.items() if key in used and value in (None, "")),
        tuple(_rows(data.get("query_parameters"))),
        not fragment.is_damaged,
        url,
    )


def _rows(rows: object) -> dict[str, object]:
    """Return the values of rows by their keys."""
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {row["key"]: row.get("value") for row in found if isinstance(row.get("key"), str)}


def _used_in(url: str) -> set[str]:
    """Return the path parameters that a URL uses."""
    if "pathParams" not in url:
        return set()
    return {member.name for _, member in members_of_free_names(parse_template(url), "pathParams")}
