"""The vault as the app holds it: names at once, values only while unlocked. Plain Python, no screen.

Every method that touches the vault runs on one thread of its own (`VaultThread`), because a SQLite connection
belongs to a thread and a key derivation must not stop the screen.
"""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from strongroom.errors import StrongroomError
from strongroom.names import NO_NAMES, Kind, Names
from strongroom.store.errors import VaultClosed, VaultMissing, VaultStorage
from strongroom.store.reader import Entry, NamesReader, default_vault_path
from strongroom.values.secret_value import SecretValue
from strongroom_tui.backend.entry_writes import EntryWrite, write_for
from strongroom_tui.vault_state import Mark, Snapshot, VaultState

if TYPE_CHECKING:
    from strongroom.settings.model import Settings
    from strongroom.store.keys.ways import Remembered, Way
    from strongroom.store.rows.expected import Saved
    from strongroom.store.rows.history import Deleted
    from strongroom.store.vault import Vault
    from strongroom.workspace.rename_transaction import Ended

T = TypeVar("T")

FIRST_ROWS = 500
"""How many rows are read before the first paint: far more than a screen shows, in 2 ms."""

FIRST_COMMUNITY = "default"
"""The community that the first entry goes into where none was named anywhere."""


class Locked(StrongroomError):  # noqa: N818 reads as what it says
    """The vault has to be unlocked first."""

    def __init__(self) -> None:
        super().__init__("The vault is locked.", "Unlock it first.")


