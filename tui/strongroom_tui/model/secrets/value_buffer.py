"""Edit a value while it is typed. The value leaves as a `SecretValue` only."""

from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.secrets.text_buffer import TextBuffer


class ValueBuffer(TextBuffer):
    """Edit text that is secret."""

    def value(self) -> SecretValue:
        """Return the whole text."""
        return SecretValue(self._joined())

    def set(self, value: SecretValue) -> None:
        """Replace the text, and put the cursor at its end."""
        self.clear()
        self.insert(value.reveal())
