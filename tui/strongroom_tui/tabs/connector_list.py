"""Show connector files and their findings in a tree, with the source beside it."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from strongroom_tui.frame.actions import Tab
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.connector_details import finding_lines, node_lines, symbol_lines
from strongroom_tui.model.connectors.details import NOTHING, States, SymbolAtCursor, symbol_at
from strongroom_tui.model.connectors.tree import SIGNS, Tree, TreeRow
from strongroom_tui.model.connectors.workspace_view import ConnectorFile
from strongroom_tui.model.text.words import one_line
from strongroom_tui.model.why_not import Facts
from strongroom_tui.tabs.tab_pane import STACKED, WIDE, TabPane
from strongroom_tui.vault_state import VaultFingerprint
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.source_view import FindingMark, SourceView
from strongroom_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from strongroom.validator import Finding

FEWEST, MOST = 4, 11
"""Lines of the details below the source."""


class ConnectorList(TabPane):
    """Show tree and source side by side, or one above the other on a narrow screen."""

    DEFAULT_CSS = """
    ConnectorList { layout: horizontal; }
    ConnectorList #tree { width: 2fr; height: 100%; }
    ConnectorList #beside { width: 3fr; height: 100%; border-left: solid $line; }
    ConnectorList #source { height: 1fr; }
    ConnectorList #details { height: 9; border-top: solid $line; border-title-color: $muted;
        scrollbar-gutter: stable; overflow-x: hidden;
    }
    ConnectorList.-page #source { display: none; }
    ConnectorList.-page #details { height: 1fr; border-top: none; }
    ConnectorList.-narrow { layout: vertical; }
    ConnectorList.-narrow #tree { width: 100%; height: 1fr; }
    ConnectorList.-narrow #beside { width: 100%; height: 2fr; border-left: none; border-top: solid $line; }
    ConnectorList.-tree #beside { display: none; }
    ConnectorList.-tree #tree { width: 100%; height: 100%; }
    ConnectorList.-beside #tree { display: none; }
    ConnectorList.-beside #beside { width: 100%; height: 100%; border: none; }
    """
    first = "#tree"

    def __init__(self) -> None:
        super().__init__(id=Tab.CONNECTORS.value)
        self.tree_rows = Tree()
        self._is_first = True
        self.symbol: SymbolAtCursor = NOTHING
        self._states: dict[tuple[str, VaultFingerprint], States] = {}
        # Kept in attributes, not looked up: files may change while the app closes and its widgets are gone.
        self.rows = VirtualList(self.tree_rows, id="tree", header=False)
        self.rows.empty = ("", "Reading …")
        self.source = SourceView(id="source")
        self.details = LineView(id="details")
        """View with the details of what is at the cursor."""
        self._beside = Vertical(id="beside")

    def compose(self) -> ComposeResult:
        """Make the tree, the source and the details."""
        yield self.rows
        with self._beside:
            yield self.source
            yield self.details

    @property
    def node(self) -> TreeRow | None:
        """Return the row under the cursor."""
        return self.tree_rows.node(self.rows.cursor)

    @property
    def finding(self) -> "Finding | None":
        """Return the finding at the focused source's cursor, or else the row's."""
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
        """Put one above the other on a narrow screen."""
        self.set_class(self.size.width < STACKED, "-narrow")
        self.set_class(self.size.width >= WIDE, "-wide")

    def on_line_view_resized(self) -> None:
        """Fold the details to their new width."""
        self._show_details()

    # -- showing --------------------------------------------------------------

    def reload(self) -> None:
        """Show the last scan, with the cursor on the same row.

        The first time, the cursor is on the first finding.
        """
        node = self.node
        workspace = self.host.workspace
        self.tree_rows.load(workspace)
        if self._is_first and len(self.tree_rows):
            self._is_first = False
            self._fill(self.tree_rows.first_finding())
        else:
            self._fill(self.tree_rows.index_of(node.key) if node else None)

    def _fill(self, cursor: int | None = None) -> None:
        self.rows.empty = ("", *self.tree_rows.empty_lines())
        self.rows.total = len(self.tree_rows)
        self.rows.reload(cursor)

    def on_virtual_list_moved(self) -> None:
        """Show the row's place in the source."""
        self._show_node()

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while typing."""
        self.tree_rows.filter(event.query)
        self._fill(0)

    async def on_virtual_list_chosen(self) -> None:
        """Fold the row under the cursor, because it was clicked."""
        await self.run_action("fold")

    def on_source_view_moved(self) -> None:
        """Show what is at the source's cursor."""
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

    def _details_of(self, node: TreeRow, width: int) -> list[Line]:
        file = node.file
        in_source = self.source.has_focus
        if file is None or file.document is None or (node.finding is None and not in_source):
            self.symbol = NOTHING
            return list(node_lines(node, width))
        lines: list[Line] = []
        finding = self.finding
        offset = self.source.cursor if in_source else node.offset
        if finding is not None:
            lines += finding_lines(file, finding, width)
        self.symbol = symbol_at(file.document, offset)
        about = symbol_lines(self.symbol, self._known_states(), self.host.snapshot.community, width)
        if finding is None or self.symbol.sort != "field":
            lines += about
        return lines

    # -- the state of a name in each community ----------------------------------------

    def _known_states(self) -> States | None:
        if self.symbol.sort != "name":
            return None
        key = (self.symbol.text, self.host.snapshot.fingerprint)
        found = self._states.get(key)
        if found is None:
            start(self, Group.DETAILS, self._look_up, key)
        return found

    async def _look_up(self, key: tuple[str, VaultFingerprint]) -> None:
        host = self.host
        name, fingerprint = key
        communities = host.snapshot.communities
        states = await host.vault_call(lambda: {c: host.session.find(c, name) for c in communities})
        self._states = {k: v for k, v in self._states.items() if k[1] == fingerprint}
        self._states[key] = states
        self._show_details()


def _marks(file: ConnectorFile) -> list[FindingMark]:
    return [FindingMark(f.start, f.end, *SIGNS[f.severity.value]) for f in file.findings]
