"""Type or paste a value: masked for a secret, and without a history."""

from textual.strip import Strip

from strongroom.text.phrases import counted
from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.secrets.value_buffer import ValueBuffer
from strongroom_tui.widgets.painting import fit, segment
from strongroom_tui.widgets.text_editor import TextEditor

DOT = "•"


class ValueEditor(TextEditor[ValueBuffer]):
    """Edit a few lines of text.

    While a masked value is typed each character shows as a dot. As soon as the field is left it shows the fixed
    mask, which does not tell the length. `is_shown` shows the text itself.
    """

    DEFAULT_CSS = """
    ValueEditor { height: 4; }
    """

    class Changed(TextEditor.Changed):
        """Report a changed value. The message does not carry the value."""

    class Submitted(TextEditor.Submitted):
        """Report Enter in a field of one line."""

    def __init__(
        self,
        *,
        is_masked: bool = True,
        is_single: bool = False,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(ValueBuffer(), is_single=is_single, placeholder=placeholder, id=id)
        self.is_masked = is_masked
        self.is_shown = False

    @property
    def typed(self) -> SecretValue:
        """Return the value."""
        return self.buffer.value()

    @property
    def is_hidden(self) -> bool:
        """Return True while dots are drawn for the text."""
        return self.is_masked and not self.is_shown

    def set_value(self, value: SecretValue) -> None:
        """Set a whole value (a file's content, a variable's text)."""
        self.buffer.set(value)
        self.changed()

    def shown_line(self, row: int) -> str:
        """Return a line, or as many dots as it has characters."""
        return DOT * self.buffer.length(row) if self.is_hidden else super().shown_line(row)

    def _resting(self, y: int) -> str:
        if y == 0:
            return self.buffer.value().hint()
        return counted(self.buffer.line_count, "line") if y == 1 and self.buffer.line_count > 1 else ""

    def render_line(self, y: int) -> Strip:
        """Draw one line of the field."""
        if self.is_hidden and not self.has_focus and not self.buffer.is_empty:
            theme, width = self.app.theme, self.size.width
            return Strip([segment(theme, fit(self._resting(y), width), "", "raised")])
        return super().render_line(y)
