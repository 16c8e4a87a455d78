"""Record in the audit trail what was done to the vault, when, and to which name.

The trail never holds a value.

Each row is chained to the one before it by an HMAC, and the newest link is part of the manifest. Replaying
the trail says what the vault should hold, which is how `checks` can name what was taken out or put back.
A trail that grows too long is shortened: the fewest rows that replay to the same state take the place of the
oldest ones, chained like any others.
"""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from strongroom.store.format.manifest import AuditRow


class AuditAction(str, Enum):  # noqa: UP042  # as `Kind`: StrEnum prints otherwise
    """Name what was done.

    The values are what the file says.
    """

    CREATE = "create-vault"
    ADD = "add"
    SET = "set"
    DESCRIBE = "describe"
    RENAME = "rename"
    DELETE = "delete"
    UNDELETE = "undelete"
    RESTORE = "restore"
    PURGE = "purge"
    ADD_COMMUNITY = "add-community"
    RENAME_COMMUNITY = "rename-community"
    DELETE_COMMUNITY = "delete-community"
    USE_COMMUNITY = "use-community"
    ADD_SLOT = "add-slot"
    REMOVE_SLOT = "remove-slot"
    ROTATE = "rotate"
    PRUNE = "prune"
    RESTORE_BACKUP = "restore-backup"
    IMPORT_BUNDLE = "import-bundle"
    BY = "by"


class Actor(NamedTuple):
    """Hold who changes the vault: the words and the id of the slot that opened it.

    The id is empty if the key was kept in memory.
    """

    name: str
    slot: str


class Expected(NamedTuple):
    """Hold what the trail says of one entry."""

    community: str
    name: str
    kind: str
    version: int
    changed: str
    is_deleted: bool


_NOBODY = Actor("", "")


def actors(trail: Iterable[AuditRow]) -> list[str]:
    """Return who made each change of a whole trail.

    Until the first `by`, that is the person who opens the first slot.
    """
    names = []
    actor = ""
    for row in trail:
        if row.action == AuditAction.BY or (row.action == AuditAction.ADD_SLOT and not actor):
            actor = row.name
        names.append(actor)
    return names


class Replay:
    """Hold what the vault should hold, by the trail.

    `slots` are the ids of slots, as hexadecimal digits.
    """

    def __init__(self, rows: Iterable[AuditRow]) -> None:
        self.entries: dict[int, Expected] = {}
        self.communities: set[str] = set()
        self.slots: dict[str, str] = {}
        self.actor = _NOBODY
        self.by: dict[int, Actor] = {}
        for row in rows:
            self._apply(row)

    def _apply(self, row: AuditRow) -> None:
        match row.action:
            case (
                AuditAction.ADD
                | AuditAction.SET
                | AuditAction.DESCRIBE
                | AuditAction.RENAME
                | AuditAction.RESTORE
                | AuditAction.DELETE
                | AuditAction.UNDELETE
            ):
                self.by[row.entry] = self.actor
                deleted = row.action == AuditAction.DELETE
                self.entries[row.entry] = Expected(
                    row.community, row.name, row.detail, row.version, row.at, deleted
                )
            case AuditAction.PURGE:
                self.entries.pop(row.entry, None)
            case AuditAction.ADD_COMMUNITY:
                self.communities.add(row.community)
            case AuditAction.RENAME_COMMUNITY:
                self.communities.discard(row.detail)
                self.communities.add(row.community)
                self._move(row.detail, row.community)
            case AuditAction.DELETE_COMMUNITY:
                self.communities.discard(row.community)
                self.entries = {
                    key: one for key, one in self.entries.items() if one.community != row.community
                }
            case AuditAction.ADD_SLOT:
                self.slots[row.detail] = row.name
                self.actor = self.actor if self.actor.name else Actor(row.name, row.detail)
            case AuditAction.BY:
                self.actor = Actor(row.name, row.detail)
            case AuditAction.REMOVE_SLOT:
                self.slots.pop(row.detail, None)

    def rows(self, at: str) -> list[AuditRow]:
        """Return the fewest rows that replay to this state, in place of dropped rows.

        `at` is the time of a row for which the state has none. The ids are all 0.
        """
        rows = [
            AuditRow(0, at, AuditAction.ADD_COMMUNITY, 0, 0, name, "", "")
            for name in sorted(self.communities)
        ]
        rows += [
            AuditRow(0, at, AuditAction.ADD_SLOT, 0, 0, "", kind, key) for key, kind in self.slots.items()
        ]
        slot, kind = next(iter(self.slots.items()), ("", ""))
        last = Actor(kind, slot)
        groups: dict[Actor, list[int]] = {}
        for key in self.entries:
            groups.setdefault(self.by[key], []).append(key)
        groups[self.actor] = groups.pop(self.actor, [])  # who goes on comes last
        for actor, keys in groups.items():
            if actor != last:
                rows.append(AuditRow(0, at, AuditAction.BY, 0, 0, "", *actor))
            last = actor
            rows += [self._row(key) for key in keys]
        return [row._replace(action=AuditAction(row.action).value) for row in rows]

    def _row(self, key: int) -> AuditRow:
        one = self.entries[key]
        action = AuditAction.DELETE if one.is_deleted else AuditAction.SET
        return AuditRow(0, one.changed, action, key, one.version, one.community, one.name, one.kind)

    def _move(self, old: str, new: str) -> None:
        self.entries = {
            key: one._replace(community=new) if one.community == old else one
            for key, one in self.entries.items()
        }
