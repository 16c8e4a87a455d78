"""Read what calls must know of the connectors in connector files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from strongroom.document import Document
from strongroom.document.connector import Fragment, rows_of
from strongroom.document.template_facts import path_parameters_of
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
    rows = _rows(data, "path_parameters")
    used = path_parameters_of(parse_template(url)).names if "pathParams" in url else ()
    return KnownConnector(
        key.permalink,
        fragment.text_of("name"),
        key.is_composite,
        "POST" if key.is_composite else "GET" if method is None else method if method in METHODS else "",
        tuple(rows),
        tuple(key for key, value in rows.items() if key in used and value in (None, "")),
        tuple(_rows(data, "query_parameters")),
        not fragment.is_damaged,
        url,
    )


def _rows(data: Mapping[str, Any], list_name: str) -> dict[str, object]:
    """Return the values of rows by their keys."""
    return {
        row["key"]: row.get("value") for _, row in rows_of(data, list_name) if isinstance(row.get("key"), str)
    }
