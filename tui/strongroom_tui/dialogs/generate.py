"""Make a value up. Show its strength, and never the value."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom.values import generation
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field


class Generate(InputDialog[SecretValue]):
    """Give the new value."""

    DEFAULT_CSS = """
    Generate #box { width: 60; }
    Generate .field { height: auto; }
    Generate .field Label { width: 10; color: $muted; }
    Generate .field > :last-child { width: 1fr; }
    Generate OneOf { height: auto; }
    Generate #said { padding-left: 11; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "make", show=False, priority=True),
        Binding("ctrl+s", "make", show=False, priority=True),
    ]
    heading = "Generate a value"
    keys = "⏎ use it · tab next · esc cancel"

    def body(self) -> ComposeResult:
        """Yield the alphabet, the length, and the strength."""
        styles = (*generation.ALPHABETS, generation.WORDS)
        with Horizontal(classes="field"):
            yield Label("Made of")
            yield OneOf(styles, styles[0], is_column=True, id="style")
        with Horizontal(classes="field"):
            yield Label("Length")
            yield Field(str(generation.default_length(styles[0])), type="integer", id="length")
        yield words("", id="said")

    def begin(self) -> None:
        """Focus the alphabet."""
        self.set_focus(self.query_one(OneOf))
        self._show()

    @property
    def style(self) -> str:
        """Return the chosen alphabet, or the words."""
        return self.query_one(OneOf).value

    @property
    def length(self) -> int:
        """Return the number in the field, or 0 for other text."""
        text = self.query_one(Input).value
        return int(text) if text.isdecimal() else 0

    def on_one_of_changed(self) -> None:
        """Set the default length: words are counted differently."""
        self.put(self.query_one(Input), str(generation.default_length(self.style)))
        self._show()

    def on_input_changed(self) -> None:
        """Show the strength of the length."""
        self._show()

    def _show(self) -> None:
        low, high = generation.limits(self.style)
        unit = "words" if self.style == generation.WORDS else "characters"
        fits = low <= self.length <= high
        said = self.query_one("#said")
        said.set_class(not fits, "problem")
        said.set_class(fits, "muted")
        text = f"{self.length} {unit}, about {generation.bits(self.style, self.length)} bits"
        said.update(text if fits else f"✗ {low} to {high:,} {unit}")  # type: ignore[attr-defined]

    def action_make(self) -> None:
        """Make the value and close."""
        try:
            value = generation.generate(self.style, self.length)
        except StrongroomError as error:
            self.query_one("#said").update(f"✗ {visible(error_text(error))}")  # type: ignore[attr-defined]
            return
        self.dismiss(value)
