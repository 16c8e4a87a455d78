"""Renaming an entry of the vault through the command line: one child process for each community, in order.

Only the communities that the files themselves are checked against are meant: another project's community may have
an entry of the same name, and that is another thing.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from strongroom.names import Kind, Knowledge
from strongroom.store.listing import SOURCE
from strongroom.store.places import default_vault_path

from .child import Child, Done
from .surroundings import Surroundings

if TYPE_CHECKING:
    from .session import Session


class StoreEntry(NamedTuple):
    """An entry of a vault, and the folder whose settings say how to unlock it."""

    vault: str
    community: str
    kind: Kind
    folder: str


def surroundings_of(session: "Session", files: Iterable[str]) -> tuple[Surroundings, ...]:
    """What holds for these files, each once."""
    return tuple(dict.fromkeys(session.surroundings.of(file) for file in files))


def entries_to_rename(
    session: "Session", name: str, surroundings: Iterable[Surroundings]
) -> tuple[StoreEntry, ...]:
    """The vaults' entries that these files mean by `name`, each once; none for names of a names file or of nowhere."""
    found: dict[tuple[str, str], StoreEntry] = {}
    for around in surroundings:
        names, settings = around.names, around.settings
        entry = names.get(name)
        if entry is None or names.knowledge is not Knowledge.COMPLETE or names.source != SOURCE:
            continue
        vault = session.surroundings.options.vault or settings.vault or str(default_vault_path())
        found.setdefault(
            (vault, names.community), StoreEntry(vault, names.community, entry.kind, settings.folder)
        )
    return tuple(found.values())


def left_behind(name: str, entries: Sequence[StoreEntry], surroundings: Iterable[Surroundings]) -> str:
    """Which other communities have an entry of the old name, in a sentence; "" where none has."""
    meant = {entry.community for entry in entries}
    have = {
        other.community
        for around in surroundings
        for other in around.names.others
        if other.get(name) is not None
    } - meant
    if not have:
        return ""
    verb = "has" if len(have) == 1 else "have"
    return (
        f"Renamed in {', '.join(sorted(meant))}. {', '.join(sorted(have))} {verb} a `{name}` too, "
        "which keeps its name."
    )


class StoreRename:
    """Renames entries one after the other; where one fails, those before it get their old name back."""

    def __init__(
        self,
        session: "Session",
        entries: Sequence[StoreEntry],
        old: str,
        new: str,
        on_done: Callable[[str], object],
    ) -> None:
        self._session = session
        self._waiting = list(entries)
        self._renamed: list[StoreEntry] = []
        self._old, self._new = old, new
        self._on_done = on_done
        self._trouble = ""
        self._child: Child | None = None
        self._next()

    def stop(self) -> None:
        """Nobody waits any more: what was not begun is not done."""
        self._waiting.clear()
        self._trouble = "it was cancelled."

    def _next(self) -> None:
        if self._trouble:
            if self._renamed:
                self._run(self._renamed.pop(), self._new, self._old, self._taken_back)
            else:
                self._on_done(self._trouble)
        elif self._waiting:
            self._run(self._waiting.pop(0), self._old, self._new, self._was_renamed)
        else:
            self._on_done("")

    def _run(
        self, entry: StoreEntry, old: str, new: str, on_done: Callable[[StoreEntry, Done], object]
    ) -> None:
        arguments = [entry.kind.value, "rename", old, new, "--community", entry.community]
        self._child = Child(
            self._session.loop,
            arguments,
            entry.folder,
            {"STRONGROOM_VAULT": entry.vault},
            lambda done: on_done(entry, done),
        )

    def _was_renamed(self, entry: StoreEntry, done: Done) -> None:
        if done.status == 0:
            self._renamed.append(entry)
        elif not self._trouble:
            self._trouble = done.sentence
        self._next()

    def _taken_back(self, entry: StoreEntry, done: Done) -> None:
        if done.status != 0:
            self._trouble += (
                f' In community "{entry.community}" it is now called `{self._new}`: {done.sentence}'
            )
        self._next()
