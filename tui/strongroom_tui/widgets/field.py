"""Type one line. A paste of several lines is refused with a notice."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from strongroom_tui.model.text.pasted import on_one_line


class Field(Input):
    """Refuse what Textual's input drops silently: the lines of a paste after the first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "submit", show=False),  # the line feed of a paste without brackets
    ]

    @property
    def typed(self) -> str:
        """Return the text."""
        return self.value

    @typed.setter
    def typed(self, text: str) -> None:
        self.value = text

    def edits(self, event: events.Key) -> bool:
        """Return true for a character."""
        return event.is_printable

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste of one line, and nothing of a longer one."""
        event.stop()
        event.prevent_default()  # or the method that this replaces would be called as well
        text, said = on_one_line(event.text)
        if said:
            self.notify(said, severity="warning", markup=False)
        if text:
            self.replace(text, *self.selection)
