"""Read a community's values at once, and write many entries in one transaction.

For import and export (`strongroom.transfer`). They are all or nothing, and what is read is verified.
"""

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, SaveRefused
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import CommunityRow, EntryRow
from strongroom.store.rows import entries, history, saving
from strongroom.store.rows.communities import new_community
from strongroom.store.rows.expected import Saved, live_entry, saved, tag_of
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now
from strongroom.values.secret_value import SecretValue


class EntryWithValue(NamedTuple):
    """Hold one entry with its value.

    `version` counts the values that the entry has had, from 1; `tag` is as in `Entry`.
    """

    name: str
    kind: Kind
    value: SecretValue
    note: str
    expires: str
    version: int
    tag: bytes = b""

    def seen(self) -> Saved:
        """Return the state that a save compares with."""
        return Saved(self.name, self.version, self.note, self.expires, self.tag)


class OverwrittenValue(NamedTuple):
    """Hold a value that was made elsewhere, at the time `made`, to be saved over."""

    value: SecretValue
    made: str


class Save(NamedTuple):
    """Hold one save.

    None leaves what is there; a new entry needs a value.

    `seen` is the entry as the caller saw it, None where the name was free. Its name is the former one where `name` is
    another. `made` is the time at which the value was made elsewhere (see `shared`), and with `deletes` the time of
    the deletion. `over` is a value from elsewhere that is kept as an earlier version of this one.
    """

    name: str
    kind: Kind
    value: SecretValue | None
    note: str | None
    expires: str | None
    seen: Saved | None = None
    made: str = ""
    deletes: bool = False
    over: OverwrittenValue | None = None

    @property
    def is_rename(self) -> bool:
        """Return True if the entry gets another name."""
        return self.seen is not None and self.seen.name != self.name


class AuditSource(NamedTuple):
    """Hold what the audit trail says of a bundle.

    The trail says who sealed the bundle, and which state of which vault it is.
    """

    sender: str
    detail: str


def read_all(ledger: Ledger, community: str) -> dict[str, EntryWithValue]:
    """See `Vault.read_all`."""
    with ledger.reading():
        owner = ledger.find_community(community)
        if owner is None:
            return {}
        found = {}
        for entry in ledger.all_entries(owner):
            if entry.deleted:
                continue
            value = SecretValue(ledger.value(owner, entry, entry.version))
            found[entry.name] = EntryWithValue(
                entry.name,
                Kind(entry.kind),
                value,
                entry.note,
                entry.expires,
                entry.version,
                tag_of(ledger, entry),
            )
        return dict(sorted(found.items()))


def save_many(
    ledger: Ledger, community: str, saves: Sequence[Save], source: AuditSource | None = None
) -> list[Saved]:
    """See `Vault.save_many`."""
    community = saving.clean_community(community)
    prepared = [(save, _checked(save)) for save in saves]
    written: dict[int, Saved] = {}
    with ledger.writing():
        at = now()
        owner = ledger.find_community(community) or new_community(ledger, community, at)
        if source:
            ledger.audit(at, AuditAction.IMPORT_BUNDLE, owner.name, source.sender, source.detail)
        key = ledger.next_id("entry")
        for place, save, data in _in_turn(prepared):
            if save.seen:
                written[place] = _change(ledger, owner, save, save.seen, data)
                continue
            taken = ledger.find_or_free(owner, save.name)
            if taken is not None:
                raise EntryChanged(save.name, community, "added", taken.changed)
            details = (save.note or "", save.expires or "")
            row = EntryRow(key, owner.id, save.name, save.kind.value, 1, *details, at, at, "")
            written[place] = entries.insert(ledger, owner, row, data or b"", save.made)
            key += 1
    return [written[place] for place in range(len(saves))]


def _in_turn(prepared: Sequence[tuple[Save, bytes | None]]) -> list[tuple[int, Save, bytes | None]]:
    """Return the saves with their places, so that each name is free when it is given.

    Raises `SaveRefused` for names that go round in a circle.
    """
    every = [(place, *one) for place, one in enumerate(prepared)]
    turn = [one for one in every if one[1].deletes]
    renames = [one for one in every if one[1].is_rename and not one[1].deletes]
    while renames:
        taken = {save.seen.name for _, save, _ in renames if save.seen}
        free = [one for one in renames if one[1].name not in taken]
        if not free:
            raise SaveRefused(
                f"{renames[0][1].name} and other entries exchanged their names.",
                "Rename one of them by hand first; nothing was changed.",
            )
        turn += free
        renames = [one for one in renames if one not in free]
    first = {place for place, *_ in turn}
    return turn + [one for one in every if one[0] not in first]


def _change(ledger: Ledger, owner: CommunityRow, save: Save, seen: Saved, data: bytes | None) -> Saved:
    entry = live_entry(ledger, owner, seen.name, seen.tag)
    if save.deletes:
        return history.delete_entry(ledger, owner, entry, save.made)
    if save.is_rename:
        if ledger.find_or_free(owner, save.name) is not None:
            raise saving.duplicate(save.name, owner.name, save.kind.value)
        entry = entries.rename_entry(ledger, owner, entry, save.name)
        if data is None and save.note is None and save.expires is None:
            return saved(ledger, entry)
    if save.over:
        entry = history.store(ledger, owner, entry, saving.value_bytes(save.over.value), made=save.over.made)
    return saved(ledger, history.store(ledger, owner, entry, data, save.note, save.expires, made=save.made))


def _checked(save: Save) -> bytes | None:
    """Return the value's bytes, or None where the value stays.

    Raises what `Vault.add` raises.
    """
    if save.deletes:
        return None
    saving.check_name(save.name)
    saving.check_details(save.note, save.expires)
    if save.value is None and save.seen:
        return None
    return saving.value_bytes(save.value or SecretValue(""))
