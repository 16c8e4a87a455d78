"""Give one community of an engine the methods that faces know from a vault.

All work is the engine's (`Backend`). `SharedVault` calls it by the names of `Vault`'s methods, and keeps the
names that it sees for work without the engine.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from strongroom.backends.errors import AccessRefused, BackendError
from strongroom.backends.names_cache import change_cached, write_cached
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import ABSENT, Backend, Held, Put
from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.store.errors import EntryChanged, UnknownCommunity, UnknownName, WrongKind
from strongroom.store.rows import saving
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.history import Deleted, Version
from strongroom.store.rows.listing import Entry
from strongroom.store.rows.many import AuditSource, EntryWithValue, Save
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.store.rows.concerns import Concern

WORKERS: Final = 8
"""The values that are read at one time."""


class SharedVault:
    """Hold the one community at `place`. The first use opens the engine."""

    def __init__(self, place: EnginePlace, backend: Backend | None = None) -> None:
        self.place = place
        self.path = place.key
        self.warnings: Sequence[Concern] = ()
        self.notices: Sequence[str] = ()
        self._opened = backend

    @property
    def backend(self) -> Backend:
        """Return the engine, which is opened now if it was not. Raises `BackendError`."""
        if self._opened is None:
            self._opened = open_backend(self.place)
        return self._opened

    def close(self) -> None:
        """Let the engine go."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- names --------------------------------------------------------------------------------

    def communities(self) -> tuple[str, ...]:
        """Return the one community."""
        return (self.place.community,)

    def current_community(self) -> str | None:
        """Return the one community."""
        return self.place.community

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Return the entries, with the values of the variables that the token may read."""
        self._check(community)
        found = self._names()
        variables = [entry.name for entry in found if entry.kind is Kind.VARIABLE]
        with ThreadPoolExecutor(WORKERS) as pool:
            values = dict(zip(variables, pool.map(self._variable_or_none, variables), strict=True))
        return tuple(entry._replace(value=values.get(entry.name)) for entry in found)

    def names(self, community: str) -> Names:
        """Return the names as they are now, and keep them."""
        self._check(community)
        by_name = {entry.name: _as_name(entry) for entry in self._names()}
        return Names(Knowledge.COMPLETE, by_name, community, self.place.words)

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name, or None.

        If the token may not read the entry, the result is what the list says of it.
        """
        self._check(community)
        try:
            return self.backend.get(name).entry
        except UnknownName:
            return None
        except AccessRefused:
            return next((entry for entry in self._names() if entry.name == name), None)

    def _names(self) -> Sequence[Entry]:
        found = self.backend.names()
        write_cached(self.place, map(_as_name, found))
        return found

    def _variable_or_none(self, name: str) -> str | None:
        try:
            return self.backend.get(name).entry.value
        except (AccessRefused, UnknownName):
            return None

    # -- values -------------------------------------------------------------------------------

    def get(self, community: str, name: str) -> SecretValue:
        """Return a secret's value."""
        return self._held(community, name, Kind.SECRET).value

    def variable(self, community: str, name: str) -> str:
        """Return a variable's value."""
        return self._held(community, name, Kind.VARIABLE).entry.value or ""

    def _held(self, community: str, name: str, kind: Kind) -> Held:
        self._check(community)
        held = self.backend.get(name)
        found = held.entry.kind.value
        if held.entry.kind is not kind:
            raise WrongKind(
                f"{name} in {community} is a {found}, not a {kind.value}.",
                f"Use get_{found}('{name}'), or `strongroom {found} show {name}`.",
            )
        return held

    def read_all(self, community: str) -> dict[str, EntryWithValue]:
        """Return every entry with its value, by name."""
        self._check(community)
        names = [entry.name for entry in self._names()]
        with ThreadPoolExecutor(WORKERS) as pool:
            held = pool.map(self.backend.get, names)
            return {
                one.entry.name: EntryWithValue(
                    one.entry.name,
                    one.entry.kind,
                    one.value,
                    one.entry.note,
                    one.entry.expires,
                    one.entry.version,
                    one.entry.tag,
                )
                for one in held
            }

    # -- changes ------------------------------------------------------------------------------

    def add(  # noqa: PLR0917  # as the vault's own
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str = "", expires: str = ""
    ) -> Saved:
        """Add a secret or variable."""
        self._check(community)
        try:
            return self._put(Put(name, kind, value, note, expires), ABSENT)
        except EntryChanged:
            raise saving.duplicate(name, community, kind.value) from None

    def set(
        self,
        community: str,
        name: str,
        value: SecretValue | None = None,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> Saved:
        """Change what is not None."""
        kind = self._seen(community, name, expected).entry.kind
        return self._put(Put(name, kind, value, note, expires), expected)

    def rename(self, community: str, old: str, new: str, *, expected: bytes | None = None) -> Saved:
        """Give an entry another name. The engine keeps the history under the old one.

        The new name is written before the old one is deleted, so that an end between leaves both. If the old one
        cannot be deleted, the new one is deleted again. Only that is undone, because the new name may have a history
        of its own.
        """
        saving.check_name(new)
        held = self._seen(community, old, expected)
        entry = held.entry
        saved = self.add(community, new, entry.kind, held.value, entry.note, entry.expires)
        try:
            self.backend.delete(old, entry.tag)
        except StrongroomError:
            try:
                self.delete(community, new, expected=saved.tag)
            except StrongroomError as error:
                raise BackendError(
                    f"{new} was written, but {old} could not be deleted: {error.message}",
                    f"Both names hold the value. Delete one of them when {self.backend.place} answers.",
                ) from None
            raise
        change_cached(self.place, removed=old)
        return saved

    def delete(self, community: str, name: str, *, expected: bytes | None = None) -> Saved:
        """Take the name away. Its values stay in the engine."""
        self._check(community)
        entry = self.backend.delete(name, expected)
        change_cached(self.place, removed=name)
        return _saved(entry, is_deleted=True)

    def save_many(
        self,
        community: str,
        saves: Sequence[Save],
        source: AuditSource | None = None,  # noqa: ARG002
    ) -> list[Saved]:
        """Write all of `saves`, one after the other, and read each back.

        An engine has no transaction. What was written before a refusal stays, and a second import goes on from there.
        An engine has an audit trail of its own, so `source` is not written. Bundles are between vaults, so a save is of
        one name that is there or new.
        """
        self._check(community)
        done: list[Saved] = []
        try:
            for save in saves:
                done.append(self._save(save))
        except StrongroomError as error:
            if done:
                error.message += f" {len(done)} of {len(saves)} entries were written before that."
                error.way_out = "Do the same again: it goes on from there."
            raise
        return done

    def _save(self, save: Save) -> Saved:
        put = Put(save.name, save.kind, save.value, save.note, save.expires)
        saved = self._put(put, save.seen.tag if save.seen else ABSENT)
        held = self.backend.get(save.name)
        if held.entry.tag == saved.tag and save.value not in (None, held.value):
            raise BackendError(
                f"{save.name} does not read back from {self.backend.place} as it was written.",
                "Import it again.",
            )
        return saved

    # -- history ------------------------------------------------------------------------------

    def history(self, community: str, name: str) -> tuple[Version, ...]:
        """Return the versions that are kept, newest first."""
        self._check(community)
        return self.backend.versions(name)

    def get_version(self, community: str, name: str, number: int) -> SecretValue:
        """Return the value of an earlier version."""
        self._check(community)
        return self.backend.get(name, number).value

    def restore(
        self,
        community: str,
        name: str,
        number: int,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> Saved:
        """Make an earlier value the current one again, as a new version."""
        kind = self._seen(community, name, expected).entry.kind
        value = self.backend.get(name, number).value
        return self._put(Put(name, kind, value, note, expires), expected)

    def deleted(self, community: str) -> tuple[Deleted, ...]:
        """Return what `undelete` can bring back, newest first."""
        self._check(community)
        gone = [Deleted(one.name, one.kind, one.changed, one.tag) for one in self._gone()]
        return tuple(sorted(gone, key=lambda one: one.deleted, reverse=True))

    def undelete(self, community: str, name: str, *, expected: bytes | None = None) -> Saved:
        """Bring a deleted name back."""
        self._check(community)
        gone = next((one for one in self._gone() if one.name == name), None)
        if gone is None:
            raise UnknownName(f"No deleted {name!r} is kept in {community}.", "Add it again.")
        if expected not in (None, gone.tag):
            raise EntryChanged(name, community, "deleted again", gone.changed)
        held = self.backend.get(name, gone.version)
        put = Put(name, gone.kind, held.value, held.entry.note, held.entry.expires)
        return self._put(put, gone.tag)

    def purge(self, community: str, name: str, *, live: bool = False, expected: bytes | None = None) -> None:
        """Take a name out of the engine for good. Without `live`, only a deleted one."""
        self._check(community)
        if not live and not any(one.name == name for one in self._gone()):
            raise UnknownName(f"No deleted {name!r} is kept in {community}.", "Add it again.")
        self.backend.delete(name, expected, for_good=True)
        change_cached(self.place, removed=name)

    def _gone(self) -> Sequence[Entry]:
        return self.backend.names(are_deleted=True)

    def _seen(self, community: str, name: str, expected: bytes | None) -> Held:
        """Return the entry of a write. Raises `EntryChanged` if somebody changed it."""
        self._check(community)
        try:
            held = self.backend.get(name)
        except UnknownName:
            if expected is None:
                raise
            raise EntryChanged(name, community, "deleted") from None
        if expected not in (None, held.entry.tag):
            raise EntryChanged(name, community, "changed", held.entry.changed)
        return held

    def _put(self, put: Put, expected: bytes | None) -> Saved:
        entry = self.backend.put(put, expected)
        change_cached(self.place, changed=_as_name(entry))
        return _saved(entry)

    def _check(self, community: str) -> None:
        if community != self.place.community:
            raise UnknownCommunity(
                f'{self.place.words} holds community "{self.place.community}" here, not "{community}".',
                "See `strongroom community list`.",
            )


def _as_name(entry: Entry) -> Name:
    """Return the name without a value, because names are kept on a disk."""
    return Name(entry.name, entry.kind, entry.note, entry.expires)


def _saved(entry: Entry, *, is_deleted: bool = False) -> Saved:
    return Saved(entry.name, entry.version, entry.note, entry.expires, entry.tag, is_deleted)
