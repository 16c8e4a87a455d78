"""Show the result of a run: outcome, parts, a JSON tree or lines, and a search."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from strongroom.text.phrases import counted
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.runs.report_lines import PARTS, Line, Piece
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.text import json_tree
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.json_view import JsonView
from strongroom_tui.widgets.line_view import LineView
from strongroom_tui.widgets.part_bar import PartBar

Hit = int | json_tree.Path


class FindLine(Horizontal):
    """Draw `/ query      3 of 12`."""

    DEFAULT_CSS = """
    FindLine { height: 1; display: none; background: $raised; }
    FindLine.-on { display: block; }
    FindLine Input { width: 1fr; border: none; height: 1; background: $raised; padding: 0; }
    FindLine Input:focus { border: none; }
    FindLine .sign { width: 3; color: $primary; text-style: bold; background: $raised; }
    FindLine #found { width: auto; color: $muted; padding: 0 1; background: $raised; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Left(Message):
        """Report the end of the search."""

    def __init__(self) -> None:
        super().__init__()
        # Kept in attributes, not looked up: a run may end while the app closes and its widgets are gone.
        self.query_input = Field(id="query")
        self.found = Static("", markup=False, id="found")

    def compose(self) -> ComposeResult:
        """Yield the sign, the query and the number of hits."""
        yield Static(" / ", markup=False, classes="sign")
        yield self.query_input
        yield self.found

    def action_leave(self) -> None:
        """Leave on Escape."""
        self.post_message(self.Left())


class ResultView(Vertical):
    """Show a `Result`, or lines in its place."""

    DEFAULT_CSS = """
    ResultView #part { height: 1fr; }
    ResultView #tree-view { height: 1fr; display: none; }
    ResultView.-tree #part { display: none; }
    ResultView.-tree #tree-view { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.result: Result | None = None
        self.hits: list[Hit] = []
        self._hit = -1
        self.bar = PartBar(PARTS)
        self.find_line = FindLine()
        self.lines = LineView(id="part")
        """View that shows everything but JSON."""
        self.json = JsonView(id="tree-view")

    def compose(self) -> ComposeResult:
        """Yield outcome and parts, the search, and the part."""
        yield self.bar
        yield self.find_line
        yield self.lines
        yield self.json

    @property
    def is_tree(self) -> bool:
        """Return True while the JSON tree is shown."""
        return self.has_class("-tree")

    @property
    def shown(self) -> Widget:
        """Return the widget that takes the keys."""
        return self.json if self.is_tree else self.lines

    @property
    def part(self) -> str:
        """Return the name of the shown part."""
        return PARTS[self.bar.chosen or 0]

    @property
    def _width(self) -> int:
        """Return the cells of a line, also while the tree hides the lines."""
        return max(20, self.size.width - 3)

    # -- showing ------------------------------------------------------------------

    def show_lines(self, summary: list[Piece], lines: "list[Line] | tuple[Line, ...]") -> None:
        """Show lines in place of a result."""
        had_focus = self.shown.has_focus
        self.result = None
        self.stop_finding()
        self.remove_class("-tree")
        self.bar.show(summary, None)
        self.lines.show(lines)
        if had_focus:
            self.shown.focus()

    def show(self, result: Result, part: str) -> None:
        """Show a result, beginning with one of its parts."""
        had_focus = self.shown.has_focus
        self.result = result
        self.stop_finding()
        self.bar.show(result.summary, PARTS.index(part))
        self._show_part()
        if had_focus:
            self.shown.focus()

    def turn(self, by: int) -> None:
        """Go to the next part, or the one before."""
        if self.result is not None:
            self.choose(((self.bar.chosen or 0) + by) % len(PARTS))

    def choose_part(self, name: str) -> None:
        """Go to the part of this name."""
        self.choose(PARTS.index(name))

    def choose(self, number: int) -> None:
        """Go to this part."""
        if self.result is None:
            return
        had_focus = self.shown.has_focus
        self.bar.show(self.result.summary, number)
        self.stop_finding()
        self._show_part()
        if had_focus:
            self.shown.focus()

    def _show_part(self) -> None:
        result = self.result
        if result is None:
            return
        is_tree = self.part == "Response" and result.tree is not None
        self.set_class(is_tree, "-tree")
        if is_tree:
            self.json.show(result.tree)
            return
        part = result.part(self.part, self._width)
        self.lines.show_lazily(part.height, part.line, part.widest)

    def on_line_view_resized(self) -> None:
        """Fold to the new width, and keep the place."""
        if self.result is not None and not self.is_tree:
            top = self.lines.scroll_offset.y
            self._show_part()
            self.lines.scroll_to(y=top, animate=False)

    def on_part_bar_clicked(self, event: PartBar.Clicked) -> None:
        """Go to the clicked part."""
        event.stop()
        self.choose(event.number)

    # -- searching ----------------------------------------------------------------

    def start_finding(self) -> None:
        """Focus the query."""
        if self.result is not None:
            self.find_line.add_class("-on")
            self.find_line.query_input.value = ""
            self.find_line.query_input.focus()

    @property
    def is_finding(self) -> bool:
        """Return True while the query or its hits are shown."""
        return self.find_line.has_class("-on")

    def stop_finding(self) -> None:
        """Hide the query and its hits."""
        self.hits, self._hit = [], -1
        self.lines.marked = None
        self.find_line.remove_class("-on")
        self.find_line.found.update("")

    def on_find_line_left(self) -> None:
        """End the search on Escape."""
        self.stop_finding()
        self.shown.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while a person types."""
        event.stop()
        start(self, Group.FIND, self._find, event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the hits on Enter, and go back to the part."""
        event.stop()
        self.shown.focus()

    async def _find(self, query: str) -> None:
        import asyncio

        result, name = self.result, self.part
        if result is None:
            return
        found: list[Hit]
        if self.is_tree:
            found = list(await asyncio.to_thread(json_tree.find, result.data, query))
        else:
            found = list(await asyncio.to_thread(result.part(name, self._width).search, query))
        self.hits, self._hit = found, -1
        self.lines.marked = None
        if found:
            self.next_hit(1)
        else:
            self._tell(query)

    def next_hit(self, by: int) -> bool:
        """Go to the next hit, or the one before. Return False if there is none."""
        if not self.hits:
            return False
        self._hit = (self._hit + by) % len(self.hits) if self._hit >= 0 else 0
        hit = self.hits[self._hit]
        if isinstance(hit, int):
            self.lines.marked = hit
            self.lines.bring(hit)
        else:
            self.json.reveal(hit)
        self._tell("x")
        return True

    def _tell(self, query: str) -> None:
        found = f"{self._hit + 1:,} of {len(self.hits):,}" if self.hits else "not found" if query else ""
        if len(self.hits) >= json_tree.MOST_FOUND:
            found = f"{self._hit + 1:,} of {counted(len(self.hits), 'place')} or more"
        self.find_line.found.update(found)
