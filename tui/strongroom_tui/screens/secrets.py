"""The Secrets place: its list, and the actions that change what is stored."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from strongroom.errors import StrongroomError
from strongroom_tui.actions import Place, bindings
from strongroom_tui.screens.secret_list import SecretList
from strongroom_tui.workers import Group, start


class SecretsPane(SecretList):
    """Each action asks, changes and tells in a module of its own (flows/), loaded when it is first used."""

    BINDINGS = bindings(Place.SECRETS)

    def _begin(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        start(self, Group.DIALOG, self._run, flow, *args)

    async def _run(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        try:
            await flow(self, *args)
        except StrongroomError as error:
            self.room.complain(error)
            await self.room.refresh_vault()

    async def done(self, said: str, name: str, take_back: Callable[[], Awaitable[None]]) -> None:
        """A change was made: show it, tell it, and remember the way back."""
        room = self.room
        room.undo.push(said, name, take_back)
        await room.refresh_vault()
        if any(row.name == name for row in self.state.rows):
            self.go_to(name)
        room.say(f"✓ {said} · z takes it back")

    # -- one entry ----------------------------------------------------------------

    def action_new(self) -> None:
        """Make an entry; on a missing name, that one."""
        from strongroom_tui.flows.editing import new_entry

        self._begin(new_entry)

    def action_edit(self) -> None:
        """Change the entry under the cursor; a missing one is made."""
        from strongroom_tui.flows.editing import edit_entry

        row = self.row
        if row is not None and row.missing:
            self.action_new()
        elif row is not None:
            self._begin(edit_entry, row)

    def action_rename(self) -> None:
        """Rename the entry under the cursor, and the connectors' calls with it."""
        from strongroom_tui.flows.renaming import rename_entry

        row = self.row
        if row is not None and not row.missing:
            self._begin(rename_entry, row)

    def action_history(self) -> None:
        """The values that the entry had: look, restore."""
        from strongroom_tui.flows.history import show_history

        row = self.row
        if row is not None and not row.missing:
            self._begin(show_history, row)

    def action_copy(self) -> None:
        """Copy the value; the clipboard is cleared after a while."""
        from strongroom_tui.flows.copying import copy_value

        row = self.row
        if row is not None and not row.missing:
            self._begin(copy_value, row)

    # -- one or many ----------------------------------------------------------------

    def action_delete(self) -> None:
        """Delete the selected entries, after saying what would break."""
        from strongroom_tui.flows.deleting import delete_entries

        self._begin(delete_entries)

    def action_expire(self) -> None:
        """Set when the selected entries expire."""
        from strongroom_tui.flows.expiring import set_expiry

        self._begin(set_expiry)

    def action_export(self) -> None:
        """Write the selected entries, or all, to a file."""
        from strongroom_tui.flows.exporting import export_entries

        self._begin(export_entries)

    def action_import(self) -> None:
        """Read entries from a file, after showing what would change."""
        from strongroom_tui.flows.importing import import_entries

        self._begin(import_entries)

    # -- back ----------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last change back."""
        self._begin(_undo)


async def _undo(pane: SecretsPane) -> None:
    room = pane.room
    if not len(room.undo):
        room.say("nothing to take back")
        return
    if not await room.ensure_unlocked():
        return
    change = room.undo.pop()
    assert change is not None
    await change.take_back()
    await room.refresh_vault()
    if any(row.name == change.name for row in pane.state.rows):
        pane.go_to(change.name)
    room.say(f"✓ taken back: {change.said}")
