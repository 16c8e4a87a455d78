"""Rename an entry in each community that the files use, in the vault or in the engine that holds the community.

The command line does it: one child process for each community, in order. Each holds its entry until the files are
changed (`held_rename`). Only the communities that the files are checked against are meant, because an entry of the
same name in another project's community is another thing.
"""

from collections.abc import Callable, Iterable, Sequence

from strongroom.errors import StrongroomError
from strongroom.names import Knowledge
from strongroom.store.file.places import default_vault_path
from strongroom.store.rows.listing import SOURCE
from strongroom_lsp.commands.held_rename import HeldRename, StoreEntry
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.services import CommandServices, Services


def entries_to_rename(
    services: Services, name: str, contexts: Iterable[FileContext]
) -> tuple[StoreEntry, ...]:
    """Return the entries of vaults and engines that these files mean by `name`, each once.

    A name that comes from a names file, or that is unknown, has none. Raises `StrongroomError` for a community of an
    engine whose names were never read, because nobody can say if it has the name.
    """
    found: dict[tuple[str, str], StoreEntry] = {}
    for context in contexts:
        settings = context.settings
        vault = services.contexts.options.vault or settings.vault or str(default_vault_path())
        for names in context.communities:
            place = settings.backends.get(names.community)
            if place is not None and names.knowledge is Knowledge.NONE:
                raise StrongroomError(
                    f"The names of {place.words} were not read yet.",
                    f'Read them with `strongroom names --community "{place.community}"`.',
                )
            entry = names.get(name)
            is_held = place is not None or (names.knowledge is Knowledge.COMPLETE and names.source == SOURCE)
            if entry is None or not is_held:
                continue
            where = place.words if place else SOURCE
            store = StoreEntry(vault, names.community, entry.kind, settings.folder, where)
            found.setdefault((place.key if place else vault, names.community), store)
    return tuple(found.values())


def left_behind(name: str, entries: Sequence[StoreEntry], contexts: Iterable[FileContext]) -> list[str]:
    """Return a sentence about other communities with an entry of the old name."""
    meant = {entry.community for entry in entries}
    have = {
        other.community
        for context in contexts
        for other in context.names.others
        if other.get(name) is not None
    } - meant
    if not have:
        return []
    verb = "has" if len(have) == 1 else "have"
    return [f"{', '.join(sorted(have))} {verb} a `{name}` as well, which keeps its name."]


class StoreRename:
    """Rename entries one after the other: all keep their new name, or none."""

    def __init__(
        self,
        services: CommandServices,
        entries: Sequence[StoreEntry],
        names: tuple[str, str],
        on_renamed: Callable[[], object],
        on_failed: Callable[[str], object],
    ) -> None:
        self._services = services
        self._waiting = list(entries)
        self._held: list[HeldRename] = []
        self._names = names
        self._on_renamed, self._on_failed = on_renamed, on_failed
        self._next()

    def settle(self, *, keep: bool, on_settled: Callable[[str], object]) -> None:
        """Keep the new names, or give the entries their old ones back.

        `on_settled` gets what went wrong, or "".
        """
        self._waiting.clear()
        left = len(self._held)
        troubles: list[str] = []

        def settled(trouble: str) -> None:
            nonlocal left
            left -= 1
            if trouble:
                troubles.append(trouble)
            if not left:
                on_settled(" ".join(troubles))

        for held in reversed(self._held):
            held.settle(keep=keep, on_settled=settled)

    def wait(self, seconds: float) -> None:
        """Let go of the entries, and wait until each has its old name.

        For the end of this process.
        """
        for held in self._held:
            held.wait(seconds)

    def _next(self) -> None:
        if not self._waiting:
            self._on_renamed()
            return
        entry = self._waiting.pop(0)
        self._held.append(HeldRename(self._services, entry, self._names, self._next, self._failed))

    def _failed(self, trouble: str) -> None:
        self.settle(keep=False, on_settled=lambda more: self._on_failed(f"{trouble} {more}".strip()))
