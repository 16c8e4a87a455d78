"""Above a test's result: one line with the outcome, one with the parts of the result."""

from collections.abc import Sequence
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom_tui.widgets.painting import segment, style

Piece = tuple[str, str]


class PartBar(Widget):
    """`✓ passed  200 OK   142 ms` above `[Response]  Headers  Request  Timing  Explain`."""

    DEFAULT_CSS = "PartBar { height: 3; padding: 0 1; }"

    class Clicked(Message):
        """A part's name was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.chosen: int | None = None
        self._summary: Sequence[Piece] = ()

    def show(self, summary: Sequence[Piece], chosen: int | None) -> None:
        """Tell an outcome; `chosen` None where there are no parts to choose from."""
        self._summary, self.chosen = summary, chosen
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The outcome, the parts, a blank line."""
        theme, width = self.app.theme, self.size.width
        pieces: list[Segment] = []
        if y == 0:
            # Whole pieces only; the first ones say most.
            ends = accumulate(cell_len(text) for text, _ in self._summary)
            shown = [piece for piece, end in zip(self._summary, ends, strict=True) if end <= width]
            pieces = [segment(theme, text, name) for text, name in shown or self._summary]
        elif y == 1 and self.chosen is not None:
            for number, name in enumerate(self.parts):
                chosen = number == self.chosen
                words = f"[{name}]" if chosen else f" {name} "
                pieces.append(segment(theme, words, "strong" if chosen else "muted"))
        return Strip(pieces).adjust_cell_length(width, style(theme, ""))

    def on_click(self, event: events.Click) -> None:
        """Choose the part under the mouse."""
        at = 1
        for number, name in enumerate(self.parts):
            if event.y == 1 and at <= event.x < at + cell_len(name) + 2:
                self.post_message(self.Clicked(number))
            at += cell_len(name) + 2
