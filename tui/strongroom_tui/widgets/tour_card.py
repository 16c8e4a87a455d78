"""Show the next step of the tour in a card above the bottom line."""

from textual.content import Content
from textual.widgets import Static

from strongroom_tui.model.tour import STEPS


class TourCard(Static):
    """Show one step."""

    DEFAULT_CSS = """
    TourCard {
        dock: bottom; height: 5; min-height: 5; margin-bottom: 1; padding: 0 1; background: $raised;
        border: round $primary; border-title-color: $primary; border-title-style: bold;
        border-subtitle-color: $muted;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="tour", markup=False)
        self._at = -1

    def show(self, at: int) -> None:
        """Show the step with this number, from 0."""
        if at == self._at:
            return
        self._at = at
        step = STEPS[at]
        self.border_title = Content(f"Tour {at + 1} of {len(STEPS)} · {step.heading}")
        self.border_subtitle = Content("T ends the tour")
        self.update("\n".join(step.lines))
