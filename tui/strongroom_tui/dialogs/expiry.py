"""Ask for the date on which an entry expires."""

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.model.secrets.validation import expires_problem, read_expiry
from strongroom_tui.model.text.words import expiry
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field


class Expiry(InputDialog[str]):
    """Give a date as YYYY-MM-DD, or "" for none."""

    DEFAULT_CSS = """
    Expiry #box { width: 60; }
    Expiry #said { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", show=False)]
    keys = "⏎ set · esc cancel"

    def __init__(self, question: str, expires: str, today: date) -> None:
        super().__init__()
        self.heading = question
        self._expires = expires
        self._today = today

    def body(self) -> ComposeResult:
        """Yield the field, and a line with its meaning."""
        yield words("A date or a distance: 2027-03-31, 90d, 2w, 6m, 1y.", style="muted")
        yield words("Left empty, it does not expire.", style="muted")
        yield words("")
        yield Field(self._expires, placeholder="2027-03-31 or 90d", id="date")
        yield words("", id="said")

    def begin(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(Input))
        self.on_input_changed()

    def on_input_changed(self) -> None:
        """Show the date that was understood, or the mistake."""
        text = self.query_one(Input).value
        problem = expires_problem(text, self._today)
        found = read_expiry(text, self._today)
        said = self.query_one("#said")
        said.set_class(bool(problem), "problem")
        meant = f"{found}  {expiry(found, self._today)}" if found else "does not expire"
        said.update(f"✗ {problem}" if problem else meant)  # type: ignore[attr-defined]

    def action_save(self) -> None:
        """Give the date."""
        found = read_expiry(self.query_one(Input).value, self._today)
        if found is not None:
            self.dismiss(found)

    def on_input_submitted(self) -> None:
        """Give the date on Enter."""
        self.action_save()
