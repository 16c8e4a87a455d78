"""Complete the JSON around templates: keys, fixed values, whole pieces."""

import re
from typing import Any, Final

from lsprotocol import types

from strongroom.document.template_nodes import has_tags
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.places import FieldPlace
from strongroom_lsp.documents.json_scan import Cursor, cursor_at
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.documents.schema import FieldText, fields_at, item_kind, rooted
from strongroom_lsp.documents.snippets import (
    COMPOSITE,
    CONNECTOR,
    REGISTRY,
    ROWS,
    STEP,
    Snippet,
    authentication_snippets,
    config_value,
    snippet_text,
)
from strongroom_lsp.features.completing.item_data import TEXT, ItemData
from strongroom_lsp.protocol.capabilities import Client

ItemKind = types.CompletionItemKind

_EMPTY: Final = {
    "string": '"$1"',
    "scalar": '"$1"',
    "array": "[$1]",
    "object": "{$1}",
    "boolean": "${1:false}",
    "number": "$1",
}

_HOLE: Final = re.compile(r"\$\{1[:|]([^,|}]*)[^}]*\}|\$1")

HEADER_NAMES: Final = (
    "Accept", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "If-None-Match",
    "User-Agent", "X-API-Key", "X-Request-ID",
)  # fmt: skip


def complete_json(
    opened: OpenDocument, offset: int, client: Client, *, with_keys: bool = True
) -> list[types.CompletionItem]:
    """Return what can be written at the cursor, or nothing inside a template.

    Without `with_keys` these are only the items that no schema has: whole pieces and the names of headers.
    """
    document = opened.document
    template = document.template_at(offset)
    # Every string of an authentication's config is a template, also one with fixed values.
    if template is not None and (template.field.place is not FieldPlace.AUTH or has_tags(template.text)):
        return []
    connector = document.connector_at(offset)
    start = connector.start if connector is not None else 0
    cursor = cursor_at(document.text, start, offset)
    if cursor is None:
        return _whole_files(opened, offset, client) if not document.text.strip() else []
    root: Any = document.root.data if document.root is not None else None
    path = cursor.path
    if connector is not None:
        # The text is read from the connector's start, so that the text around it cannot matter.
        path, root = rooted(connector, path)
    items = _ItemMaker(opened, cursor, client)
    if cursor.is_key:
        if not with_keys:
            return []
        fields = fields_at(path, root)
        return [items.key(field) for field in fields.values() if field.name not in cursor.siblings]
    if cursor.is_object:
        return _values(items, cursor, path, root, with_keys=with_keys)
    return [items.snippet(snippet) for snippet in _items(path, root)]


def _whole_files(opened: OpenDocument, offset: int, client: Client) -> list[types.CompletionItem]:
    """Return the pieces that an empty file can begin with."""
    empty = Cursor((), False, None, offset, offset, frozenset(), False, "")
    items = _ItemMaker(opened, empty, client)
    return [items.snippet(snippet) for snippet in (REGISTRY, CONNECTOR)]


def _values(
    items: "_ItemMaker", cursor: Cursor, path: tuple[str | int, ...], root: Any, *, with_keys: bool
) -> list[types.CompletionItem]:
    name = cursor.key or ""
    field = fields_at(path, root).get(name)
    if field is None:
        return []
    if name == "authentication":
        return [items.snippet(snippet) for snippet in authentication_snippets()]
    if name == "config":
        kind = AUTH_TYPES.get(str(_type_at(root, path)))
        if kind is None or not kind.fields:
            return []
        return [items.snippet(Snippet(f"config for {kind.name}", f"Sends {kind.sends}.", config_value(kind)))]
    if name == "key" and path[-2:-1] == ("headers",):
        return [items.value(f'"{header}"', "") for header in HEADER_NAMES]
    if not with_keys:
        return []
    if field.type == "boolean":
        return [items.value(word, field.text) for word in ("true", "false")]
    return [items.value(f'"{word}"', field.text) for word in field.allowed]


def _items(path: tuple[str | int, ...], root: Any) -> list[Snippet]:
    kind = item_kind(path, root)
    if kind in ROWS:
        return [ROWS[kind]]
    return {"connector": [CONNECTOR], "composite": [COMPOSITE], "step": [STEP]}.get(kind, [])


def _type_at(root: Any, path: tuple[str | int, ...]) -> object:
    for step in path:
        try:
            root = root[step]
        except (KeyError, IndexError, TypeError):
            return None
    return root.get("type") if isinstance(root, dict) else None


class _ItemMaker:
    """Make items that replace the text at the cursor."""

    def __init__(self, opened: OpenDocument, cursor: Cursor, client: Client) -> None:
        self._uri = opened.uri
        self._cursor = cursor
        self._client = client
        self._range = opened.range(cursor.start, cursor.end)

    def key(self, field: FieldText) -> types.CompletionItem:
        item = self._item(field.name, ItemKind.Property, f'"{field.name}"', field.text)
        if field.is_required:
            # Required fields come first, in the platform's order.
            item.sort_text = f"0{field.name}"
        if not self._cursor.has_colon:
            comma = "," if self._cursor.following.startswith('"') else ""
            self._put(item, f'"{field.name}": {_value_of(field)}{comma}')
        return item

    def value(self, text: str, explanation: str) -> types.CompletionItem:
        return self._item(text.strip('"'), ItemKind.Value, text, explanation)

    def snippet(self, snippet: Snippet) -> types.CompletionItem:
        item = self._item(snippet.label, ItemKind.Snippet, "", snippet.text)
        self._put(item, snippet_text(snippet.value, is_snippet=self._client.snippets), is_ready=True)
        return item

    def _item(
        self, label: str, kind: types.CompletionItemKind, text: str, explanation: str
    ) -> types.CompletionItem:
        return types.CompletionItem(
            label=label,
            kind=kind,
            filter_text=text or f'"{label}"' if self._cursor.start < self._cursor.end else label,
            text_edit=types.TextEdit(self._range, text),
            data=ItemData(self._uri, TEXT, explanation).as_json(),
        )

    def _put(self, item: types.CompletionItem, text: str, *, is_ready: bool = False) -> None:
        if self._client.snippets:
            item.insert_text_format = types.InsertTextFormat.Snippet
        elif not is_ready:
            text = _HOLE.sub(r"\1", text)
        item.text_edit = types.TextEdit(self._range, text)
        # The client indents the lines after the first.
        item.insert_text_mode = types.InsertTextMode.AdjustIndentation


def _value_of(field: FieldText) -> str:
    if field.allowed:
        return f'"${{1|{",".join(field.allowed)}|}}"'
    return _EMPTY.get(field.type, "$1")