class Session:
    """One vault, its chosen community, and the unlocked vault while there is one."""

    def __init__(self, vault_path: str | None = None, community: str | None = None) -> None:
        self.path = os.fspath(vault_path or default_vault_path())
        self._wanted = community
        self._reader: NamesReader | None = None
        self._vault: Vault | None = None
        self._opened: tuple[int, int] = (0, 0)
        """The file that was unlocked."""
        self._last_id = b""
        """The vault that was there last; empty where there never was one."""

    # -- names ----------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The names as they are now. Never raises for a vault that is missing or cannot be read."""
        return self._look(None)

    def first_look(self) -> Snapshot:
        """As `snapshot`, but of a long list only the beginning: then its state is READING."""
        return self._look(FIRST_ROWS)

    def _look(self, most: int | None) -> Snapshot:
        mark = self.mark()
        problem = self._lock_where_it_cannot_stay_open(mark)
        try:
            if mark.presence is VaultState.LOCKED:
                return self._read(most, mark, problem)
        except StrongroomError as error:
            mark = Mark(VaultState.UNREADABLE, problem=str(error))
            self.lock()
        state = mark.presence
        if state is VaultState.NEVER and self._last_id:
            state = VaultState.GONE
        return self.nothing(state, mark)

    def nothing(self, state: VaultState, mark: Mark | None = None) -> Snapshot:
        """A snapshot without a name in it."""
        community = self._wanted or FIRST_COMMUNITY
        mark = mark or Mark(state)
        return Snapshot(state, community, (), (), mark, mark.problem, self._last_id)

    def mark(self) -> Mark:
        """Return what tells that a process changed the vault. About 10 us for a vault that is there."""
        try:
            if self._reader is None:
                self._reader = NamesReader.open(self.path)
            counter = self._reader.change_counter()
            return Mark(VaultState.LOCKED, _identity(self.path), counter)
        except VaultMissing:
            self._close_reader()
            return Mark(VaultState.NEVER)
        except StrongroomError as error:
            self._close_reader()
            return Mark(VaultState.UNREADABLE, problem=str(error))

    def _lock_where_it_cannot_stay_open(self, mark: Mark) -> str:
        """Lock a vault that has gone, was replaced or was given another key; gives the reason."""
        if self._vault is None:
            return ""
        if mark.presence is not VaultState.LOCKED or mark.file != self._opened:
            self.lock()
            return ""
        try:
            self._vault.current_community()
        except (VaultClosed, VaultStorage) as error:
            self.lock()
            return str(error)
        except StrongroomError:
            return ""  # what is wrong is said by whatever reads a value; reading may be possible again later
        return ""

    def _read(self, most: int | None, mark: Mark, problem: str) -> Snapshot:
        reader = self._reader
        assert reader is not None
        communities = reader.communities()
        community = self._wanted or reader.current_community() or next(iter(communities), FIRST_COMMUNITY)
        state = VaultState.UNLOCKED if self._vault is not None else VaultState.LOCKED
        entries: tuple[Entry, ...] = ()
        if community in communities and most is None:
            entries = reader.entries(community)
        elif community in communities and most is not None:
            entries = reader.entries_from(community, "", most)
            state = VaultState.UNKNOWN if len(entries) == most else state
        self._last_id = reader.store_id()
        return Snapshot(state, community, communities, entries, mark, problem, self._last_id)

    def names(self, community: str) -> Names:
        """What the checks of the files compare with; nothing is known where the vault cannot be read."""
        try:
            return self._reader.names(community) if self._reader is not None else NO_NAMES
        except StrongroomError:
            return NO_NAMES

    def known_names(self, settings: "Settings", community: str) -> Names:
        """Return what is known of a community from the vault and the names files, as `check` has it.

        Raises `StrongroomError` for a names file that cannot be used.
        """
        from strongroom.workspace.known_names import names_in_files, names_of

        return names_of(community, self._reader, names_in_files(settings))

    def find(self, community: str, name: str) -> Entry | None:
        """What a community has under exactly this name; readable without a key. None too where it cannot be read."""
        try:
            return self._reader.find(community, name) if self._reader is not None else None
        except StrongroomError:
            return None

    def use(self, community: str) -> None:
        """Show another community from now on; written to the vault too while it is unlocked."""
        self._wanted = community
        if self._vault is not None and community in self._vault.communities():
            self._vault.use_community(community)

    @property
    def community(self) -> str:
        """The community that is shown."""
        return self.snapshot().community

    # -- lock -----------------------------------------------------------------

    @property
    def is_unlocked(self) -> bool:
        """Whether values can be read now."""
        return self._vault is not None

    def slots(self) -> tuple[str, ...]:
        """The kinds of slots that the vault has, each once; readable without a key. () where it cannot be read."""
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
        """Whether `strongroom vault unlock` keeps this vault's key in memory now."""
        from strongroom.store.keys import remembered

        try:
            return self._reader is not None and remembered.recall(self._reader.store_id()) is not None
        except StrongroomError:
            return False

    def unlock(self, ways: Sequence["Way | Remembered"]) -> None:
        """Open the vault with the first way it has. Raises a `StrongroomError` that says what was tried."""
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
        """Drop the key and everything read with it."""
        if self._vault is not None:
            self._vault.close()
            self._vault = None

    def warnings(self) -> list[tuple[str, str]]:
        """What a person should be asked about before going on: sentence and way out."""
        return [(concern.message, concern.way_out) for concern in self.vault.warnings]

    def notices(self) -> list[str]:
        """What is only to be said of the vault that was unlocked, each a sentence."""
        return list(self.vault.notices)

    def accept_warnings(self) -> None:
        """The person goes on."""
        self.vault.accept_warnings()

    def close(self) -> None:
        """Lock, and let go of the file."""
        self.lock()
        self._close_reader()

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # -- values -----------------------------------------------------------------

    @property
    def vault(self) -> "Vault":
        """The unlocked vault. Raises `Locked`."""
        if self._vault is None:
            raise Locked
        return self._vault

    def value(self, community: str, name: str) -> SecretValue:
        """The value of one secret."""
        return self.vault.get(community, name)

    def hints(self, community: str, names: Sequence[str]) -> dict[str, str]:
        """The masked forms of some secrets; {} once locked. A name that is gone is left out."""
        found: dict[str, str] = {}
        for name in names if self._vault is not None else ():
            try:
                found[name] = self.vault.get(community, name).hint()
            except StrongroomError:
                continue
        return found

    # Each gives the entry as it is then. `expected` is the tag of the entry that was seen: another state of it raises
    # `EntryChanged`.

    def add(  # noqa: PLR0917 as the vault's own
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str, expires: str
    ) -> "Saved":
        """Save a new entry. Raises with the platform's words for a refused save."""
        return self.vault.add(community, name, kind, value, note=note, expires=expires)

    def change(  # noqa: PLR0917 as the vault's own
        self,
        community: str,
        name: str,
        value: SecretValue | None,
        note: str | None,
        expires: str | None,
        expected: bytes | None = None,
    ) -> "Saved":
        """Save changes of an entry; None leaves a part as it is."""
        return self.vault.set(community, name, value=value, note=note, expires=expires, expected=expected)

    def delete(self, community: str, name: str, expected: bytes | None = None) -> "Saved":
        """Delete one entry."""
        return self.vault.delete(community, name, expected=expected)

    def deleted(self, community: str) -> "tuple[Deleted, ...]":
        """Return what can be brought back, newest first."""
        return self.vault.deleted(community)

    def purge(self, community: str, name: str, expected: bytes | None = None) -> None:
        """Take a deleted entry out of the file, with its history."""
        self.vault.purge(community, name, expected=expected)

    def undelete(self, community: str, name: str, expected: bytes | None = None) -> "Saved":
        """Take a delete back."""
        return self.vault.undelete(community, name, expected=expected)

    def rename(self, community: str, old: str, new: str, expected: bytes | None = None) -> "Saved":
        """Give an entry another name."""
        return self.vault.rename(community, old, new, expected=expected)

    def restore(  # noqa: PLR0917 as the vault's own
        self,
        community: str,
        name: str,
        number: int,
        note: str | None = None,
        expires: str | None = None,
        expected: bytes | None = None,
    ) -> "Saved":
        """Make an earlier value the current one again."""
        return self.vault.restore(community, name, number, note, expires, expected=expected)

    def move(self, community: str, now: "Saved", wanted: "Saved | None") -> "Saved":
        """Bring an entry from the state that it is in to one that it had before or after it."""
        to = wanted or now
        match write_for(now, wanted):
            case EntryWrite.DELETE:
                return self.delete(community, now.name, now.tag)
            case EntryWrite.UNDELETE:
                return self.undelete(community, now.name, now.tag)
            case EntryWrite.RENAME:
                return self.rename(community, now.name, to.name, now.tag)
            case EntryWrite.RESTORE:
                return self.restore(community, now.name, to.version, to.note, to.expires, now.tag)
            case EntryWrite.DESCRIBE:
                return self.change(community, now.name, None, to.note, to.expires, now.tag)

    def end_interrupted_renames(self) -> "list[Ended]":
        """End the renames whose processes have died."""
        from strongroom.workspace.rename_transaction import end_interrupted

        return end_interrupted(self.vault)

    def do(self, work: Callable[..., T], *args: object) -> T:
        """`work(vault, *args)` with the unlocked vault. Raises `Locked`."""
        return work(self.vault, *args)


def _identity(path: str) -> tuple[int, int]:
    """Return which file is at `path`; zeros where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
