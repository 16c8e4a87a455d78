"""The Connectors place: files, connectors and findings on one side, the source on the other."""

import os
import shutil
import subprocess
import textwrap

from textual.app import ComposeResult
from textual.content import Content

from strongroom.errors import StrongroomError
from strongroom_tui.actions import Place, bindings
from strongroom_tui.editor import FALLBACKS, editor_command
from strongroom_tui.excerpt import excerpt
from strongroom_tui.screens.place import WIDE, PlacePane
from strongroom_tui.tree import SIGNS, Node, Tree, tally
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.virtual_list import VirtualList
from strongroom_tui.words import count, one_line, visible
from strongroom_tui.workers import Group, start
from strongroom_tui.workspace_view import place_of


class ConnectorsPane(PlacePane):
    """Tree and details, side by side; one above the other on a narrow screen."""

    DEFAULT_CSS = """
    ConnectorsPane { layout: horizontal; }
    ConnectorsPane #tree { width: 9fr; height: 1fr; }
    ConnectorsPane #source {
        width: 11fr; height: 100%; border-left: solid $line; border-title-color: $primary; padding: 0 1;
    }
    ConnectorsPane.-wide #tree { width: 2fr; }
    ConnectorsPane.-wide #source { width: 3fr; }
    ConnectorsPane.-narrow { layout: vertical; }
    ConnectorsPane.-narrow #tree { width: 100%; height: 2fr; }
    ConnectorsPane.-narrow #source { width: 100%; height: 3fr; border-left: none; border-top: solid $line; }
    """
    BINDINGS = bindings(Place.CONNECTORS)
    first = "#tree"

    def __init__(self) -> None:
        super().__init__(id=Place.CONNECTORS.value)
        self.tree_rows = Tree()
        self._is_first = True

    def compose(self) -> ComposeResult:
        """The tree and the details."""
        rows = VirtualList(self.tree_rows, id="tree", header=False)
        rows.empty = ("", "Reading …")
        yield rows
        yield LineView(id="source")

    @property
    def rows(self) -> VirtualList:
        """The tree."""
        return self.query_one("#tree", VirtualList)

    @property
    def source(self) -> LineView:
        """The details."""
        return self.query_one("#source", LineView)

    @property
    def node(self) -> Node | None:
        """The row under the cursor."""
        return self.tree_rows.node(self.rows.cursor)

    def on_resize(self) -> None:
        """One above the other where it is narrow."""
        self.set_class(self.size.width < 72, "-narrow")
        self.set_class(self.size.width >= WIDE, "-wide")

    def on_line_view_resized(self) -> None:
        """Fold the details to their new width."""
        self._show_source()

    # -- showing --------------------------------------------------------------

    def reload(self) -> None:
        """Show the last scan, the cursor on the same row; at first on the first finding."""
        node = self.node
        workspace = self.room.workspace
        self.tree_rows.load(workspace)
        self.rows.empty = (
            "",
            *(
                textwrap.wrap(workspace.problem, 40)
                or (
                    "No connector files here.",
                    "",
                    "Looked for connectors_registry.json",
                    "and connectors.json.",
                )
            ),
        )
        if self._is_first and len(self.tree_rows):
            self._is_first = False
            self._fill(self.tree_rows.first_finding())
        else:
            self._fill(self.tree_rows.index_of(node.key) if node else None)

    def _fill(self, cursor: int | None = None) -> None:
        self.rows.total = len(self.tree_rows)
        self.rows.reload(cursor)

    def on_virtual_list_moved(self) -> None:
        """Another row: its details."""
        self._show_source()

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while typing."""
        self.tree_rows.filter(event.query)
        self._fill(0)

    async def on_virtual_list_chosen(self) -> None:
        """A click on the row under the cursor folds it."""
        await self.run_action("fold")

    def _show_source(self) -> None:
        node, source = self.node, self.source
        if node is None:
            source.border_title = None
            source.show([])
            return
        lines = self._lines(node)
        source.border_title = Content(one_line(node.file.shown))
        source.show(lines)

    def _lines(self, node: Node) -> list[Line]:
        width = max(24, self.source.size.width - 1)
        if node.finding is not None:
            return self._finding_lines(node, width)
        if node.connector is not None:
            return self._connector_lines(node)
        file = node.file
        if file.problem:
            return [[(piece, "bad")] for piece in textwrap.wrap(visible("✗ " + file.problem), width)]
        connectors = len(file.document.connectors) if file.document else 0
        return [[(f"{count(connectors, 'connector')} · {tally(file.findings)}", "muted")]]

    def _finding_lines(self, node: Node, width: int) -> list[Line]:
        finding, file = node.finding, node.file
        assert finding is not None
        assert file.document is not None
        assert file.source is not None
        sign, style = SIGNS[finding.severity.value]
        line, column = place_of(file, finding.start)
        lines: list[Line] = [
            [(f"{sign} {finding.severity.value}  ", style), (finding.rule, "strong")],
            [(f"line {line}, column {column}" + (f" · {finding.field}" if finding.field else ""), "muted")],
            [],
        ]
        lines += [[(piece, "")] for piece in textwrap.wrap(visible(finding.message), width)]
        lines.append([])
        lines += excerpt(file.source.text, file.document.lines, finding.start, finding.end, width)
        lines.append([])
        for fix in finding.fixes:
            key = "f  " if fix is finding.fix else "·  "
            words = textwrap.wrap(visible(fix.title), width - 3) or [""]
            lines += [[(key if not i else "   ", "key"), (piece, "")] for i, piece in enumerate(words)]
        for related in finding.related:
            at = place_of(file, related.start)[0]
            lines.append([(f"line {at}: ", "muted"), (visible(related.message), "")])
        lines.append([("o  ", "key"), ("opens it in your editor", "muted")])
        return lines

    def _connector_lines(self, node: Node) -> list[Line]:
        connector, file = node.connector, node.file
        assert connector is not None
        assert file.document is not None
        assert file.source is not None
        data = connector.data if isinstance(connector.data, dict) else {}
        method, url = str(data.get("method") or "GET"), str(data.get("url") or "")
        lines: list[Line] = []
        if connector.is_composite:
            lines = [
                [(f"{i}  ", "muted"), (one_line(step.name), "")] for i, step in enumerate(connector.steps, 1)
            ]
        else:
            lines.append([(one_line(method) + "  ", "accent"), (one_line(url), "")])
        lines += [[("t  ", "key"), ("tests this connector", "muted")], []]
        index, text = file.document.lines, file.source.text
        first, last = index.position(connector.start)[0], index.position(connector.end)[0]
        gutter = len(str(last + 1))
        for number in range(first, min(last, first + 400) + 1):
            shown = visible(text[index.line_start(number) : index.line_end(number)])
            lines.append([(f"{number + 1:>{gutter}} ", "muted"), ("│ ", "line"), (shown, "")])
        return lines

    # -- actions ----------------------------------------------------------------

    def action_filter(self) -> None:
        """Type to filter."""
        self.rows.focus()
        self.rows.start_query()

    def action_fold(self) -> None:
        """Fold or unfold; on a finding, the connector it is in."""
        node = self.node
        if node is None:
            return
        if not node.has_children:
            parent = self.tree_rows.index_of(node.key[:-1])
            node = self.tree_rows.node(parent) if parent is not None else None
        if node is not None:
            self.tree_rows.fold(node)
            self._fill(self.tree_rows.index_of(node.key))

    def action_next_finding(self) -> None:
        """To the next finding."""
        found = self.tree_rows.next_finding(self.rows.cursor)
        if found is None:
            self.room.say("no findings")
        else:
            self.rows.go(found)

    def action_rescan(self) -> None:
        """Read every file again."""
        start(self, Group.SCAN, self._rescan)

    async def _rescan(self) -> None:
        await self.room.rescan(again=True)
        self.room.say(f"read again: {self.tree_rows.summary() or 'no files'}")

    async def action_test(self) -> None:
        """Test the connector under the cursor."""
        node = self.node
        if node is not None and node.connector is not None:
            await self.room.test_connector(node.file.shown, node.connector.name)

    def action_fix(self) -> None:
        """Apply the finding's fix to the file."""
        start(self, Group.FIX, self._fix)

    async def _fix(self) -> None:
        from strongroom.validator import apply_fixes
        from strongroom.workspace import write_source

        node = self.node
        if node is None or node.finding is None or node.file.source is None:
            self.room.say("pick a finding to fix")
            return
        finding, source = node.finding, node.file.source
        if finding.fix is None:
            self.room.say("this finding has no certain fix")
            return
        try:
            write_source(source, apply_fixes(source.text, [finding]))
        except StrongroomError as error:
            self.room.complain(error)
        else:
            self.room.say(f"✓ {finding.fix.title}")
        at = self.rows.cursor
        await self.room.rescan()
        self.rows.go(min(at, len(self.tree_rows) - 1))

    def action_open(self) -> None:
        """Open the file in the person's editor, at the finding."""
        node = self.node
        if node is None:
            return
        offset = node.finding.start if node.finding else node.connector.start if node.connector else 0
        line, column = place_of(node.file, offset)
        available = [name for name in FALLBACKS if shutil.which(name)]
        command = editor_command(node.file.path, line, column, os.environ, available)
        if not command:
            self.room.complain(StrongroomError("No editor was found.", "Set VISUAL or EDITOR."))
            return
        self.room.run_outside(command)
        start(self, Group.SCAN, self.room.rescan)


def run_command(command: list[str]) -> None:
    """Run the editor and wait. Raises `StrongroomError` when it cannot be started."""
    try:
        subprocess.run(command, check=False)  # noqa: S603 the person's own editor
    except OSError as error:
        raise StrongroomError(
            f"{command[0]} could not be started: {error.strerror}.", "Check EDITOR."
        ) from error
