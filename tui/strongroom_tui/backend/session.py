"""Hold the vault for the app: names at once, values only while it is unlocked.

Every method that touches the vault runs on the thread of `VaultThread`.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from strongroom.backends.place import EnginePlace
from strongroom.errors import StrongroomError
from strongroom.names import NO_NAMES, Names
from strongroom.store.errors import VaultClosed, VaultMissing, VaultStorage
from strongroom.store.file.places import default_vault_path
from strongroom.store.reader import NamesReader
from strongroom.store.rows.listing import Entry
from strongroom_tui.backend.entries import EntryAccess
from strongroom_tui.backend.shared import SharedCommunities
from strongroom_tui.vault_state import Snapshot, VaultFingerprint, VaultState

if TYPE_CHECKING:
    from strongroom.settings.model import Settings
    from strongroom.store.keys.ways import RememberedKey, Way
    from strongroom.store.opened import OpenStore
    from strongroom.store.vault import Vault
    from strongroom.workspace.rename_transaction import EndedRename

T = TypeVar("T")

FIRST_ROWS = 500
"""Rows that are read before the first paint.

They are far more than a screen shows, and take 2 ms.
"""

FIRST_COMMUNITY = "default"
"""The community of the first entry, if no community was named anywhere."""


class Locked(StrongroomError):  # noqa: N818 reads as what it says
    """Report that the vault has to be unlocked first."""

    def __init__(self) -> None:
        super().__init__("The vault is locked.", "Unlock it first.")


class VaultSession(EntryAccess):
    """Hold one vault, its chosen community, and the vault's key while it is unlocked."""

    def __init__(
        self,
        vault_path: str | None = None,
        community: str | None = None,
        engines: Mapping[str, EnginePlace] | None = None,
    ) -> None:
        self.shared = SharedCommunities(engines or {})
        self.path = os.fspath(vault_path or default_vault_path())
        self._wanted = community
        self._reader: NamesReader | None = None
        self._vault: Vault | None = None
        self._opened: tuple[int, int] = (0, 0)
        """Device and number of the file that was unlocked."""
        self._last_id = b""
        """Id of the vault that was there last.

        The id is empty if there never was a vault.
        """

    # -- names ----------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the names as they are now.

        Raises nothing for a missing or unreadable vault.
        """
        return self._look(None)

    def first_look(self) -> Snapshot:
        """Return the beginning of a long list, or a whole `snapshot`.

        A beginning has the state UNKNOWN.
        """
        return self._look(FIRST_ROWS)

    def _look(self, most: int | None) -> Snapshot:
        if engine := self.engine:
            return self._look_at(engine)
        fingerprint = self.fingerprint()
        problem = self._lock_where_it_cannot_stay_open(fingerprint)
        try:
            if fingerprint.presence is VaultState.LOCKED:
                return self._read(most, fingerprint, problem)
        except StrongroomError as error:
            fingerprint = VaultFingerprint(VaultState.UNREADABLE, problem=str(error))
            self.lock()
        state = fingerprint.presence
        if state is VaultState.NEVER and self._last_id:
            state = VaultState.GONE
        return self.nothing(state, fingerprint)

    @property
    def engine(self) -> EnginePlace | None:
        """Return the engine that holds the shown community, or None for the vault.

        If none was chosen, the vault's own choice is shown, and without a vault an engine's community.
        """
        engines = self.shared.engines
        if not engines:
            return None
        wanted = self._wanted
        if wanted is None:
            try:
                self._communities_of_vault()
                assert self._reader is not None
                wanted = self._reader.current_community()
            except StrongroomError:
                wanted = next(iter(engines))
        return engines.get(wanted or "")

    def _look_at(self, engine: EnginePlace) -> Snapshot:
        entries = self.shared.look(engine.community)
        is_open = self.shared.is_open(engine.community)
        try:
            own = self._communities_of_vault()
        except StrongroomError:
            own = ()
        known = tuple(sorted({*own, *self.shared.engines}))
        state = VaultState.UNLOCKED if is_open else VaultState.LOCKED
        problem = self.shared.problem
        return Snapshot(
            state, engine.community, known, entries, self.fingerprint(), problem, self._last_id, engine.words
        )

    def _communities_of_vault(self) -> tuple[str, ...]:
        if self._reader is None:
            self._reader = NamesReader.open(self.path)
        return self._reader.communities()

    def nothing(self, state: VaultState, fingerprint: VaultFingerprint | None = None) -> Snapshot:
        """Return a snapshot without names."""
        community = self._wanted or FIRST_COMMUNITY
        fingerprint = fingerprint or VaultFingerprint(state)
        return Snapshot(state, community, (), (), fingerprint, fingerprint.problem, self._last_id)

    def fingerprint(self) -> VaultFingerprint:
        """Return a fingerprint that changes with the vault, or an engine's community.

        Any process may make the change. Takes about 10 us for a vault.
        """
        if engine := self.engine:
            return self.shared.fingerprint(engine.community)
        try:
            if self._reader is None:
                self._reader = NamesReader.open(self.path)
            counter = self._reader.change_counter()
            return VaultFingerprint(VaultState.LOCKED, _identity(self.path), counter)
        except VaultMissing:
            self._close_reader()
            return VaultFingerprint(VaultState.NEVER)
        except StrongroomError as error:
            self._close_reader()
            return VaultFingerprint(VaultState.UNREADABLE, problem=str(error))

    def _lock_where_it_cannot_stay_open(self, fingerprint: VaultFingerprint) -> str:
        """Lock a vault that is gone, was replaced or was given another key.

        Return the reason.
        """
        if self._vault is None:
            return ""
        if fingerprint.presence is not VaultState.LOCKED or fingerprint.file != self._opened:
            self.lock()
            return ""
        try:
            self._vault.current_community()
        except (VaultClosed, VaultStorage) as error:
            self.lock()
            return str(error)
        except StrongroomError:
            return ""  # reading a value will say what is wrong; reading may be possible again later
        return ""

    def _read(self, most: int | None, fingerprint: VaultFingerprint, problem: str) -> Snapshot:
        reader = self._reader
        assert reader is not None
        communities = tuple(sorted({*reader.communities(), *self.shared.engines}))
        community = self._wanted or reader.current_community() or next(iter(communities), FIRST_COMMUNITY)
        state = VaultState.UNLOCKED if self._vault is not None else VaultState.LOCKED
        entries: tuple[Entry, ...] = ()
        if community in communities and most is None:
            entries = reader.entries(community)
        elif community in communities and most is not None:
            entries = reader.entries_from(community, "", most)
            state = VaultState.UNKNOWN if len(entries) == most else state
        self._last_id = reader.store_id()
        return Snapshot(state, community, communities, entries, fingerprint, problem, self._last_id)

    def names(self, community: str) -> Names:
        """Return the names for the checks of files.

        The names are unknown if the vault is unreadable.
        """
        if community in self.shared:
            return self.shared.names(community)
        try:
            return self._reader.names(community) if self._reader is not None else NO_NAMES
        except StrongroomError:
            return NO_NAMES

    def known_names(self, settings: "Settings", community: str) -> Names:
        """Return the names from the vault and the names files, as `check` has them.

        Raises `StrongroomError` for a names file that cannot be used.
        """
        from strongroom.workspace.known_names import names_in_files, names_of

        return names_of(settings, community, self._reader, names_in_files(settings))

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name without a key.

        Return None also if the vault is unreadable.
        """
        try:
            if community in self.shared:
                return self.shared.find(community, name)
            return self._reader.find(community, name) if self._reader is not None else None
        except StrongroomError:
            return None

    def use(self, community: str) -> None:
        """Show another community from now on.

        While the vault is unlocked, write the community to it too.
        """
        self._wanted = community
        if self._vault is not None and community in self._vault.communities():
            self._vault.use_community(community)

    @property
    def community(self) -> str:
        """Return the community that is shown."""
        return self.snapshot().community

    # -- lock -----------------------------------------------------------------

    @property
    def is_unlocked(self) -> bool:
        """Return True while values of the shown community can be read."""
        if engine := self.engine:
            return self.shared.is_open(engine.community)
        return self._vault is not None

    def slots(self) -> tuple[str, ...]:
        """Return the kinds of the vault's slots, each once, without a key.

        Return () if the vault is unreadable.
        """
        from strongroom.store.file import connection
        from strongroom.store.rows import unlocking

        try:
            with connection.explained(self.path):
                opened = connection.connect(self.path, write=False)
                try:
                    found = unlocking.read_slots(opened)
                finally:
                    opened.close()
        except StrongroomError:
            return ()  # unlocking will say what is wrong
        return tuple(dict.fromkeys(slot.kind for slot in found))

    def has_remembered_key(self) -> bool:
        """Return True while `strongroom vault unlock` keeps this vault's key in memory."""
        from strongroom.store.keys import remembered

        try:
            return self._reader is not None and remembered.recall(self._reader.store_id()) is not None
        except StrongroomError:
            return False

    def unlock(self, ways: Sequence["Way | RememberedKey"]) -> None:
        """Open the vault with the first way that the vault has.

        Raises `StrongroomError` with what was tried.
        """
        from strongroom.store.vault import Vault

        self.lock()
        self._vault = Vault.unlock(self.path, list(ways))
        self._opened = _identity(self.path)

    def create(self, ways: Sequence["Way"]) -> None:
        """Make the vault and leave it unlocked."""
        from strongroom.store.vault import Vault

        self.lock()
        self._vault = Vault.create(self.path, list(ways))
        self._opened = _identity(self.path)

    def lock(self) -> None:
        """Drop the key and everything that was read with it."""
        self.shared.close()
        if self._vault is not None:
            self._vault.close()
            self._vault = None

    def warnings(self) -> list[tuple[str, str]]:
        """Return a sentence and a way out for each doubt that a person must answer."""
        return [(concern.message, concern.way_out) for concern in self._shown.warnings]

    def notices(self) -> list[str]:
        """Return the sentences to say about the vault that was unlocked."""
        return list(self._shown.notices)

    def accept_warnings(self) -> None:
        """Go on in spite of the warnings."""
        self.vault.accept_warnings()

    def close(self) -> None:
        """Lock, and close the file."""
        self.lock()
        self._close_reader()

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # -- values -----------------------------------------------------------------

    @property
    def vault(self) -> "Vault":
        """Return the unlocked vault. Raises `Locked`."""
        if self._vault is None:
            raise Locked
        return self._vault

    def store(self, community: str) -> "OpenStore":
        """Return the vault or the engine that holds a community. Raises `Locked`."""
        if community not in self.shared:
            return self.vault
        store = self.shared.store(community)
        if store is None:
            raise Locked
        return store

    def path_of(self, community: str) -> str:
        """Return the vault's file, or the text for the engine that holds a community."""
        return self.shared.engines[community].key if community in self.shared else self.path

    def end_interrupted_renames(self) -> "list[EndedRename]":
        """End the renames whose processes have died."""
        from strongroom.workspace.rename_transaction import end_interrupted

        return end_interrupted(self._shown)

    def do(self, work: Callable[..., T], *args: object) -> T:
        """Return `work(store, *args)` with what holds the shown community.

        Raises `Locked`.
        """
        return work(self._shown, *args)

    @property
    def _shown(self) -> "OpenStore":
        return self.store(self.engine.community) if self.engine else self.vault


def _identity(path: str) -> tuple[int, int]:
    """Return the device and number of the file at `path`, or zeros."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
