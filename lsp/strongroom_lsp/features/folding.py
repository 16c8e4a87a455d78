"""Fold each object and list that takes more than one line."""

from collections.abc import Iterator

from lsprotocol import types

from strongroom.document.json_values import Value
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.services import Services


def folding_range(services: Services, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Answer `textDocument/foldingRange`."""
    opened = document_of(services, params)
    if opened is None:
        return None
    document = opened.document
    places = list(_containers(document.root, 0)) if document.root is not None else []
    for connector in document.connectors:
        places.extend(_containers(connector.value, connector.base))
    line = document.lines.position
    last_lines: dict[int, int] = {}
    for start, end in places:
        first, last = line(start)[0], line(end - 1)[0]
        # The closing bracket stays in sight.
        if last > first + 1:
            last_lines[first] = last - 1
    return [types.FoldingRange(first, last) for first, last in sorted(last_lines.items())]


def _containers(value: Value, base: int) -> Iterator[tuple[int, int]]:
    """Yield the source offsets of objects and lists in a value, itself included.

    Connectors are values of their own.
    """
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if found.kind in ("object", "array"):
            yield base + found.start, base + found.end
            waiting.extend(member for _, member in found.members)
            waiting.extend(found.items)
