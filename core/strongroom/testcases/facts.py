"""Find the connectors in a file of test cases, as facts for the workspace's index."""

from strongroom.testcases.connectors import Reference
from strongroom.testcases.outline import CaseOutline
from strongroom.workspace.index import FileFacts, PlacedOccurrence, Placing
from strongroom.workspace.references import Occurrence, Symbol, SymbolKind


def symbols_meant(text: str) -> tuple[Symbol, ...]:
    """Return the symbols that a test may mean by a connector's permalink.

    There is one for each kind, or one if the test gives the kind.
    """
    reference = Reference.of(text)
    kinds = {SymbolKind.CONNECTOR: False, SymbolKind.COMPOSITE: True}
    return tuple(
        Symbol(kind, reference.name)
        for kind, is_composite in kinds.items()
        if reference.is_composite in (None, is_composite)
    )


def case_facts(outline: CaseOutline, placing: Placing) -> FileFacts:
    """Return the facts of a file of test cases: the connectors that its tests call."""
    places = []
    for test in outline.tests:
        entry = test.connector
        if entry is None or not entry.text:
            continue
        start, end = entry.value
        for symbol in symbols_meant(entry.text):
            # Without `connector:` before it. A name that is written with escapes is not found, and is the whole text.
            at = outline.text.rfind(symbol.name, start, end)
            found = Occurrence(
                symbol,
                *((at, at + len(symbol.name)) if at >= 0 else (start + 1, end - 1)),
                connector=test.name.text or "" if test.name is not None else "",
                field="connector",
            )
            places.append(PlacedOccurrence(found, placing(found.start, found.end)))
    return FileFacts((), tuple(places))
