"""Renaming an entry in the vault and, in the same step, in the connectors that use it."""

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.store.expected import Saved
from strongroom.workspace.renaming import FileRename, RenamePlan, apply_rename
from strongroom_tui.flows import rename_places
from strongroom_tui.flows.conflicts import Mine, write_or_ask
from strongroom_tui.screens.rename import Rename
from strongroom_tui.undo import Move
from strongroom_tui.words import count

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane
    from strongroom_tui.state import Row


class RenamedFiles(NamedTuple):
    """The files that a rename has changed."""

    files: tuple[FileRename, ...]

    def take_back(self) -> None:
        """Put the former name back."""
        rename_places.put_back(self.files)

    def do_again(self) -> None:
        """Put the new name in again."""
        apply_rename(self.files)


async def rename_entry(pane: "SecretsPane", row: "Row") -> None:
    """Ask for the new name beside the lines that use the old one; change vault and files, or neither."""
    room, folder = pane.room, pane.room.folder
    if not await room.ensure_unlocked():
        return
    community, old = room.snapshot.community, row.name
    known: RenamePlan = await room.in_thread(rename_places.plan, folder, old, old)
    shown = await room.in_thread(rename_places.places, folder, known)
    changed: tuple[FileRename, ...] = ()
    made: list[Move | None] = []

    async def save(new: str, updates: bool) -> None:
        nonlocal changed
        # Planned anew: a file may have changed while somebody was typing.
        planned = await room.in_thread(rename_places.plan, folder, old, new)
        files = planned.files if updates else ()

        async def write(tag: bytes) -> Saved:
            saved: Saved = await room.keyed_call(room.session.rename, community, old, new, tag)
            return saved

        move = await write_or_ask(room, row, Mine("rename", community), write)
        made.append(move)
        if move is None:
            return
        try:
            await room.in_thread(apply_rename, files)
        except StrongroomError:
            made.clear()
            with suppress(StrongroomError):
                await room.vault_call(room.session.rename, community, new, old, move.after.tag)
            raise
        changed = files

    taken = {entry.name for entry in room.snapshot.entries} - {old}
    new = await room.push_screen_wait(Rename(old, taken, shown, known.unread, save)) or ""
    if new and any(made):
        also = f" in the vault and {count(len(changed), 'file')}" if changed else ""
        await pane.done(f"renamed {old} to {new}{also}", new, made, RenamedFiles(changed))
