"""Hold the connectors with which calls are compared."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class KnownConnector(NamedTuple):
    """Hold the facts of a connector or composite with which a call is compared.

    `method` is "" if it is not certain. `path_parameters` are the keys of its rows, and `needed` those that
    the caller must give. `is_certain` is False if a part of it could not be read.
    """

    permalink: str
    name: str
    is_composite: bool
    method: str = ""
    path_parameters: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    query_parameters: tuple[str, ...] = ()
    is_certain: bool = True
    url: str = ""


class KnownConnectors:
    """Hold the connectors of one workspace by kind and permalink.

    A permalink may be in several files, with different content. `is_complete` is False if a file could not be read, or
    if a connector's permalink is not certain.
    """

    __slots__ = ("_by_kind", "is_complete")

    def __init__(self, connectors: Iterable[KnownConnector] = (), *, is_complete: bool = True) -> None:
        self.is_complete = is_complete
        self._by_kind: Mapping[bool, dict[str, list[KnownConnector]]] = {False: {}, True: {}}
        for connector in connectors:
            self._by_kind[connector.is_composite].setdefault(connector.permalink, []).append(connector)

    def __bool__(self) -> bool:
        return any(self._by_kind.values())

    def get(self, permalink: str, *, is_composite: bool) -> tuple[KnownConnector, ...]:
        """Return the connectors of a kind that have a permalink."""
        return tuple(self._by_kind[is_composite].get(permalink, ()))

    def permalinks(self, *, is_composite: bool) -> tuple[str, ...]:
        """Return the permalinks of a kind, in the order of the files."""
        return tuple(self._by_kind[is_composite])

    def incomplete(self) -> "KnownConnectors":
        """Return the same connectors, of which there may be more."""
        return KnownConnectors(self.all(), is_complete=False)

    def all(self) -> tuple[KnownConnector, ...]:
        """Return every connector and composite."""
        return tuple(one for kind in self._by_kind.values() for found in kind.values() for one in found)
