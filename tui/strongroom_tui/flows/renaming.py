"""Rename an entry in the vault and in the connectors that use it, in one step."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.store.rows.expected import Saved
from strongroom.text.phrases import counted
from strongroom.workspace.rename_transaction import RenameTransaction
from strongroom.workspace.renaming import FileRename, RenamePlan
from strongroom_tui.dialogs.rename import Rename
from strongroom_tui.flows.conflicts import Mine, write_or_ask
from strongroom_tui.model.connectors import rename_places
from strongroom_tui.model.secrets.undo import Move, UndoableChange
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow


class RenamedFiles(NamedTuple):
    """Hold a rename and the files that it changes."""

    vault: str
    community: str
    old: str
    new: str
    files: tuple[FileRename, ...]

    def begin(self, *, again: bool) -> RenameTransaction:
        """Prepare to write the new name, or the former name again."""
        if again:
            return RenameTransaction.begin(self.vault, self.community, self.old, self.new, self.files)
        files = rename_places.inverse(self.files)
        return RenameTransaction.begin(self.vault, self.community, self.new, self.old, files)


async def rename_entry(host: "Host", row: "NameRow") -> UndoableChange | None:
    """Ask for the new name beside the lines that use the old name. Rename both."""
    folder = host.folder
    if not await host.ensure_unlocked():
        return None
    if ended := await host.vault_call(host.session.end_interrupted_renames):
        for one in ended:
            host.notify(one_line(one.sentence), markup=False, timeout=8)
        await host.refresh_vault()
        return None  # the screen showed another state
    community, old = host.snapshot.community, row.name
    known: RenamePlan = await host.in_thread(rename_places.plan, folder, community, old, old)
    shown = await host.in_thread(rename_places.changed_calls, folder, known)
    renamed = RenamedFiles(host.session.path_of(community), community, old, "", ())
    made: list[Move] = []

    async def save(new: str, updates: bool) -> None:
        nonlocal renamed
        # Planned again: a file may have changed while somebody was typing.
        planned = await host.in_thread(rename_places.plan, folder, community, old, new)
        files = RenamedFiles(
            host.session.path_of(community), community, old, new, planned.files if updates else ()
        )
        move = await _rename_both(host, row, files)
        if move is not None:
            made.append(move)
            renamed = files

    taken = {entry.name for entry in host.snapshot.entries} - {old}
    new = await host.push_screen_wait(Rename(old, taken, shown, known.unread, save)) or ""
    if not new or not made:
        return None
    also = f" in the vault and {counted(len(renamed.files), 'file')}" if renamed.files else ""
    return UndoableChange(f"renamed {old} to {new}{also}", new, tuple(made), renamed)


async def _rename_both(host: "Host", row: "NameRow", renamed: RenamedFiles) -> Move | None:
    """Rename in the vault and in the files, or in neither.

    Return None if another program's entry is kept.
    """
    community, old, new = renamed.community, renamed.old, renamed.new
    begun: list[RenameTransaction] = []

    async def write(tag: bytes) -> Saved:
        change = await host.in_thread(partial(renamed.begin, again=True))
        try:
            saved: Saved = await host.keyed_call(host.session.rename, community, old, new, tag)
        except StrongroomError:
            await host.in_thread(change.cancel)
            raise
        begun.append(change)
        return saved

    move = await write_or_ask(host, row, Mine("rename", community), write)
    if move is None:
        return None
    try:
        await host.in_thread(begun[-1].write)
    except StrongroomError:
        await host.keyed_call(host.session.rename, community, new, old, move.after.tag)
        await host.in_thread(begun[-1].cancel)
        raise
    return move
