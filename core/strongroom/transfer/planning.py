"""Plan an import without showing a value, and then do it all at once."""

from collections.abc import Mapping
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.platform.naming import is_valid_name, why_invalid
from strongroom.store.errors import EmptyValue, SaveRefused
from strongroom.store.opened import OpenStore
from strongroom.store.rows import saving
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.many import AuditSource, EntryWithValue, Save
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Refusal, Remark, shown_name, suggest_name

NEW, CHANGED, SAME = "new", "changed", "same"
DELETED, RENAMED, KEPT, CONFLICT = "deleted", "renamed", "kept", "conflict"
"""The actions that only a bundle brings. `kept` means that the value here is newer."""
MINE, THEIRS = "mine", "theirs"


class ImportChoices(NamedTuple):
    """Hold what the person says of kinds, names and conflicts.

    `kinds` goes before what the file says, `kind` after it. `sides` has MINE or THEIRS for a name in conflict, `side`
    for all others.
    """

    kind: Kind | None = None
    kinds: Mapping[str, Kind] = {}
    rename_invalid: bool = False
    sides: Mapping[str, str] = {}
    side: str = ""


class PlannedChange(NamedTuple):
    """Hold what happens to one name. `parts` are what changes: value, note, expires.

    `original` is the file's own name if the name was made valid.
    """

    action: str
    name: str
    kind: Kind
    line: int
    original: str = ""
    parts: tuple[str, ...] = ()


class Plan(NamedTuple):
    """Hold an import before it is done.

    The `repr` of a plan shows no value: what is saved holds `SecretValue`s only. A bundle has an `origin`, the
    community that it is of, and notes: sentences that a person should read first.
    """

    community: str
    what: str
    changes: list[PlannedChange]
    refusals: list[Refusal]
    remarks: list[Remark]
    saves: list[Save]
    origin: AuditSource | None = None
    of_community: str = ""
    notes: tuple[str, ...] = ()

    def count(self, action: str) -> int:
        """Return the number of changes of this kind."""
        return sum(change.action == action for change in self.changes)

    @property
    def conflicts(self) -> list[PlannedChange]:
        """Return the names that were changed on both sides, and are left as they are."""
        return [change for change in self.changes if change.action == CONFLICT]


_REPEATED = "repeated"


def make_plan(
    vault: OpenStore, community: str, source: ParsedFile, choices: ImportChoices | None = None
) -> Plan:
    """Compare `source` with what `community` holds.

    Changes nothing. Raises VaultAltered, InvalidField.
    """
    choices = choices or ImportChoices()
    community = saving.clean_community(community)
    held = vault.read_all(community)
    plan = Plan(community, source.what, [], list(source.refusals), list(source.remarks), [])
    named = [(item, _name(item, choices)) for item in source.entries]
    doubles = _doubles(named)
    for item, name in named:
        existing = held.get(name)
        reason = _why_refused(item, name, existing, choices) or doubles.get(id(item), "")
        if reason == _REPEATED:
            continue
        if reason:
            suggestion = suggest_name(item.name) if not is_valid_name(item.name) else ""
            plan.refusals.append(_refusal(item, reason, suggestion))
        else:
            _add(plan, item, name, existing, _kind(item, name, existing, choices))
    plan.refusals.sort(key=lambda refusal: refusal.line)
    return plan


def apply_plan(vault: OpenStore, plan: Plan) -> list[Saved]:
    """Save the plan in one transaction, and return the added and changed entries.

    Raises `EntryChanged` if the community changed since, and what a save raises.
    """
    return vault.save_many(plan.community, plan.saves, plan.origin) if plan.saves else []


def _name(item: FileEntry, choices: ImportChoices) -> str:
    if choices.rename_invalid and not is_valid_name(item.name):
        return suggest_name(item.name)
    return item.name


def _kind(item: FileEntry, name: str, existing: EntryWithValue | None, choices: ImportChoices) -> Kind:
    stated = choices.kinds.get(name) or choices.kinds.get(item.name) or item.kind or choices.kind
    return stated or (existing.kind if existing else Kind.SECRET)


def _why_refused(item: FileEntry, name: str, existing: EntryWithValue | None, choices: ImportChoices) -> str:
    if reason := why_refused(item, name):
        return reason
    kind = _kind(item, name, existing, choices)
    return other_kind(existing.kind) if existing is not None and existing.kind is not kind else ""


def other_kind(kind: Kind) -> str:
    """Return the reason why an entry of another kind is refused."""
    return f"the community has a {kind.value} of this name, and a kind cannot change"


def why_refused(item: FileEntry, name: str) -> str:
    """Return the reason why an entry cannot be saved under `name`, or ""."""
    if not is_valid_name(name):
        return f"the name {why_invalid(item.name)}"
    if len(name) > saving.LONGEST_NAME:
        return f"the name has more than {saving.LONGEST_NAME} characters"
    for check, reason in (
        (lambda: saving.value_bytes(item.value), ""),
        (lambda: saving.check_note(item.note or ""), "the note is too long or holds a control character"),
        (lambda: saving.check_expiry(item.expires or ""), "the expiry date is not a date (YYYY-MM-DD)"),
    ):
        try:
            check()
        except EmptyValue:
            return "the value is empty"
        except SaveRefused:
            return reason or f"the value is longer than {saving.LONGEST_VALUE >> 20} MiB"
    return ""


def _doubles(named: list[tuple[FileEntry, str]]) -> dict[int, str]:
    """Return, by `id` of the item, the reason why a repeated name is refused.

    A name with several values is refused each time, because programs differ in which one counts. An exact
    repetition is only left out.
    """
    groups: dict[str, list[FileEntry]] = {}
    for item, name in named:
        groups.setdefault(name, []).append(item)
    reasons = {}
    for group in groups.values():
        first, *others = group
        differing = [item for item in others if item._replace(line=first.line) != first]
        for item in others if not differing else []:
            reasons[id(item)] = _REPEATED
        for item in group if differing else []:
            other = first if item is not first else differing[0]
            place = f"on line {other.line}" if other.line else "elsewhere"
            reasons[id(item)] = f"the name is given another value {place}"
    return reasons


def _refusal(item: FileEntry, reason: str, suggestion: str) -> Refusal:
    # Without a value the "name" may be the end of a key that lost its quotes: the line number must do.
    name = shown_name(item.name) if item.value.reveal() else ""
    return Refusal(item.line, name, reason, suggestion if name else "")


def _add(plan: Plan, item: FileEntry, name: str, existing: EntryWithValue | None, kind: Kind) -> None:
    original = item.name if item.name != name else ""
    if existing is None:
        plan.changes.append(PlannedChange(NEW, name, kind, item.line, original))
        plan.saves.append(Save(name, kind, item.value, item.note, item.expires))
        return
    value = item.value if item.value != existing.value else None
    note = item.note if item.note not in (None, existing.note) else None
    expires = item.expires if item.expires not in (None, existing.expires) else None
    found = (("value", value), ("note", note), ("expires", expires))
    parts = tuple(part for part, changed in found if changed is not None)
    plan.changes.append(PlannedChange(CHANGED if parts else SAME, name, kind, item.line, original, parts))
    if parts:
        plan.saves.append(Save(name, kind, value, note, expires, existing.seen()))
