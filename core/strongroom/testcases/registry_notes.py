"""Say which connectors run otherwise on the platform, because it reads the registry alone (PLATFORM §9)."""

from collections.abc import Iterable

from strongroom.testcases.connectors import Target
from strongroom.validator.permalinks import Key
from strongroom.validator.rules import registry_differs
from strongroom.workspace.published import Published


def registry_notes(targets: Iterable[Target]) -> list[str]:
    """Return a sentence for each connector of a widget's file that the registry has otherwise or does not have."""
    published = Published()
    found = []
    for target in targets:
        publication = published.publication(target.path)
        if publication is None or publication.is_registry:
            continue
        table = {Key(target.is_composite, target.permalink): target.data}
        found += [
            f"{target.name or target.permalink} ({publication.own}): {mark.message}"
            for mark in registry_differs.check(table, publication)
        ]
    return list(dict.fromkeys(found))
