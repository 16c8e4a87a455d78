"""Show a long text whole: a value of an answer, or a command."""

from textual.app import ComposeResult

from strongroom_tui.model.runs.raw_lines import raw
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.line_view import LineView


class WholeText(Dialog[None]):
    """Show the folded text."""

    DEFAULT_CSS = """
    WholeText #box { width: 96%; height: 80%; }
    WholeText LineView { height: 1fr; padding: 0; }
    """
    keys = "esc close"

    def __init__(self, heading: str, text: str) -> None:
        super().__init__()
        self.heading = heading[-60:]
        self._text = text

    def body(self) -> ComposeResult:
        """Yield the text."""
        yield LineView()

    def begin(self) -> None:
        """Focus the text, so that arrow keys scroll it."""
        self.query_one(LineView).focus()

    def on_line_view_resized(self) -> None:
        """Fold the text to the width."""
        view = self.query_one(LineView)
        part = raw(self._text, self._text.encode("utf-8", "replace") or b" ", max(20, view.size.width - 1))
        view.show_lazily(part.height, part.line, part.widest)
