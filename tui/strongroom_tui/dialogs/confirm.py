"""Ask before an act that cannot be taken back."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from strongroom_tui.widgets.dialog import Dialog, words


class Confirm(Dialog[bool]):
    """Ask a yes-or-no question. `lines` name the consequences."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    takes_earlier_keys = False

    def __init__(self, heading: str, lines: Sequence[str], yes: str, no: str = "keep") -> None:
        super().__init__()
        self.heading = heading
        self.keys = f"y {yes} · n {no}"
        self._lines = lines

    def body(self) -> ComposeResult:
        """Yield a line for each consequence."""
        for line in self._lines:
            yield words(line)

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)
