"""The field that a value is typed or pasted into: masked for a secret, never with a history."""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom.secret_value import SecretValue
from strongroom_tui.value_buffer import ValueBuffer
from strongroom_tui.widgets.painting import fit, segment, style
from strongroom_tui.words import count, visible

DOT = "•"


class ValueEditor(Widget, can_focus=True):
    """A few lines of editable text.

    While a masked value is typed each character shows as a dot; as soon as the field is left it shows the
    fixed mask, which does not tell the length. `is_shown` shows the text itself.
    """

    DEFAULT_CSS = """
    ValueEditor { height: 4; background: $raised; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(0, -1)", show=False),
        Binding("right", "move(0, 1)", show=False),
        Binding("up", "move(-1, 0)", show=False),
        Binding("down", "move(1, 0)", show=False),
        Binding("home,ctrl+a", "home", show=False),
        Binding("end,ctrl+e", "end", show=False),
        Binding("backspace", "backspace", show=False),
        Binding("delete", "delete", show=False),
        Binding("ctrl+u", "clear", show=False),
        Binding("enter", "line_break", show=False),
    ]

    class Changed(Message):
        """The text is another now. The message does not carry it."""

        def __init__(self, editor: "ValueEditor") -> None:
            super().__init__()
            self.editor = editor

    class Submitted(Changed):
        """Enter was pressed in a field of one line."""

    def __init__(
        self,
        *,
        is_masked: bool = True,
        is_single: bool = False,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.is_single = is_single
        if is_single:
            self.styles.height = 1
        self.buffer = ValueBuffer()
        self.is_masked = is_masked
        self.is_shown = False
        self.placeholder = placeholder
        self._top = 0
        self._left = 0

    @property
    def is_hidden(self) -> bool:
        """Whether dots stand for the text."""
        return self.is_masked and not self.is_shown

    def set_value(self, value: SecretValue) -> None:
        """Put a whole value in (a file's content, a variable's text)."""
        self.buffer.set(value)
        self._changed()

    def on_key(self, event: events.Key) -> None:
        """Printable characters go in."""
        if event.is_printable and event.character:
            self.buffer.insert(event.character)
            event.stop()
            event.prevent_default()
            self._changed()

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes in as it is, line breaks included."""
        # A terminal sends the line breaks of a bracketed paste as carriage returns.
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        self.buffer.insert(text.split("\n")[0] if self.is_single else text)
        event.stop()
        self._changed()

    def _changed(self) -> None:
        self._follow()
        self.refresh()
        self.post_message(self.Changed(self))

    def _follow(self) -> None:
        height, width = max(1, self.size.height), max(1, self.size.width)
        self._top = min(max(self._top, self.buffer.row - height + 1), self.buffer.row)
        self._left = min(max(self._left, self.buffer.column - width + 1), self.buffer.column)

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor."""
        self.buffer.move(rows, columns)
        self._follow()
        self.refresh()

    def action_home(self) -> None:
        """To the start of the line."""
        self.buffer.home()
        self.action_move(0, 0)

    def action_end(self) -> None:
        """To the end of the line."""
        self.buffer.end()
        self.action_move(0, 0)

    def action_backspace(self) -> None:
        """Delete backwards."""
        self.buffer.backspace()
        self._changed()

    def action_delete(self) -> None:
        """Delete forwards."""
        self.buffer.delete()
        self._changed()

    def action_clear(self) -> None:
        """Delete everything."""
        self.buffer.clear()
        self._changed()

    def action_line_break(self) -> None:
        """A value can be many lines; in a field of one line, Enter is done."""
        if self.is_single:
            self.post_message(self.Submitted(self))
            return
        self.buffer.insert("\n")
        self._changed()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the fixed mask again."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        offset: Offset = event.get_content_offset_capture(self)
        self.buffer.move(self._top + offset.y - self.buffer.row, 0)
        self.buffer.home()
        self.buffer.move(0, 0)
        self.buffer.column = min(self._left + offset.x, self.buffer.length(self.buffer.row))
        self.refresh()

    def _line(self, row: int) -> str:
        if not self.is_hidden:
            return visible(self.buffer.line(row).replace("\t", "␉"))
        return DOT * self.buffer.length(row)

    def _resting(self, y: int) -> str:
        if y == 0:
            return self.buffer.value().hint()
        return count(self.buffer.line_count, "line") if y == 1 and self.buffer.line_count > 1 else ""

    def render_line(self, y: int) -> Strip:
        """One line of the field."""
        theme, width = self.app.theme, self.size.width
        if self.buffer.is_empty and not self.has_focus:
            return Strip([segment(theme, fit(self.placeholder if y == 0 else "", width), "muted", "raised")])
        if self.is_hidden and not self.has_focus:
            return Strip([segment(theme, fit(self._resting(y), width), "", "raised")])
        row = self._top + y
        if row >= self.buffer.line_count:
            words = self.placeholder if y == 1 and self.buffer.is_empty else ""
            return Strip([segment(theme, fit(words, width), "muted", "raised")])
        line = self._line(row)
        shown = line[self._left : self._left + width]
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
