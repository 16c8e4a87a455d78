"""Find the connectors that a file of test cases names.

They are facts for the workspace's index.
"""

from strongroom.testcases.outline import CaseOutline
from strongroom.workspace.index import FileFacts, Place, Placing
from strongroom.workspace.references import Occurrence, Symbol, Thing


def case_facts(outline: CaseOutline, placing: Placing) -> FileFacts:
    """Return the facts of a file of test cases: the connectors that its tests call."""
    places = []
    for test in outline.tests:
        entry = test.connector
        if entry is None or not entry.text:
            continue
        start, end = entry.value
        found = Occurrence(
            Symbol(Thing.CONNECTOR, entry.text),
            start + 1,
            end - 1,
            connector=test.name.text or "" if test.name is not None else "",
            field="connector",
        )
        places.append(Place(found, placing(found.start, found.end)))
    return FileFacts((), tuple(places))
