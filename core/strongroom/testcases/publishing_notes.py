"""Say how the platform treats a published connector, which a run does not show."""

from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.document import Document
from strongroom.settings.model import Settings
from strongroom.testcases.connectors import Target, permalink_of
from strongroom.text.phrases import counted
from strongroom.validator import Finding, Severity, validate
from strongroom.validator.permalinks import Key
from strongroom.validator.rules import registry_differs
from strongroom.workspace import read_text
from strongroom.workspace.published import Published

_OF_A_RUN: Final = ("private-host", "insecure-url", "insecure-token-url")
"""Rules that a run judges itself, by the hosts that the settings allow."""


def registry_notes(targets: Iterable[Target]) -> list[str]:
    """Return a sentence for each widget's connector whose registry entry differs.

    The registry may also not have it. The platform reads the registry alone (PLATFORM §9).
    """
    published = Published()
    found = []
    for target in targets:
        publication = published.publication(target.path)
        if publication is None or publication.is_registry:
            continue
        table = {Key(target.is_composite, target.permalink): target.data}
        found += [
            f"{target.name or target.permalink} ({publication.own}): {mark.message}"
            for _, mark in registry_differs.check(table, publication)
        ]
    return list(dict.fromkeys(found))


def error_notes(targets: Iterable[Target], settings: Settings) -> Iterator[str]:
    """Yield a sentence for each connector in which `check` finds errors.

    A run may pass although the platform may refuse the connector. Names of secrets and variables are left to
    the run, which has them. Raises `UnreadableFile`.
    """
    wanted: dict[str, set[tuple[str, bool]]] = {}
    for target in targets:
        wanted.setdefault(target.path, set()).add((target.permalink, target.is_composite))
    for path, keys in wanted.items():
        document = Document.parse(read_text(path))
        levels = settings.levels_for(path).ignore(_OF_A_RUN)
        errors = [one for one in validate(document, levels=levels) if one.severity is Severity.ERROR]
        for connector in document.connectors:
            permalink = permalink_of(connector.permalink, connector.name)
            # Several connectors may have one name, so that a finding's name does not tell whose it is.
            own = [one for one in errors if f"{one.pointer}/".startswith(f"{connector.pointer}/")]
            if own and (permalink, connector.is_composite) in keys:
                yield _sentence(connector.name or permalink, own, document)


def _sentence(name: str, errors: list[Finding], document: Document) -> str:
    first = errors[0]
    line = document.lines.position(first.start)[0] + 1
    number = counted(len(errors), "error")
    return f"{name}: `strongroom check` finds {number}, the first in line {line}: {first.message}"
