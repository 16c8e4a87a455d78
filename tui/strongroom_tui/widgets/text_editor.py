"""Type one or more lines of text, without a history.

Bracketed pastes keep their breaks.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, cast

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom_tui.model.secrets.text_buffer import EDITS, MOVES, PlainBuffer, TextBuffer
from strongroom_tui.model.text.pasted import on_one_line, with_breaks
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.painting import fit, segment, style

if TYPE_CHECKING:
    from strongroom_tui.host import ScreenHost

B = TypeVar("B", bound=TextBuffer)

BREAKS: Final = ("enter", "ctrl+j")
"""Enter, and the line feed that a paste without brackets can hold."""

MOST_LINES: Final = 8
"""Lines that a field grows to with its text, where they fit."""


class TextEditor(Widget, Generic[B], can_focus=True):
    """Edit the lines of a `TextBuffer`. In a field of one line, enter submits."""

    DEFAULT_CSS = """
    TextEditor { background: $raised; padding: 0 1; }
    """

    class Changed(Message):
        """Report a changed text. The message does not carry the text."""

        def __init__(self, editor: "TextEditor[Any]") -> None:
            super().__init__()
            self.editor = editor

    class Submitted(Changed):
        """Report Enter in a field of one line."""

    def __init__(
        self,
        buffer: B,
        *,
        is_single: bool = False,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.buffer = buffer
        self.is_single = is_single
        if is_single:
            self.styles.height = 1
        self.placeholder = placeholder
        self._top = 0
        self._left = 0

    # -- typing -------------------------------------------------------------------

    def edits(self, event: events.Key) -> bool:
        """Return True for a key that `on_key` takes at once."""
        is_break = event.key in BREAKS and not self.is_single
        return event.is_printable or event.key in MOVES or event.key in EDITS or is_break

    def on_key(self, event: events.Key) -> None:
        """Edit at once."""
        if event.is_printable and event.character:
            self.buffer.insert(event.character)
        elif event.key in MOVES:
            MOVES[event.key](self.buffer)
        elif event.key in EDITS:
            EDITS[event.key](self.buffer)
        elif event.key in BREAKS and not self.is_single:
            self.buffer.insert("\n")
        elif event.key in BREAKS:
            self.post_message(self.Submitted(self))
        else:
            return
        event.stop()
        event.prevent_default()
        self._show_cursor()
        if event.key not in MOVES and not (self.is_single and event.key in BREAKS):
            self.post_message(self.Changed(self))

    def on_paste(self, event: events.Paste) -> None:
        """Insert a paste as it is, or nothing of it."""
        event.stop()
        text, said = on_one_line(event.text) if self.is_single else (with_breaks(event.text), "")
        if said:
            self.notify(said, severity="warning", markup=False)
        if text:
            self.buffer.insert(text)
            self.changed()

    def changed(self) -> None:
        """Show the changed text, and post the change."""
        self._show_cursor()
        self.post_message(self.Changed(self))

    def _show_cursor(self) -> None:
        height, width = max(1, self.size.height), max(1, self.size.width)
        top = min(max(self._top, self.buffer.row - height + 1), self.buffer.row)
        self._top = min(
            top, max(0, self.buffer.line_count - height)
        )  # show no empty lines while text is above
        self._left = min(max(self._left, self.buffer.column - width + 1), self.buffer.column)
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor on screen."""
        self._show_cursor()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        offset: Offset = event.get_content_offset_capture(self)
        self.buffer.move(self._top + offset.y - self.buffer.row, 0)
        self.buffer.column = min(self._left + offset.x, self.buffer.length(self.buffer.row))
        self.refresh()

    # -- drawing ------------------------------------------------------------------

    def shown_line(self, row: int) -> str:
        """Return a line as it is drawn, with as many characters as it has."""
        return visible(self.buffer.line(row).replace("\t", "␉"))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the field."""
        theme, width = self.app.theme, self.size.width
        row = self._top + y
        if self.buffer.is_empty and not self.has_focus:
            return Strip([segment(theme, fit(self.placeholder if y == 0 else "", width), "muted", "raised")])
        if row >= self.buffer.line_count:
            words = self.placeholder if y == 1 and self.buffer.is_empty else ""
            return Strip([segment(theme, fit(words, width), "muted", "raised")])
        shown = self.shown_line(row)[self._left : self._left + width]
        if row != self.buffer.row or not self.has_focus:
            return Strip([segment(theme, fit(shown, width), "", "raised")])
        at = self.buffer.column - self._left
        caret = style(theme, "accent", "raised") + Style(reverse=True)
        parts = [
            segment(theme, shown[:at], "", "raised"),
            segment(theme, shown[at : at + 1] or " ", "accent", "raised")._replace(style=caret),
            segment(theme, shown[at + 1 :], "", "raised"),
        ]
        return Strip(parts).adjust_cell_length(width, style(theme, "", "raised"))


class TextField(TextEditor[PlainBuffer]):
    """Edit several lines that are not secret.

    The field grows with its text to eight lines.
    """

    DEFAULT_CSS = """
    TextField { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+o", "edit_outside", show=False)]

    def __init__(self, text: str = "", *, file_name: str, placeholder: str = "") -> None:
        """Take `file_name`, the name of the text's file in an editor.

        The ending of the name tells the kind of text.
        """
        super().__init__(PlainBuffer(), placeholder=placeholder)
        self._file_name = file_name
        self.value = text

    @property
    def value(self) -> str:
        """Return the text."""
        return self.buffer.text

    @value.setter
    def value(self, text: str) -> None:
        self.buffer.text = text
        self._grow()

    def action_edit_outside(self) -> None:
        """Change the text in the person's own editor."""
        edited = cast("ScreenHost", self.app).edit_outside(self.value, self._file_name)
        if edited != self.value:
            self.value = edited
            self.changed()

    def _show_cursor(self) -> None:
        self._grow()
        super()._show_cursor()

    def _grow(self) -> None:
        around = next((one.size.height for one in self.ancestors if isinstance(one, ScrollableContainer)), 0)
        height = min(MOST_LINES, around or MOST_LINES, self.buffer.line_count)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
            if self.is_attached and self.has_focus:
                self.call_after_refresh(self.scroll_visible, animate=False)
