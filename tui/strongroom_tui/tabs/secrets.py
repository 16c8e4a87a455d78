"""Do the actions of the Secrets tab that change what is stored."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVarTuple

from strongroom.errors import StrongroomError
from strongroom_tui.frame.actions import Tab, bindings
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.host import Host
from strongroom_tui.model.secrets.name_row import NameRow
from strongroom_tui.model.secrets.undo import UndoableChange
from strongroom_tui.tabs.secret_list import SecretList

Ts = TypeVarTuple("Ts")

Changing = Coroutine[Any, Any, UndoableChange | None]
"""A flow that is under way, which gives the change that it made.

A change without moves and files changed nothing.
"""


class SecretsPane(SecretList):
    """Call a flow for each action, and show the change that the flow made.

    A flow is imported when it is first used.
    """

    BINDINGS = bindings(Tab.SECRETS)

    def _begin(self, flow: Callable[[*Ts], Changing], *args: *Ts) -> None:
        start(self, Group.DIALOG, self._run, flow, *args)

    async def _run(self, flow: Callable[[*Ts], Changing], *args: *Ts) -> None:
        try:
            change = await flow(*args)
            if change is not None and (change.moves or change.files):
                await self._show_change(change)
        except StrongroomError as error:
            self.host.complain(error)
            await self.host.refresh_vault()

    async def _show_change(self, change: UndoableChange) -> None:
        """Remember the way back of a change, and show it."""
        host = self.host
        host.undo.did(change)
        await host.refresh_vault()
        self._go_to_row(change.name)
        host.say(f"✓ {change.said} · z takes it back")

    def _go_to_row(self, name: str) -> None:
        if any(row.name == name for row in self.state.rows):
            self.go_to(name)

    # -- one entry ----------------------------------------------------------------

    def action_new(self) -> None:
        """Make an entry: the missing name under the cursor, if there is one."""
        from strongroom_tui.flows.editing import new_entry

        row = self.row
        self._begin(new_entry, self.host, row if row is not None and row.missing else None)

    def action_edit(self) -> None:
        """Change the entry under the cursor. Make a missing one."""
        from strongroom_tui.flows.editing import edit_entry

        row = self.row
        if row is not None and row.missing:
            self.action_new()
        elif row is not None:
            self._begin(edit_entry, self.host, row)

    def action_rename(self) -> None:
        """Rename the entry under the cursor, and the connectors' calls with it."""
        from strongroom_tui.flows.renaming import rename_entry

        self._begin_with_entry(rename_entry)

    def action_history(self) -> None:
        """Show the values that the entry had, and restore one."""
        from strongroom_tui.flows.history import show_history

        self._begin_with_entry(show_history)

    def action_test(self) -> None:
        """Test a connector that uses the name under the cursor."""
        from strongroom_tui.flows.runs.testing_users import test_users

        if (row := self.row) is not None:
            start(self, Group.DIALOG, test_users, self.host, row.name)

    def action_copy(self) -> None:
        """Copy the value. Clear the clipboard after a while."""
        from strongroom_tui.flows.copying import copy_value

        self._begin_with_entry(copy_value)

    def _begin_with_entry(self, flow: Callable[[Host, NameRow], Changing]) -> None:
        row = self.row
        if row is not None and not row.missing:
            self._begin(flow, self.host, row)

    # -- one or many ----------------------------------------------------------------

    def action_delete(self) -> None:
        """Delete the selected entries, after saying what would break."""
        from strongroom_tui.flows.deleting import delete_entries

        self._begin(self._change_targets, delete_entries)

    def action_expire(self) -> None:
        """Set when the selected entries expire."""
        from strongroom_tui.flows.expiring import set_expiry

        self._begin(self._change_targets, set_expiry)

    async def _change_targets(
        self, flow: Callable[[Host, Sequence[NameRow]], Changing]
    ) -> UndoableChange | None:
        """Change the selected rows, or the row at the cursor. Then select nothing."""
        change = await flow(self.host, self.targets)
        if change is not None:
            self.action_clear()
        return change

    def action_export(self) -> None:
        """Write the selected entries, or all, to a file."""
        from strongroom_tui.flows.exporting import export_entries

        self._begin(export_entries, self.host, [row.name for row in self.state.selected_rows()])

    def action_import(self) -> None:
        """Read entries from a file, after showing what would change."""
        from strongroom_tui.flows.importing import import_entries

        self._begin(import_entries, self.host)

    def action_deleted(self) -> None:
        """List the deleted entries. Restore or purge one."""
        from strongroom_tui.flows.deleted import show_deleted

        self._begin(show_deleted, self.host)

    # -- back ----------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last change back."""
        from strongroom_tui.flows.undoing import take_back

        self._begin(self._turn, take_back)

    def action_redo(self) -> None:
        """Do again what was taken back last."""
        from strongroom_tui.flows.undoing import do_again

        self._begin(self._turn, do_again)

    async def _turn(self, flow: Callable[[Host], Coroutine[Any, Any, str]]) -> None:
        self._go_to_row(await flow(self.host))
