"""Rename an entry in the vault or engine of each community that the files use.

The command line does it: one child process for each community, in order. Each holds its entry until the files are
changed (`held_rename`). Only the communities that the files are checked against are meant, because an entry of the
same name in another project's community is another thing.
"""

import asyncio
from collections.abc import Iterable, Sequence

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
    """Return the entries of vaults and engines that these files mean by `name`.

    Each entry is there once. A name that comes from a names file, or that is unknown, has no entry. Raises
    `StrongroomError` for a community of an engine whose names were never read, because nobody can say if it
    has the name.
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
    """Rename entries one after the other: all keep their new name, or none.

    `rename` waits for the new names, `release` says which names stay, and `settled` waits for these.
    """

    def __init__(
        self, services: CommandServices, entries: Sequence[StoreEntry], names: tuple[str, str]
    ) -> None:
        self._services = services
        self._entries = entries
        self._names = names
        self._held: list[HeldRename] = []
        self._released: asyncio.Future[None] = services.loop.create_future()

    async def rename(self) -> bool:
        """Rename each entry. Return False if they were released before.

        Raises `StrongroomError` with the reason if an entry cannot be renamed. All have their old name then.
        """
        for entry in self._entries:
            if self._released.done():
                return False
            held = HeldRename(self._services, entry, self._names)
            self._held.append(held)
            try:
                await held.renamed()
            except StrongroomError as error:
                if self._released.done():
                    return False
                self.release(keep=False)
                raise StrongroomError(f"{error} {await self.settled()}".strip()) from None
        return not self._released.done()

    def release(self, *, keep: bool) -> None:
        """Keep the new names, or give the entries their old ones back.

        Only the first call counts.
        """
        if self._released.done():
            return
        self._released.set_result(None)
        for held in reversed(self._held):
            held.release(keep=keep)

    async def settled(self) -> str:
        """Wait until the entries were released, and have the names that stay.

        Return what went wrong, or "".
        """
        await self._released
        troubles = await asyncio.gather(*(held.settled() for held in reversed(self._held)))
        return " ".join(filter(None, troubles))

    def wait(self, seconds: float) -> None:
        """Let go of the entries, and wait until each has its old name.

        For the end of this process.
        """
        for held in self._held:
            held.wait(seconds)
