"""Find the key of a connector file at an offset, and describe its field."""

from typing import NamedTuple

from strongroom.document import Document
from strongroom.document.json_values import Value
from strongroom_lsp.documents.schema import Path, fields_at, rooted


class FieldAtCursor(NamedTuple):
    """Hold a field's name and description, and the place of its key with quotes."""

    name: str
    text: str
    start: int
    end: int


def field_at(document: Document, offset: int) -> FieldAtCursor | None:
    """Return the field whose key is at the offset.

    The result is None if there is no key, or if the object may have any keys.
    """
    connector = document.connector_at(offset)
    if connector is None:
        if document.root is None or document.root.kind != "object":
            return None
        found = _key_in(document.root, offset, ())
    else:
        found = _key_in(connector.value, offset - connector.base, ())
    if found is None:
        return None
    path, name, start, end = found
    base, root = 0, None
    if connector is not None:
        base = connector.base
        path, root = rooted(connector, path)
    field = fields_at(path, root).get(name)
    return FieldAtCursor(name, field.text, base + start, base + end) if field is not None else None


def _key_in(value: Value, offset: int, path: Path) -> tuple[Path, str, int, int] | None:
    for key, member in value.members:
        if key.start <= offset <= key.end:
            return path, str(key.data), key.start, key.end
        if member.start <= offset <= member.end:
            return _key_in(member, offset, (*path, str(key.data)))
    for index, item in enumerate(value.items):
        if item.start <= offset <= item.end:
            return _key_in(item, offset, (*path, index))
    return None
