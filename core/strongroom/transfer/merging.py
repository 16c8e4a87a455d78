"""Merge a bundle with a vault: three ways, by the versions that both know.

Of two states of a name the one that knows the other's newest version came later, and is taken. If each has a
version that the other does not know, both people changed it: a conflict, which a person decides. Deletions
are versions, too, and an entry is found again under a name that it had before.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from strongroom.store.opened import OpenStore
from strongroom.store.rows import saving
from strongroom.store.rows.many import AuditSource, OverwrittenValue, Save
from strongroom.store.shared import SharedEntry, find_imported, read_shared
from strongroom.store.vault import Vault
from strongroom.transfer.bundle_content import BundleContents
from strongroom.transfer.exporting import need_vault
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Refusal
from strongroom.transfer.planning import (
    CHANGED,
    CONFLICT,
    DELETED,
    KEPT,
    MINE,
    NEW,
    RENAMED,
    SAME,
    THEIRS,
    ImportChoices,
    Plan,
    PlannedChange,
    make_plan,
    other_kind,
    why_refused,
)


def plan_import(
    vault: OpenStore,
    community: str,
    source: ParsedFile | BundleContents,
    choices: ImportChoices | None = None,
    sender: str = "",
) -> Plan:
    """Return the plan to import a file or a bundle. See `make_plan` and `make_merge`."""
    if isinstance(source, ParsedFile):
        return make_plan(vault, community, source, choices)
    return make_merge(need_vault(vault), community, source, choices, sender)


def make_merge(
    vault: Vault,
    community: str,
    contents: BundleContents,
    choices: ImportChoices | None = None,
    sender: str = "",
) -> Plan:
    """Compare a bundle with what `community` holds.

    `sender` is the sender's name where it is known. Changes nothing. Raises VaultAltered, InvalidField.
    """
    choices = choices or ImportChoices()
    community = saving.clean_community(community)
    held = read_shared(vault, community)
    source = AuditSource(sender or (str(contents.sender) if contents.sender else ""), str(contents.origin))
    notes = tuple(_notes(vault, community, contents))
    plan = Plan(community, "a bundle", [], [], [], [], source, contents.community, notes)
    for theirs, mine in _pairs(contents.entries, held.entries):
        _Merge(plan, choices, theirs, mine).decide()
    _refuse_taken(plan, {entry.name for entry in held.entries if entry.value is not None})
    plan.changes.sort(key=lambda change: change.name)
    return plan


def _refuse_taken(plan: Plan, taken: set[str]) -> None:
    """Refuse new names that another entry has here, and keeps."""
    taken -= {save.seen.name for save in plan.saves if save.seen and (save.deletes or save.is_rename)}
    for save in list(plan.saves):
        if save.name in taken and (save.seen is None or save.is_rename):
            plan.saves.remove(save)
            plan.changes[:] = [
                change
                for change in plan.changes
                if change.name != save.name or change.action not in (NEW, RENAMED)
            ]
            plan.refusals.append(Refusal(0, save.name, "the community has another entry of this name"))


def _notes(vault: Vault, community: str, contents: BundleContents) -> Iterator[str]:
    if contents.community != community:
        yield f'The bundle is of community "{contents.community}", and would go into "{community}".'
    newest = find_imported(vault, community, contents.origin.vault)
    if newest is not None and newest.generation > contents.origin.generation:
        yield (
            f"The bundle is older than one of the same vault that was imported here: that one was sealed on "
            f"{newest.sealed[:10]}, this one on {contents.origin.sealed[:10]}."
        )


_PARTS: Final = ("value", "note", "expires")


class _Merge:
    """Decide what happens with one name of a bundle.

    The content and the name are two things: one person may have changed the value, and another one the name.
    """

    def __init__(
        self, plan: Plan, choices: ImportChoices, theirs: SharedEntry, mine: SharedEntry | None
    ) -> None:
        self._plan = plan
        self._theirs = theirs
        self._mine = mine
        names = (theirs.name, mine.name if mine else theirs.name)
        self._chosen = next((choices.sides[name] for name in names if name in choices.sides), choices.side)

    def decide(self) -> None:
        """Add the change of this name to the plan."""
        theirs, mine = self._theirs, self._mine
        if theirs.value is None and (mine is None or mine.value is None):
            return
        if reason := self._why_refused():
            self._plan.refusals.append(Refusal(0, theirs.name, reason))
        elif mine is None:
            self._add()
        elif theirs.value is None or mine.value is None:
            self._decide_on_deletion(mine)
        else:
            self._decide(mine)

    def _decide_on_deletion(self, mine: SharedEntry) -> None:
        side = _later(self._theirs, mine)
        if _renamed_by(self._theirs, mine) != SAME:
            side = CONFLICT  # a rename is a change, too
        side = self._chosen if side == CONFLICT and self._chosen else side
        is_gone_there = self._theirs.value is None
        if side != THEIRS:
            gone, changed = ("there", "here") if is_gone_there else ("here", "there")
            parts = () if side == MINE else (f"deleted {gone}", f"changed {changed}")
            self._change(KEPT if side == MINE else CONFLICT, mine.name, parts)
        elif not is_gone_there:
            self._add()
        elif mine.seen is not None:
            self._change(DELETED, mine.name)
            made = self._theirs.versions[-1]
            self._plan.saves.append(
                Save(mine.name, mine.kind, None, None, None, mine.seen, made, deletes=True)
            )

    def _decide(self, mine: SharedEntry) -> None:
        side, parts = _compare(self._theirs, mine)
        name_side = _renamed_by(self._theirs, mine)
        if CONFLICT in (side, name_side) and not self._chosen:
            named = ("name",) if name_side == CONFLICT else ()
            self._change(CONFLICT, mine.name, (*named, *(parts if side == CONFLICT else ())))
            return
        name_side = self._chosen if name_side == CONFLICT else name_side
        if side == CONFLICT and self._chosen == MINE and "value" in parts and name_side != THEIRS:
            self._keep(mine)
            return
        side = self._chosen if side == CONFLICT else side
        if THEIRS in (side, name_side):
            self._take(mine, parts if side == THEIRS else (), takes_name=name_side == THEIRS)
        else:
            self._change(KEPT if MINE in (side, name_side) else SAME, mine.name)

    def _why_refused(self) -> str:
        theirs, mine = self._theirs, self._mine
        if theirs.value is None:
            return ""
        item = FileEntry(0, theirs.name, theirs.value, theirs.kind, theirs.note, theirs.expires)
        is_other_kind = mine is not None and mine.value is not None and mine.kind is not theirs.kind
        return why_refused(item, theirs.name) or (other_kind(mine.kind) if mine and is_other_kind else "")

    def _add(self) -> None:
        theirs = self._theirs
        made = theirs.versions[-1]
        self._change(NEW, theirs.name)
        self._plan.saves.append(
            Save(theirs.name, theirs.kind, theirs.value, theirs.note, theirs.expires, None, made)
        )

    def _take(self, mine: SharedEntry, parts: tuple[str, ...], *, takes_name: bool) -> None:
        theirs = self._theirs
        name = theirs.name if takes_name else mine.name
        takes = {part: getattr(theirs, part) if part in parts else None for part in _PARTS}
        made = theirs.versions[-1] if "value" in parts else ""
        self._change(RENAMED if takes_name else CHANGED, name, parts, mine.name)
        self._plan.saves.append(
            Save(name, mine.kind, takes["value"], takes["note"], takes["expires"], mine.seen, made)
        )

    def _keep(self, mine: SharedEntry) -> None:
        """Plan to save the value here over that of the bundle.

        The value here is then the later one for everybody.
        """
        if self._theirs.value is not None:
            over = OverwrittenValue(self._theirs.value, self._theirs.versions[-1])
            self._change(KEPT, mine.name, ("value",))
            self._plan.saves.append(Save(mine.name, mine.kind, mine.value, None, None, mine.seen, over=over))

    def _change(self, action: str, name: str, parts: tuple[str, ...] = (), original: str = "") -> None:
        other = original if original != name else ""
        self._plan.changes.append(PlannedChange(action, name, self._theirs.kind, 0, other, parts))


def _compare(theirs: SharedEntry, mine: SharedEntry) -> tuple[str, tuple[str, ...]]:
    """Return the later side, SAME or CONFLICT, and the parts that differ or are taken."""
    differing = tuple(part for part in _PARTS if getattr(theirs, part) != getattr(mine, part))
    if "value" in differing:
        return _later(theirs, mine), differing
    # Notes and dates have no versions: what one side has and the other has not is added.
    if both := tuple(part for part in differing if getattr(theirs, part) and getattr(mine, part)):
        return CONFLICT, both
    if added := tuple(part for part in differing if getattr(theirs, part)):
        return THEIRS, added
    return (MINE if differing else SAME), ()


def _later(theirs: SharedEntry, mine: SharedEntry) -> str:
    if not theirs.versions or not mine.versions or theirs.versions[-1] == mine.versions[-1]:
        return CONFLICT
    if mine.versions[-1] in theirs.versions:
        return THEIRS
    return MINE if theirs.versions[-1] in mine.versions else CONFLICT


def _renamed_by(theirs: SharedEntry, mine: SharedEntry) -> str:
    """Return the side that gave the entry the name that the other does not have."""
    if theirs.name == mine.name:
        return SAME
    there, here = (*theirs.former, theirs.name), (*mine.former, mine.name)
    if _came_before(here, there):
        return THEIRS
    return MINE if _came_before(there, here) else CONFLICT


def _came_before(names: Sequence[str], later: Sequence[str]) -> bool:
    """Return True if an entry with `names`, oldest first, may have got `later` since."""
    rest = iter(later)
    return all(name in rest for name in names)


def _pairs(
    theirs: Sequence[SharedEntry], mine: Iterable[SharedEntry]
) -> list[tuple[SharedEntry, SharedEntry | None]]:
    """Return each entry of the bundle with the one here that it is, or None.

    One of the same name and a version in common comes first, then one with a name and a version in common, then one of
    the same name.
    """
    left = {entry.name: entry for entry in mine}
    found: dict[str, SharedEntry] = {}
    for fits in (_is_same, _is_renamed, _has_name):
        by_name: dict[str, list[SharedEntry]] = {}
        for entry in left.values():
            for name in (entry.name, *entry.former):
                by_name.setdefault(name, []).append(entry)
        for entry in theirs:
            if entry.name in found:
                continue
            near = [
                other for name in (entry.name, *reversed(entry.former)) for other in by_name.get(name, ())
            ]
            match = next((other for other in near if other.name in left and fits(entry, other)), None)
            if match is not None:
                found[entry.name] = left.pop(match.name)
    return [(entry, found.get(entry.name)) for entry in theirs]


def _is_same(theirs: SharedEntry, mine: SharedEntry) -> bool:
    return theirs.name == mine.name and not set(theirs.versions).isdisjoint(mine.versions)


def _is_renamed(theirs: SharedEntry, mine: SharedEntry) -> bool:
    return not set(theirs.versions).isdisjoint(mine.versions)


def _has_name(theirs: SharedEntry, mine: SharedEntry) -> bool:
    return theirs.name == mine.name
