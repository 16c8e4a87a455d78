"""Describe the files of a project that hold the same connectors (PLATFORM §9).

The platform reads `connectors_registry.json` alone. `widgets/*/connectors.json` beside it are either what a build
makes the registry from, or files that nothing reads any more. The project's convention decides which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from strongroom.document import Document
from strongroom.platform.project import REGISTRY
from strongroom.validator.marks import Mark
from strongroom.validator.permalinks import Key, key_of


class Convention(StrEnum):
    """Say how a project's registry comes to be."""

    BUILT = "built"
    """A script merges the widgets' files into the registry: `bin/build-registry.sh`, or gsds before 1.8."""
    WRITTEN = "written"
    """People write the registry, and nothing reads the widgets' files: gsds from 1.8 on."""
    UNKNOWN = "unknown"


ConnectorTable = Mapping[Key, Any]
"""Key -> the decoded connector. Connectors whose permalink is not certain are left out."""


class Publication(NamedTuple):
    """Hold one file's place in its project, and the other files.

    Paths begin at the project's folder.
    """

    own: str
    registry: ConnectorTable | None
    """The registry's connectors; None for a registry that is missing or cannot be read."""
    widgets: Mapping[Key, str]
    """Key -> the first of the widgets' files that has such a connector, in the order of their paths."""
    convention: Convention

    @property
    def is_registry(self) -> bool:
        """Return True if the file is the registry."""
        return self.own == REGISTRY


PublicationCheck = Callable[[ConnectorTable, Publication], Iterator[tuple[Key, Mark]]]
"""Yield the keys of connectors with their marks, which are at what gives the permalink."""


def table_of(document: Document) -> ConnectorTable:
    """Return the table of a document's connectors.

    Of two connectors with one key the first counts.
    """
    found: dict[Key, Any] = {}
    for fragment, _, _ in document.placed:
        if (key := key_of(fragment)) is not None:
            found.setdefault(key, fragment.data)
    return found


def first_files(files: Iterable[tuple[str, ConnectorTable]]) -> dict[Key, str]:
    """Return for each key the first of the files that has it."""
    found: dict[Key, str] = {}
    for path, table in files:
        for key in table:
            found.setdefault(key, path)
    return found
