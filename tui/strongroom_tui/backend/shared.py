"""Hold engines' communities: names as last read, and more while one is open.

Every method runs on the vault's thread. `open` and `look` send requests; the others only remember.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from strongroom.backends.names_cache import read_cached
from strongroom.backends.place import EnginePlace
from strongroom.errors import StrongroomError
from strongroom.names import Knowledge, Name, Names
from strongroom.store.rows.listing import Entry
from strongroom_tui.vault_state import VaultFingerprint, VaultState

if TYPE_CHECKING:
    from strongroom.backends.shared_vault import SharedVault

LOOK_SECONDS: Final = 5.0
"""Seconds between two looks for changes of others. Each is a request."""


class SharedCommunities:
    """Hold the communities at `engines`."""

    def __init__(
        self, engines: Mapping[str, EnginePlace], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.engines = engines
        self._clock = clock
        self._open: dict[str, SharedVault] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._seen = ""
        self._changes = 0
        self._next_look = 0.0
        self.problem = ""
        """The reason why a community was closed without being asked."""

    def __contains__(self, community: object) -> bool:
        return community in self.engines

    def is_open(self, community: str) -> bool:
        """Return True while values can be read."""
        return community in self._open

    def store(self, community: str) -> "SharedVault | None":
        """Return the open community, or None."""
        return self._open.get(community)

    def open(self, community: str) -> None:
        """Log in and read the names. Raises `StrongroomError`."""
        from strongroom.backends.shared_vault import SharedVault

        vault = SharedVault(self.engines[community])
        try:
            self._entries[community] = vault.entries(community)
            self._seen = vault.backend.watch()
        except BaseException:
            vault.close()
            raise
        self._open[community] = vault
        self.problem = ""
        self._changes += 1

    def close(self) -> None:
        """Let all engines go, and forget the values of variables."""
        for vault in self._open.values():
            vault.close()
        if self._open:
            self._changes += 1
        self._open.clear()
        self._entries.clear()

    def fingerprint(self, community: str) -> VaultFingerprint:
        """Return a fingerprint that changes with the community.

        The engine is asked every few seconds.
        """
        vault = self._open.get(community)
        if vault is not None and self._clock() >= self._next_look:
            self._next_look = self._clock() + LOOK_SECONDS
            try:
                seen = vault.backend.watch()
                self._changes += seen != self._seen
                self._seen = seen
            except StrongroomError as error:
                self._lose(error)
        return VaultFingerprint(VaultState.LOCKED, counter=self._changes)

    def look(self, community: str) -> tuple[Entry, ...]:
        """Return the entries as they are now, or as last read if the engine is not open."""
        vault = self._open.get(community)
        if vault is not None:
            try:
                self._entries[community] = vault.entries(community)
                return self._entries[community]
            except StrongroomError as error:
                self._lose(error)
        return _cached(self.engines[community])

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Return the entries as the last look had them. Sends nothing."""
        return self._entries[community] if community in self._entries else _cached(self.engines[community])

    def names(self, community: str) -> Names:
        """Return the names as the last look had them."""
        entries = self.entries(community)
        if not entries and community not in self._entries:
            return read_cached(self.engines[community])
        by_name = {entry.name: Name(*entry[:5]) for entry in entries}
        return Names(Knowledge.COMPLETE, by_name, community, self.engines[community].words)

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name, asked of the engine if it is open."""
        vault = self._open.get(community)
        if vault is not None:
            return vault.find(community, name)
        return next((entry for entry in self.entries(community) if entry.name == name), None)

    def _lose(self, error: StrongroomError) -> None:
        self.close()
        self.problem = str(error)


def _cached(place: EnginePlace) -> tuple[Entry, ...]:
    from strongroom.backends.names_only import cached_entries

    return cached_entries(place)
