"""Type one line. A paste of several lines is refused with a notice."""

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from strongroom.text.terminal import visible
from strongroom_tui.model.text.pasted import on_one_line


class _AsSigns(Highlighter):
    """Show the characters that are not safe for a terminal as signs.

    The text that is edited keeps them.
    """

    def highlight(self, text: Text) -> None:
        """Replace the text that is drawn. Offsets stay, and with them the cursor."""
        text.plain = visible(text.plain)


class Field(Input):
    """Refuse the lines of a paste after the first.

    Textual's input drops them silently.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "submit", show=False),  # the line feed of a paste without brackets
    ]

    def on_mount(self) -> None:
        """Draw the text through the one function that makes it safe."""
        self.highlighter = _AsSigns()

    @property
    def typed(self) -> str:
        """Return the text."""
        return self.value

    @typed.setter
    def typed(self, text: str) -> None:
        self.value = text

    def edits(self, event: events.Key) -> bool:
        """Return True for a character."""
        return event.is_printable

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste of one line, and nothing of a longer one."""
        event.stop()
        event.prevent_default()  # else Textual would call the replaced method as well
        text, said = on_one_line(event.text)
        if said:
            self.notify(said, severity="warning", markup=False)
        if text:
            self.replace(text, *self.selection)
