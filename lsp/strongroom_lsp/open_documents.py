"""The documents that the client has open: the core's `Document` for each, kept equal to the client's text.

Lines end where the protocol says, and nowhere else: whoever splits a text with `str.splitlines`, which also breaks it
at U+2028, puts every later edit in the wrong place.
"""

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.document import Document, Memory

from .paths import path_of
from .positions import Place, Positions


class Change(NamedTuple):
    """One content change: text that replaces what lies between two places, or everything (`start` is None)."""

    text: str
    start: Place | None = None
    end: Place | None = None


class SentTokens(NamedTuple):
    """The semantic tokens that the client has, under the protocol's names."""

    resultId: str  # noqa: N815  the protocol's name
    data: list[int]


class OpenDocument:
    """One open file. `document` is replaced by each edit; `version` is the client's number for it."""

    __slots__ = (
        "_encoding", "_positions", "document", "generation", "path", "tokens", "uri", "version",
    )  # fmt: skip

    def __init__(
        self, uri: str, version: int, text: str, encoding: str, *, memory: Memory | None = None
    ) -> None:
        self.uri = uri
        self.path = path_of(uri)
        self.version = version
        self.document = Document.parse(text, memory)
        self.generation = 0
        """Counts edits. Unlike `version`, which is the client's, it can be trusted to rise."""
        self.tokens: SentTokens | None = None
        self._encoding = encoding
        self._positions: Positions | None = None

    @property
    def positions(self) -> Positions:
        """Conversions for the text as it is now."""
        if self._positions is None:
            self._positions = Positions(self.document.text, self.document.lines, self._encoding)
        return self._positions

    def change(self, version: int, changes: Sequence[Change]) -> None:
        """Apply changes in their order; each one's places refer to the text that the one before it left."""
        for change in changes:
            if change.start is None or change.end is None:
                self.document = self.document.replace_text(change.text)
            else:
                start, end = sorted(
                    (self.positions.offset(*change.start), self.positions.offset(*change.end))
                )
                self.document = self.document.edit(start, end, change.text)
            self._positions = None
        self.version = version
        self.generation += 1


class OpenDocuments:
    """The open documents by their uri, as the client spells it."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._memory = Memory()
        self._by_uri: dict[str, OpenDocument] = {}

    def open(self, uri: str, version: int, text: str) -> OpenDocument:
        """Take a document on; one that is open already is replaced."""
        opened = OpenDocument(uri, version, text, self._encoding, memory=self._memory)
        self._by_uri[uri] = opened
        return opened

    def get(self, uri: str) -> OpenDocument | None:
        return self._by_uri.get(uri)

    def close(self, uri: str) -> OpenDocument | None:
        """Forget a document; gives it, or None where it was not open."""
        return self._by_uri.pop(uri, None)

    def all(self) -> tuple[OpenDocument, ...]:
        return tuple(self._by_uri.values())
