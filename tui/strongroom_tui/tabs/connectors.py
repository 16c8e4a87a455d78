"""Do the actions of the Connectors tab: fix findings, make names, test and edit."""

import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVarTuple

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_tui.backend.editor import WAY_OUT, editor_here
from strongroom_tui.frame.actions import Tab, bindings
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.connector_details import MADE, literal_credential
from strongroom_tui.model.connectors.workspace_view import place_of
from strongroom_tui.model.secrets.undo import Undo
from strongroom_tui.tabs.connector_list import ConnectorList

Ts = TypeVarTuple("Ts")


class ConnectorsPane(ConnectorList):
    """Call a flow for each action that changes files or the vault.

    `fixed` has the way back of fixes.
    """

    BINDINGS = bindings(Tab.CONNECTORS)

    def __init__(self) -> None:
        super().__init__()
        self.fixed = Undo()

    def _begin(self, flow: Callable[[*Ts], Coroutine[Any, Any, object]], *args: *Ts) -> None:
        start(self, Group.FIX, self._run, flow, *args)

    async def _run(self, flow: Callable[[*Ts], Coroutine[Any, Any, object]], *args: *Ts) -> None:
        try:
            await flow(*args)
        except StrongroomError as error:
            self.host.complain(error)
            await self.host.rescan()

    def action_filter(self) -> None:
        """Ask for a text to filter by."""
        self.rows.focus()
        self.rows.start_query()

    def action_whole(self) -> None:
        """Show the template at the cursor without the escapes of JSON."""
        from strongroom_tui.dialogs.whole_text import WholeText

        node = self.node
        offset = self.source.cursor if self.source.has_focus else node.offset if node else 0
        document = node.file.document if node and node.file else None
        template = document.template_at(offset) if document else None
        if template is None:
            self.host.say("no template here · tab goes into the source")
        else:
            self.app.push_screen(WholeText(template.field.label, template.text))

    def action_zoom(self) -> None:
        """Give the pane in focus the whole screen, or give both their parts again."""
        was = self.has_class("-tree") or self.has_class("-beside")
        self.set_class(self.rows.has_focus and not was, "-tree")
        self.set_class(not self.rows.has_focus and not was, "-beside")

    def action_fold(self) -> None:
        """Fold or unfold the row, or the row above a finding."""
        node = self.node
        if node is None:
            return
        if not node.has_children:
            parent = self.tree_rows.index_of(node.key[:-1])
            node = self.tree_rows.node(parent) if parent is not None else None
        if node is not None:
            self.tree_rows.fold(node)
            self._fill(self.tree_rows.index_of(node.key))

    def action_order(self) -> None:
        """Group findings by rule, or by file."""
        finding, file = self.finding, self.node.file if self.node else None
        order = self.tree_rows.turn()
        at = self.tree_rows.index_of_finding(finding, file.path) if finding and file else None
        self._fill(self.tree_rows.first_finding() if at is None else at)
        self.host.say(f"findings {order}")

    def action_next_finding(self) -> None:
        """Go to the next finding."""
        self._to_finding(1)

    def action_previous_finding(self) -> None:
        """Go to the finding before."""
        self._to_finding(-1)

    def _to_finding(self, by: int) -> None:
        found = self.tree_rows.next_finding(self.rows.cursor, by)
        if found is None:
            self.host.say("no findings")
            return
        self.rows.focus()
        self.rows.go(found)

    def action_rescan(self) -> None:
        """Read every file again."""
        start(self, Group.SCAN, self._rescan)

    async def _rescan(self) -> None:
        await self.host.rescan(again=True)
        self.host.say(f"read again: {self.tree_rows.summary() or 'no files'}")

    async def action_test(self) -> None:
        """Test the connector under the cursor."""
        node = self.node
        if node is not None and node.file is not None and node.file.document and node.connector is not None:
            name = node.connector.name
            twins = [c.start for c in node.file.document.connectors if c.name == name]
            await self.host.test_connector(node.file.shown, name, twins.index(node.connector.start))
        else:
            self.host.say("pick a connector to test")

    def action_fix(self) -> None:
        """Apply the finding's fix to the file."""
        from strongroom_tui.flows.fixing import fix_one

        node, finding = self.node, self.finding
        if node is None or node.file is None or finding is None:
            self.host.say("pick a finding to fix")
        else:
            self._begin(fix_one, self.host, self.fixed, node.file, finding)

    def action_make(self) -> None:
        """Make the secret or variable that the finding, or the template, asks for.

        Of a credential that is written out, make a secret and a reference.
        """
        from strongroom_tui.flows.making import make_missing
        from strongroom_tui.flows.storing import store_literal

        node, finding, symbol = self.node, self.finding, self.symbol
        literal = literal_credential(node.file, finding) if node and node.file and finding else None
        if node is not None and node.file is not None and literal is not None:
            self._begin(store_literal, self.host, self.fixed, node.file, literal)
        elif finding is not None and finding.rule in MADE:
            self._begin(make_missing, self.host, finding.data.get("name", ""), MADE[finding.rule])
        elif symbol.sort == "name":
            kind = Kind.VARIABLE if symbol.owner == "get_variable" else Kind.SECRET
            self._begin(make_missing, self.host, symbol.text, kind)
        else:
            self.host.say("no missing name here")

    def action_fix_all(self) -> None:
        """Show all fixes as a difference, then write them."""
        from strongroom_tui.flows.fixing import fix_all

        self._begin(fix_all, self.host, self.fixed)

    def action_undo(self) -> None:
        """Take the last fix back."""
        from strongroom_tui.flows.fixing import take_back

        self._begin(take_back, self.host, self.fixed)

    def action_redo(self) -> None:
        """Write the fix again that was taken back."""
        from strongroom_tui.flows.fixing import do_again

        self._begin(do_again, self.host, self.fixed)

    def action_open(self) -> None:
        """Open the file in the person's editor, at the finding or at the cursor."""
        node = self.node
        if node is None or node.file is None:
            return
        offset = self.source.cursor if self.source.has_focus else node.offset
        line, column = place_of(node.file, offset)
        try:
            command = editor_here(node.file.path, line, column, os.environ)
        except StrongroomError as error:
            self.host.complain(error)
            return
        self.host.run_outside(command, f"Set VISUAL or EDITOR to {WAY_OUT}")
        start(self, Group.SCAN, self.host.rescan)
