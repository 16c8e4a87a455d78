"""A question before something that cannot be taken back."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.words import one_line

SHOWN = 6
"""Lines of consequences that are listed before "and N more"."""


class Confirm(Dialog[bool]):
    """Yes or no. `lines` say what will happen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    takes_earlier_keys = False
    holds_work = False

    def __init__(self, heading: str, lines: Sequence[str], yes: str, no: str = "keep") -> None:
        super().__init__()
        self.heading = heading
        self.keys = f"y {yes} · n {no}"
        self._lines = lines

    def body(self) -> ComposeResult:
        """The consequences, a line each."""
        for line in self._lines:
            yield words(line)

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)


def delete_lines(kind: str, uses: Sequence[str]) -> list[str]:
    """What deleting this entry does, in sentences."""
    if not uses:
        return [f"No connector in this folder uses this {kind}.", "", "z takes it back afterwards."]
    lines = [f"{len(uses)} connector{'s' if len(uses) != 1 else ''} would stop working:", ""]
    lines += [f"  · {one_line(use)}" for use in uses[:SHOWN]]
    if len(uses) > SHOWN:
        lines.append(f"  … and {len(uses) - SHOWN} more")
    return [*lines, "", "z takes it back afterwards."]
