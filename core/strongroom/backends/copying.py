"""Compare two communities, and copy one to the other, wherever they are.

A copy is a row of writes, each of which names the state that it replaces and is read back. So a copy that was
interrupted is done again: what is there already is the same, and nothing is written twice. Nothing is deleted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final, NamedTuple

from strongroom.backends.errors import BackendError
from strongroom.backends.protocol import ABSENT, UNKNOWN, Backend, Held, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, UnknownName
from strongroom.store.rows.listing import Entry
from strongroom.values.secret_value import SecretValue

WORKERS: Final = 8
"""The values that are read at one time."""
NOT_SET: Final = SecretValue("not-set")
"""The value of a name that is copied without its value. The engine needs one."""


class EntryComparison(StrEnum):
    """List what is found about one name."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OTHER_KIND = "other kind"
    ONLY_THERE = "only there"


class Difference(NamedTuple):
    """Hold what is found about one name.

    `parts` are what differs: value, note, expires. `here` and `there` are the tags of both entries, as they
    were when they were compared.
    """

    name: str
    kind: Kind
    action: EntryComparison
    parts: tuple[str, ...] = ()
    here: bytes = ABSENT
    there: bytes = ABSENT


class CopyResult(NamedTuple):
    """Hold the result of a copy.

    `left` are the names that somebody changed in the meantime.
    """

    done: int
    left: tuple[str, ...]


def compare(here: Backend, there: Backend, *, names_only: bool = False) -> list[Difference]:
    """Return the comparison of `there` with `here`, by name.

    With `names_only` no value is read, so a login that may only list names is enough.
    """
    own = {entry.name: entry for entry in here.names()}
    others = {entry.name: entry for entry in there.names()}
    both = [name for name in own if name in others and own[name].kind is others[name].kind]
    parts = {name: _details(own[name], others[name]) for name in both}
    if not names_only:
        with ThreadPoolExecutor(WORKERS) as pool:
            parts = dict(
                zip(both, pool.map(lambda name: _parts(here.get(name), there.get(name)), both), strict=True)
            )
    found = [_difference(entry, others.get(entry.name), parts.get(entry.name, ())) for entry in own.values()]
    found += [
        Difference(entry.name, entry.kind, EntryComparison.ONLY_THERE, there=entry.tag)
        for entry in others.values()
        if entry.name not in own
    ]
    return sorted(found)


def _difference(entry: Entry, other: Entry | None, parts: tuple[str, ...]) -> Difference:
    if other is None:
        return Difference(entry.name, entry.kind, EntryComparison.NEW, here=entry.tag)
    action = EntryComparison.CHANGED if parts else EntryComparison.SAME
    if entry.kind is not other.kind:
        action = EntryComparison.OTHER_KIND
    return Difference(entry.name, entry.kind, action, parts, entry.tag, other.tag)


def _details(entry: Entry, other: Entry) -> tuple[str, ...]:
    pairs = (("note", entry.note, other.note), ("expires", entry.expires, other.expires))
    known = UNKNOWN not in (entry.tag, other.tag)
    return tuple(part for part, one, two in pairs if known and one != two)


def _parts(held: Held, other: Held) -> tuple[str, ...]:
    value = ("value",) if held.value != other.value else ()
    return value + _details(held.entry, other.entry)


def to_copy(found: Iterable[Difference], *, only_new: bool = False) -> list[Difference]:
    """Return what a copy would write."""
    actions = (EntryComparison.NEW,) if only_new else (EntryComparison.NEW, EntryComparison.CHANGED)
    return [one for one in found if one.action in actions]


def copy(
    here: Backend,
    there: Backend,
    wanted: Sequence[Difference],
    *,
    names_only: bool = False,
    on_done: Callable[[int], object] = int,
) -> CopyResult:
    """Write what was compared, and read each entry back.

    `on_done` gets the number of entries that are written. With `names_only`, new names get a stand-in for a value.
    Raises what the engines raise; what was written until then stays, and `compare` finds it the same.
    """
    left = []
    listed = {entry.name: entry for entry in here.names()} if names_only else None
    for number, one in enumerate(wanted, 1):
        try:
            _copy(here, there, one, listed)
        except (EntryChanged, UnknownName):
            left.append(one.name)
        on_done(number - len(left))
    return CopyResult(len(wanted) - len(left), tuple(left))


def _copy(here: Backend, there: Backend, one: Difference, listed: Mapping[str, Entry] | None) -> None:
    """Write one entry.

    With `listed`, the names and their details come from there, and no value is copied.
    """
    if listed is not None:
        entry = listed.get(one.name)
        value = NOT_SET if one.action is EntryComparison.NEW else None
    else:
        entry, value = here.get(one.name)
    if entry is None or entry.tag != one.here:
        raise EntryChanged(one.name, here.community, "changed")
    there.put(Put(one.name, one.kind, value, entry.note, entry.expires), one.there)
    if listed is not None:
        return
    written = there.get(one.name)
    if written.value != value or _details(entry, written.entry):
        raise BackendError(
            f"{one.name} does not read back from {there.place} as it was written.",
            "Run the same command again.",
        )
