"""The text of a value while it is typed. It leaves as a `SecretValue` only."""

from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.secrets.text_buffer import TextBuffer


class ValueBuffer(TextBuffer):
    """Editable text that is secret."""

    def value(self) -> SecretValue:
        """The whole text."""
        return SecretValue(self._joined())

    def set(self, value: SecretValue) -> None:
        """Replace the text; the cursor goes to its end."""
        self.clear()
        self.insert(value.reveal())
