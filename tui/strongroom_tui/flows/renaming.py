"""Renaming an entry in the vault and, in the same step, in the connectors that use it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.store.vault import Vault
from strongroom.workspace.rename_transaction import RenameTransaction, end_interrupted
from strongroom.workspace.renaming import FileRename, RenamePlan
from strongroom_tui.flows import rename_places
from strongroom_tui.screens.rename import Rename
from strongroom_tui.words import count, one_line

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane
    from strongroom_tui.state import Row


async def rename_entry(pane: "SecretsPane", row: "Row") -> None:
    """Ask for the new name beside the lines that use the old one; change vault and files, or neither."""
    room, folder = pane.room, pane.room.folder
    if not await room.ensure_unlocked():
        return
    if ended := await room.vault_call(room.session.do, end_interrupted):
        for one in ended:
            room.notify(one_line(one.sentence), markup=False, timeout=8)
        await room.refresh_vault()
        return  # what is on the screen was another state
    community, old = room.snapshot.community, row.name
    known: RenamePlan = await room.in_thread(rename_places.plan, folder, community, old, old)
    shown = await room.in_thread(rename_places.places, folder, known)
    changed: tuple[FileRename, ...] = ()

    async def save(new: str, updates: bool) -> None:
        nonlocal changed
        # Planned anew: a file may have changed while somebody was typing.
        planned = await room.in_thread(rename_places.plan, folder, community, old, new)
        files = planned.files if updates else ()
        await rename_both(old, new, files)
        changed = files

    async def rename_both(former: str, new: str, files: Sequence[FileRename]) -> None:
        begin = partial(RenameTransaction.begin, room.session.path, community, former, new, files)
        change = await room.in_thread(begin)
        try:
            await room.vault_call(room.session.do, Vault.rename, community, former, new)
        except StrongroomError:
            await room.in_thread(change.cancel)
            raise
        try:
            await room.in_thread(change.write)
        except StrongroomError:
            await room.vault_call(room.session.do, Vault.rename, community, new, former)
            await room.in_thread(change.cancel)
            raise

    async def take_back() -> None:
        await rename_both(new, old, await room.in_thread(rename_places.inverse, changed))

    taken = {entry.name for entry in room.snapshot.entries} - {old}
    new = await room.push_screen_wait(Rename(old, taken, shown, known.unread, save)) or ""
    if new:
        also = f" in the vault and {count(len(changed), 'file')}" if changed else ""
        await pane.done(f"renamed {old} to {new}{also}", new, take_back)
