"""Show two changes of one entry side by side, and ask which one counts."""

from collections.abc import Sequence
from enum import Enum
from itertools import zip_longest
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.text.words import one_line, visible
from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.painting import fit
from strongroom_tui.widgets.secret_details import folded

LABEL: Final = 9
"""Cells of the labels before the two sides."""

LINES: Final = 6
"""Lines that are shown of each side."""


class Answer(Enum):
    """Name a person's choice. Leaving the dialog is not an answer."""

    MINE = "mine"
    THEIRS = "theirs"


class ComparedField(NamedTuple):
    """Hold one row: a label, and the text of both sides.

    A `SecretValue` is masked until a person reveals it.
    """

    label: str
    mine: str | SecretValue
    theirs: str | SecretValue


class Sides(NamedTuple):
    """Hold both sides of a conflict.

    `overwrite` is the label for one's own side. If it is empty, `why` has the reason.
    """

    heading: str
    summary: str
    parts: Sequence[ComparedField]
    overwrite: str = ""
    why: str = ""


class Conflict(Dialog[Answer]):
    """Show both sides. The side that is not chosen stays in the entry's history."""

    DEFAULT_CSS = """
    Conflict #box { width: 84; }
    Conflict LineView { height: auto; min-height: 4; margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "answer('mine')", show=False),
        Binding("k", "answer('theirs')", show=False),
        Binding("r", "reveal", show=False),
    ]

    takes_earlier_keys = False

    def __init__(self, sides: Sides, reveal_seconds: float) -> None:
        super().__init__()
        self.heading = sides.heading
        own = f"o {sides.overwrite} · " if sides.overwrite else ""
        self.keys = f"{own}k keep theirs · r show · esc back"
        self._sides = sides
        self._seconds = reveal_seconds
        self._is_shown = False
        self._reveals = 0

    def body(self) -> ComposeResult:
        """Yield the sentence, the two sides, and the meaning of each choice."""
        yield words(visible(self._sides.summary))
        view = LineView(id="sides")
        view.can_focus = False
        yield view
        keeps = "Overwriting keeps the earlier value in the history (h), and z takes it back."
        yield words(keeps if self._sides.overwrite else visible(self._sides.why), style="muted")
        yield words("", style="problem", id="problem")

    def begin(self) -> None:
        """Mask the values."""
        self._show()

    def on_line_view_resized(self) -> None:
        """Fit the sides to the new width."""
        self._show()

    def _show(self) -> None:
        view = self.query_one("#sides", LineView)
        width = max(10, (view.size.width - LABEL - 2) // 2)
        lines: list[Line] = [
            [("".ljust(LABEL), ""), ("yours".ljust(width + 2), "muted"), ("theirs", "muted")]
        ]
        for part in self._sides.parts:
            both = (_texts(side, width, shown=self._is_shown) for side in (part.mine, part.theirs))
            style = "accent" if self._is_shown and isinstance(part.theirs, SecretValue) else ""
            for number, (mine, theirs) in enumerate(zip_longest(*both, fillvalue="")):
                label = "" if number else part.label
                lines.append(
                    [
                        (label.ljust(LABEL), "muted"),
                        (fit(mine, width) + "  ", style),
                        (fit(theirs, width), style),
                    ]
                )
        view.styles.height = len(lines)
        view.show(lines)

    def action_answer(self, answer: str) -> None:
        """Close with the answer."""
        chosen = Answer(answer)
        if chosen is Answer.MINE and not self._sides.overwrite:
            self.query_one("#problem").update(f"✗ {visible(self._sides.why)}")  # type: ignore[attr-defined]
            return
        self.forget()
        self.dismiss(chosen)

    def action_reveal(self) -> None:
        """Show both values for a moment, or mask them again."""
        if self._is_shown:
            self.hide_value()
            return
        self._is_shown = True
        self._reveals += 1
        number = self._reveals
        self.set_timer(self._seconds, lambda: self._hide(number))
        self._show()

    def _hide(self, number: int) -> None:
        if number == self._reveals:
            self.hide_value()

    def hide_value(self) -> None:
        """Mask both values again."""
        if self._is_shown:
            self._is_shown = False
            self._show()

    def forget(self) -> None:
        """Drop both sides."""
        self._is_shown = False
        self._sides = self._sides._replace(parts=())


def _texts(side: str | SecretValue, width: int, *, shown: bool) -> list[str]:
    if not isinstance(side, SecretValue):
        return [one_line(side)]
    return folded(side.reveal(), width)[:LINES] if shown else [side.hint()]
