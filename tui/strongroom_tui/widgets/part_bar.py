"""Draw the three lines above a test's result: the outcome, the run, the parts."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom_tui.model.text.words import shorten_middle
from strongroom_tui.widgets.painting import fit, segment, style

Piece = tuple[str, str]

MUST: Final = 3
"""Pieces of a title that are always shown.

They are "of", the run, and the mark of a stale run.
"""

SHORTEST: Final = 12
"""The fewest cells that a longer piece is shown in."""


class PartBar(Widget):
    """Draw the outcome, the run and the parts.

    They are `✓ passed  200 OK   142 ms`, `of Weather (production)`, `[Response]  Raw …`.
    """

    DEFAULT_CSS = "PartBar { height: 3; padding: 0 1; }"

    class Clicked(Message):
        """Report a click on a part's name."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.chosen: int | None = None
        self._summary: Sequence[Piece] = ()
        self._title: Sequence[Piece] = ()

    def show(self, summary: Sequence[Piece], chosen: int | None) -> None:
        """Show an outcome. `chosen` is None if it has no parts to choose from."""
        self._summary, self.chosen = summary, chosen
        self.refresh()

    def tell(self, title: Sequence[Piece]) -> None:
        """Show the run that the result is of."""
        self._title = title
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the outcome, the run and the parts."""
        theme, width = self.app.theme, self.size.width
        pieces: list[Segment] = []
        if y == 0:
            pieces = [segment(theme, text, name) for text, name in fitted(self._summary, width)]
        elif y == 1:
            pieces = [segment(theme, text, name) for text, name in fitted_title(self._title, width)]
        elif y == 2 and self.chosen is not None:
            for number, words in self._names():
                look = "strong" if number == self.chosen else "muted"
                pieces.append(segment(theme, words, look))
        return Strip(pieces).adjust_cell_length(width, style(theme, ""))

    def _names(self) -> list[tuple[int, str]]:
        """Return the numbered names of the parts, as many as fit up to the chosen one."""
        names = [f"[{name}]" if i == self.chosen else f" {name} " for i, name in enumerate(self.parts)]
        chosen = self.chosen or 0
        first = 0
        while first < chosen and sum(map(cell_len, names[first : chosen + 1])) > self.size.width:
            first += 1
        return list(enumerate(names))[first:]

    def on_click(self, event: events.Click) -> None:
        """Choose the part under the mouse."""
        at = 1
        for number, words in self._names():
            if event.y == 2 and at <= event.x < at + cell_len(words):
                self.post_message(self.Clicked(number))
            at += cell_len(words)


def fitted(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """Return the pieces that fit `width` cells, the first two of them cut if needed."""
    shown: list[Piece] = []
    for number, (text, name) in enumerate(pieces):
        room = width - _wide(shown)
        if cell_len(text) <= room:
            shown.append((text, name))
        elif number < 2 and room > 0:
            shown.append((fit(text, room), name))
        else:
            break
    return shown


def fitted_title(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """Return the pieces of a title that fit.

    The first three always stay, one of them cut in its middle if need be. More follow while there is room.
    """
    must, rest = list(pieces[:MUST]), pieces[MUST:]
    over = _wide(must) - width
    if over > 0 and len(must) > 1:
        text, name = must[1]
        must[1] = (shorten_middle(text, max(1, len(text) - over)), name)
    for text, name in rest:
        room = width - _wide(must)
        if room < min(cell_len(text), SHORTEST):
            break
        must.append((text if cell_len(text) <= room else fit(text, room), name))
    return must


def _wide(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
