"""Keep the core's `Document` of each open document equal to the client's text.

Lines end where the protocol says. `str.splitlines` also breaks them at U+2028, and would put every later edit in the
wrong place.
"""

from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from lsprotocol import types

from strongroom.document import Document, LineIndex
from strongroom.document.connector import Fragment
from strongroom.workspace.uris import path_of
from strongroom_lsp.documents.placed_text import KeptText
from strongroom_lsp.protocol.messages import ContentChange
from strongroom_lsp.protocol.positions import Positions


class _Unread(NamedTuple):
    """Hold the edits since the document was read, as one stretch.

    [start:end] of the document's text is [start:stop] of the text now.
    """

    start: int
    end: int
    stop: int

    def and_then(self, start: int, end: int, size: int) -> "_Unread":
        """Return what is unread after `size` characters replaced [start:end]."""
        first, stop = min(self.start, start), max(self.stop, end)
        return _Unread(first, self.end + stop - self.stop, stop + size - (end - start))


class OpenDocument:
    """Hold one open document.

    `version` is the client's number for its text. `document` is read when it is asked for: of a burst of edits only
    the last text is.
    """

    __slots__ = (
        "_document", "_encoding", "_lines", "_positions", "_text", "_unread", "diagnostics", "generation", "path",
        "tokens", "uri", "version",
    )  # fmt: skip

    def __init__(self, uri: str, version: int, text: str, encoding: str) -> None:
        self.uri = uri
        self.path = path_of(uri)
        self.version = version
        self.generation = 0
        """Counts edits. Unlike `version`, which is the client's, it always rises."""
        self.tokens: types.SemanticTokens | None = None
        """The semantic tokens that the client has."""
        self.diagnostics: WeakKeyDictionary[Fragment, KeptText] = WeakKeyDictionary()
        """The texts of connectors' diagnostics. An edit keeps the fragments of untouched connectors."""
        self._text = text
        self._document = Document.parse(text)
        self._unread: _Unread | None = None
        self._encoding = encoding
        self._lines: LineIndex | None = None
        self._positions: Positions | None = None

    @property
    def document(self) -> Document:
        """Return the text as it is now, parsed."""
        if (unread := self._unread) is not None:
            start, end, stop = unread
            self._document = self._document.edit(start, end, self._text[start:stop], self._lines)
            self._unread = None
        return self._document

    @property
    def positions(self) -> Positions:
        """Convert positions of the text as it is now."""
        if self._positions is None:
            if self._lines is None:
                self._lines = LineIndex(self._text) if self._unread else self._document.lines
            self._positions = Positions(self._text, self._lines, self._encoding)
        return self._positions

    def offset_at_position(self, position: types.Position) -> int:
        """Return the offset of a position.

        A position outside the text counts as the nearest one inside.
        """
        return self.positions.offset(position.line, position.character)

    def position_at_offset(self, offset: int) -> types.Position:
        """Return the position of an offset, as the client counts it."""
        return types.Position(*self.positions.position(offset))

    def offsets_of_range(self, place: types.Range) -> tuple[int, int]:
        """Return the offsets of a range."""
        return self.offset_at_position(place.start), self.offset_at_position(place.end)

    def range(self, start: int, end: int) -> types.Range:
        """Return the range of two offsets."""
        return self.positions.range(start, end)

    def change(self, version: int, changes: Sequence[ContentChange]) -> None:
        """Apply changes in order, each with positions in the text after the one before."""
        for change in changes:
            if change.start is None or change.end is None:
                self._replace(change.text)
            else:
                offset = self.positions.offset
                start, end = sorted((offset(*change.start), offset(*change.end)))
                self._edit(start, end, change.text)
            self._positions = None
        self.version = version
        self.generation += 1

    def _edit(self, start: int, end: int, new: str) -> None:
        text = f"{self._text[:start]}{new}{self._text[end:]}"
        if self._lines is not None:
            self._lines = self._lines.edited(text, start, end, new)
        self._text = text
        self._unread = (self._unread or _Unread(start, start, start)).and_then(start, end, len(new))

    def _replace(self, text: str) -> None:
        # Most of a whole new text is the old one. Comparing the two finds the part that is not.
        self._document = self.document.replace_text(text)
        self._text = text
        self._lines = None


class OpenDocuments:
    """Keep the open documents by uri, in the client's spelling."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._by_uri: dict[str, OpenDocument] = {}

    def open(self, uri: str, version: int, text: str) -> OpenDocument:
        """Add a document. One that is open already is replaced."""
        opened = OpenDocument(uri, version, text, self._encoding)
        self._by_uri[uri] = opened
        return opened

    def get(self, uri: str) -> OpenDocument | None:
        """Return the document of a uri, or None if it is not open."""
        return self._by_uri.get(uri)

    def close(self, uri: str) -> OpenDocument | None:
        """Remove a document and return it, or None if it was not open."""
        return self._by_uri.pop(uri, None)

    def all(self) -> tuple[OpenDocument, ...]:
        """Return the open documents, the first opened first."""
        return tuple(self._by_uri.values())
