"""The Connectors place: files, connectors and findings on one side; the source and what is at its cursor beside it."""

import os
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVarTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_tui.backend.editor import WAY_OUT, editor_here
from strongroom_tui.frame.actions import Place, bindings
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.connector_details import MADE, finding_lines, node_lines, symbol_lines
from strongroom_tui.model.connectors.details import NOTHING, States, Symbol, symbol_at
from strongroom_tui.model.connectors.tree import SIGNS, Node, Tree
from strongroom_tui.model.connectors.workspace_view import ConnectorFile, place_of
from strongroom_tui.model.secrets.undo import Undo
from strongroom_tui.model.text.words import one_line
from strongroom_tui.model.why_not import Facts
from strongroom_tui.places.place import STACKED, WIDE, PlacePane
from strongroom_tui.vault_state import Mark as VaultMark
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.source_view import Mark, SourceView
from strongroom_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from strongroom.validator import Finding

Ts = TypeVarTuple("Ts")

FEWEST, MOST = 4, 11
"""Lines of the details below the source."""

_NOTHING = ("No connector files here.", "", "Looked for connectors_registry.json and connectors.json.")


class ConnectorsPane(PlacePane):
    """Tree and source, side by side; one above the other on a narrow screen."""

    DEFAULT_CSS = """
    ConnectorsPane { layout: horizontal; }
    ConnectorsPane #tree { width: 2fr; height: 100%; }
    ConnectorsPane #beside { width: 3fr; height: 100%; border-left: solid $line; }
    ConnectorsPane #source { height: 1fr; }
    ConnectorsPane #details { height: 9; border-top: solid $line; border-title-color: $muted;
        scrollbar-gutter: stable; overflow-x: hidden;
    }
    ConnectorsPane.-page #source { display: none; }
    ConnectorsPane.-page #details { height: 1fr; border-top: none; }
    ConnectorsPane.-narrow { layout: vertical; }
    ConnectorsPane.-narrow #tree { width: 100%; height: 1fr; }
    ConnectorsPane.-narrow #beside { width: 100%; height: 2fr; border-left: none; border-top: solid $line; }
    ConnectorsPane.-tree #beside { display: none; }
    ConnectorsPane.-tree #tree { width: 100%; height: 100%; }
    ConnectorsPane.-beside #tree { display: none; }
    ConnectorsPane.-beside #beside { width: 100%; height: 100%; border: none; }
    """
    BINDINGS = bindings(Place.CONNECTORS)
    first = "#tree"

    def __init__(self) -> None:
        super().__init__(id=Place.CONNECTORS.value)
        self.tree_rows = Tree()
        self.fixed = Undo()
        self._is_first = True
        self._symbol: Symbol = NOTHING
        self._states: dict[tuple[str, VaultMark], States] = {}
        # Kept, not looked up: files may change while the app is being left and its widgets are gone.
        self.rows = VirtualList(self.tree_rows, id="tree", header=False)
        self.rows.empty = ("", "Reading …")
        self.source = SourceView(id="source")
        self.details = LineView(id="details")
        """What is at the cursor."""
        self._beside = Vertical(id="beside")

    def compose(self) -> ComposeResult:
        """The tree, the source, the details."""
        yield self.rows
        with self._beside:
            yield self.source
            yield self.details

    @property
    def node(self) -> Node | None:
        """The row under the cursor."""
        return self.tree_rows.node(self.rows.cursor)

    @property
    def finding(self) -> "Finding | None":
        """The finding at the source's cursor while that has the focus, else that of the row."""
        node = self.node
        if not self.source.has_focus or node is None or node.file is None:
            return node.finding if node else None
        at = self.source.cursor
        found = [f for f in node.file.findings if f.start <= at < max(f.end, f.start + 1)]
        return min(found, key=lambda f: f.end - f.start, default=None)

    def facts(self) -> Facts:
        """Return what is under the cursor, and how much can be fixed."""
        node = self.node
        findings = (finding for file in self.tree_rows.view.files for finding in file.findings)
        return Facts(
            rows=len(self.tree_rows.view.files),
            has_row=node is not None,
            has_connector=node is not None and node.connector is not None,
            fixes=sum(bool(finding.fixes) for finding in findings),
        )

    def on_resize(self) -> None:
        """One above the other where it is narrow."""
        self.set_class(self.size.width < STACKED, "-narrow")
        self.set_class(self.size.width >= WIDE, "-wide")

    def on_line_view_resized(self) -> None:
        """Fold the details to their new width."""
        self._show_details()

    # -- showing --------------------------------------------------------------

    def reload(self) -> None:
        """Show the last scan, the cursor on the same row; at first on the first finding."""
        node = self.node
        workspace = self.host.workspace
        self.tree_rows.load(workspace)
        self.rows.empty = ("", *((workspace.problem,) if workspace.problem else _NOTHING))
        if self._is_first and len(self.tree_rows):
            self._is_first = False
            self._fill(self.tree_rows.first_finding())
        else:
            self._fill(self.tree_rows.index_of(node.key) if node else None)

    def _fill(self, cursor: int | None = None) -> None:
        self.rows.total = len(self.tree_rows)
        self.rows.reload(cursor)

    def on_virtual_list_moved(self) -> None:
        """Another row: its place in the source."""
        self._show_node()

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while typing."""
        self.tree_rows.filter(event.query)
        self._fill(0)

    async def on_virtual_list_chosen(self) -> None:
        """A click on the row under the cursor folds it."""
        await self.run_action("fold")

    def on_source_view_moved(self) -> None:
        """The cursor of the source was moved."""
        self._show_details()

    def _show_node(self) -> None:
        node = self.node
        file = node.file if node else None
        self.set_class(node is not None and (file is None or file.document is None), "-page")
        self.details.border_title = Content(one_line(file.shown)) if file else None
        if file is None or file.document is None or node is None:
            self.source.show(None)
        else:
            self.source.show(file.document, _marks(file))
            if not self.source.has_focus:
                self.source.go(node.offset, aside=True)
        self._show_details()

    def _show_details(self) -> None:
        node = self.node
        width = max(24, self.details.scrollable_content_region.width)
        lines: list[Line] = []
        if node is not None:
            lines += self._details_of(node, width)
        self.details.show(lines)
        if not self.has_class("-page"):
            height = self._beside.size.height or self.size.height
            shown = max(FEWEST, min(MOST, len(lines), height * 2 // 5))
            self.details.styles.height = shown + 1
        else:
            self.details.styles.height = None

    def _details_of(self, node: Node, width: int) -> list[Line]:
        file = node.file
        in_source = self.source.has_focus
        if file is None or file.document is None or (node.finding is None and not in_source):
            self._symbol = NOTHING
            return list(node_lines(node, width))
        lines: list[Line] = []
        finding = self.finding
        offset = self.source.cursor if in_source else node.offset
        if finding is not None:
            lines += finding_lines(file, finding, width)
        self._symbol = symbol_at(file.document, offset)
        about = symbol_lines(self._symbol, self._known_states(), self.host.snapshot.community, width)
        if finding is None or self._symbol.sort != "field":
            lines += about
        return lines

    # -- the state of a name in each community ----------------------------------------

    def _known_states(self) -> States | None:
        if self._symbol.sort != "name":
            return None
        key = (self._symbol.text, self.host.snapshot.mark)
        found = self._states.get(key)
        if found is None:
            start(self, Group.DETAILS, self._look_up, key)
        return found

    async def _look_up(self, key: tuple[str, VaultMark]) -> None:
        host = self.host
        name, mark = key
        communities = host.snapshot.communities
        states = await host.vault_call(lambda: {c: host.session.find(c, name) for c in communities})
        self._states = {k: v for k, v in self._states.items() if k[1] == mark}
        self._states[key] = states
        self._show_details()

    # -- actions ----------------------------------------------------------------

    def _begin(self, flow: Callable[[*Ts], Coroutine[Any, Any, object]], *args: *Ts) -> None:
        start(self, Group.FIX, self._run, flow, *args)

    async def _run(self, flow: Callable[[*Ts], Coroutine[Any, Any, object]], *args: *Ts) -> None:
        try:
            await flow(*args)
        except StrongroomError as error:
            self.host.complain(error)
            await self.host.rescan()

    def action_filter(self) -> None:
        """Type to filter."""
        self.rows.focus()
        self.rows.start_query()

    def action_whole(self) -> None:
        """Show the template at the cursor as the platform reads it, without the escapes of JSON."""
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
        """Give the tree, or the source with its details, the whole screen; or both their parts again."""
        was = self.has_class("-tree") or self.has_class("-beside")
        self.set_class(self.rows.has_focus and not was, "-tree")
        self.set_class(not self.rows.has_focus and not was, "-beside")

    def action_fold(self) -> None:
        """Fold or unfold; on a finding, what it is in."""
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
        """Findings by rule, or by file."""
        finding, file = self.finding, self.node.file if self.node else None
        order = self.tree_rows.turn()
        at = self.tree_rows.index_of_finding(finding, file.path) if finding and file else None
        self._fill(self.tree_rows.first_finding() if at is None else at)
        self.host.say(f"findings {order}")

    def action_next_finding(self) -> None:
        """To the next finding."""
        self._to_finding(1)

    def action_previous_finding(self) -> None:
        """To the finding before."""
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
        """Make the secret or variable that the finding, or the name at the cursor, asks for."""
        from strongroom_tui.flows.making import make_missing

        finding, symbol = self.finding, self._symbol
        if finding is not None and finding.rule in MADE:
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


def _marks(file: ConnectorFile) -> list[Mark]:
    return [Mark(f.start, f.end, *SIGNS[f.severity.value]) for f in file.findings]
