"""The Secrets place: its list, and the actions that change what is stored."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from strongroom.errors import StrongroomError
from strongroom_tui.frame.actions import Place, bindings
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.secrets.undo import Change, Files, Move
from strongroom_tui.places.secret_list import SecretList


class SecretsPane(SecretList):
    """Each action asks, changes and tells in a module of its own (flows/), loaded when it is first used."""

    BINDINGS = bindings(Place.SECRETS)

    def _begin(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        start(self, Group.DIALOG, self._run, flow, *args)

    async def _run(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        try:
            await flow(self, *args)
        except StrongroomError as error:
            self.host.complain(error)
            await self.host.refresh_vault()

    async def done(
        self, said: str, name: str, moves: Sequence[Move | None], files: Files | None = None
    ) -> None:
        """A change was made: show it, tell it, and remember the way back. A move that is None was not made."""
        made = tuple(move for move in moves if move is not None)
        if not made:
            return
        host = self.host
        host.undo.did(Change(said, name, made, files))
        await host.refresh_vault()
        if any(row.name == name for row in self.state.rows):
            self.go_to(name)
        host.say(f"✓ {said} · z takes it back")

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

    def action_deleted(self) -> None:
        """The deleted entries: restore or purge one."""
        from strongroom_tui.flows.deleted import show_deleted

        self._begin(show_deleted)

    # -- back ----------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last change back."""
        from strongroom_tui.flows.undoing import take_back

        self._begin(take_back)

    def action_redo(self) -> None:
        """Do again what was taken back last."""
        from strongroom_tui.flows.undoing import do_again

        self._begin(do_again)
