"""Index the names in all connector files of a workspace, file by file.

Only a changed file is read again. The index has names and places, no text and no value. `read_facts` is a
generator that pauses after each connector. A caller that must answer keys meanwhile can take a few steps at a
time.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import NamedTuple, Self

from strongroom.document import Connector, Document
from strongroom.workspace.references import Occurrence, Symbol, SymbolKind, occurrences_in


class Span(NamedTuple):
    """Hold two places as the caller counts them.

    Lines count from 0, characters of the line in the caller's units.
    """

    line: int
    character: int
    end_line: int
    end_character: int


Placing = Callable[[int, int], Span]
"""Gives the span of two offsets of one document."""


class PlacedOccurrence(NamedTuple):
    """Hold an occurrence in a file, and its place on the screen."""

    occurrence: Occurrence
    span: Span


class ConnectorFacts(NamedTuple):
    """Describe a connector, composite or step for an outline and a search.

    `container` is a step's composite.
    """

    name: str
    permalink: str
    kind: str
    """ "connector", "composite" or "step"."""
    container: str
    span: Span


class FileFacts(NamedTuple):
    """Hold the connectors of one file and the places of names in it."""

    connectors: tuple[ConnectorFacts, ...]
    places: tuple[PlacedOccurrence, ...]


def code_points(document: Document) -> Placing:
    """Return the placing of a document, with spans in code points."""

    def place(start: int, end: int) -> Span:
        return Span(*document.lines.position(start), *document.lines.position(end))

    return place


def read_facts(document: Document, placing: Placing) -> Generator[None, None, FileFacts]:
    """Read the facts of a document, with a pause after each connector.

    `yield from` gives the facts.
    """
    connectors: list[ConnectorFacts] = []
    places: list[PlacedOccurrence] = []
    for connector in document.connectors:
        connectors.extend(_connector_facts(connector, placing))
        places.extend(
            PlacedOccurrence(found, placing(found.start, found.end)) for found in occurrences_in(connector)
        )
        yield
    return FileFacts(tuple(connectors), tuple(places))


def facts_of(document: Document, placing: Placing | None = None) -> FileFacts:
    """Return the facts of a document, at once."""
    reading = read_facts(document, placing or code_points(document))
    while True:
        try:
            next(reading)
        except StopIteration as done:
            facts: FileFacts = done.value
            return facts


def _connector_facts(connector: Connector, placing: Placing) -> Iterator[ConnectorFacts]:
    kind = "composite" if connector.is_composite else "connector"
    name = connector.name or connector.permalink or ""
    yield ConnectorFacts(name, connector.permalink or "", kind, "", placing(connector.start, connector.end))
    for step in connector.steps:
        yield ConnectorFacts(step.name, "", "step", name, placing(step.start, step.end))


class WorkspaceIndex:
    """Hold the facts of many files by path, and the places of each name."""

    def __init__(self) -> None:
        self._files: dict[str, FileFacts] = {}
        self._users: dict[tuple[SymbolKind, str], dict[str, list[PlacedOccurrence]]] = {}

    @classmethod
    def of(cls, documents: Mapping[str, Document]) -> Self:
        """Return the index of these documents, by path, with places in code points."""
        index = cls()
        for path, document in documents.items():
            index.put(path, facts_of(document))
        return index

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._files)

    def get(self, path: str) -> FileFacts | None:
        return self._files.get(path)

    def put(self, path: str, facts: FileFacts) -> None:
        """Take these facts in place of those that were known of the file."""
        self.remove(path)
        self._files[path] = facts
        for place in facts.places:
            symbol = place.occurrence.symbol
            self._users.setdefault((symbol.kind, symbol.name), {}).setdefault(path, []).append(place)

    def remove(self, path: str) -> None:
        """Forget a file, if it is known."""
        facts = self._files.pop(path, None)
        for place in facts.places if facts is not None else ():
            symbol = place.occurrence.symbol
            users = self._users.get((symbol.kind, symbol.name), {})
            users.pop(path, None)
            if not users:
                self._users.pop((symbol.kind, symbol.name), None)

    def clear(self) -> None:
        self._files.clear()
        self._users.clear()

    def files_with(self, kind: SymbolKind, name: str) -> tuple[str, ...]:
        """Return the files that have this name, sorted."""
        return tuple(sorted(self._users.get((kind, name), ())))

    def count(self, kind: SymbolKind, name: str) -> int:
        """Return the number of places of this name."""
        return sum(map(len, self._users.get((kind, name), {}).values()))

    def places(self, symbol: Symbol) -> Iterator[tuple[str, PlacedOccurrence]]:
        """Yield (path, place) of a symbol, file by file, in the order of the text."""
        users = self._users.get((symbol.kind, symbol.name), {})
        for path in sorted(users):
            for place in users[path]:
                if not symbol.scope or place.occurrence.symbol.scope == symbol.scope:
                    yield path, place

    def names(self) -> tuple[str, ...]:
        """Return every name of a secret or variable that is used, sorted."""
        return tuple(sorted(name for kind, name in self._users if kind is SymbolKind.NAME))

    def connectors(self) -> Iterator[tuple[str, ConnectorFacts]]:
        """Yield (path, facts) of every connector, composite and step."""
        for path, facts in self._files.items():
            for connector in facts.connectors:
                yield path, connector


def matches(query: str, text: str) -> bool:
    """Return True if the letters of `query` are in `text` in this order, in any case.

    An empty `query` always matches.
    """
    folded, at = text.casefold(), 0
    for letter in query.casefold():
        at = folded.find(letter, at) + 1
        if not at:
            return False
    return True
