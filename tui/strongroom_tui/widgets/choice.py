"""Choose one of a few words: `● secret   ○ variable`, beside or below each other."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom_tui.widgets.painting import segment, style


class OneOf(Widget, can_focus=True):
    """Choose with left, right and space. `is_fixed` shows the chosen word alone."""

    DEFAULT_CSS = "OneOf { height: 1; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "choose(-1)", show=False),
        Binding("right,down,space", "choose(1)", show=False),
    ]

    class Changed(Message):
        """Report the choice of another word."""

        def __init__(self, sender: "OneOf", value: str) -> None:
            super().__init__()
            self.one_of = sender
            self.value = value

    def __init__(
        self,
        options: Sequence[str],
        value: str,
        *,
        is_fixed: bool = False,
        is_column: bool = False,
        why: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self.value = value
        self.is_fixed = is_fixed
        self.is_column = is_column
        if is_column:
            self.styles.height = len(self.options)
        self._why = why
        self.can_focus = not is_fixed

    def choose(self, value: str) -> None:
        """Choose this word."""
        if not self.is_fixed and value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Changed(self, value))

    def action_choose(self, by: int) -> None:
        """Choose the next word, or the one before."""
        at = self.options.index(self.value)
        self.choose(self.options[(at + by) % len(self.options)])

    def on_focus(self) -> None:
        """Show the focus as brackets."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the brackets away."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the mouse."""
        if self.is_column:
            self.choose(self.options[min(event.y, len(self.options) - 1)])
            return
        at = 0
        for option in self.options:
            wide = cell_len(option) + 6
            if at <= event.x < at + wide:
                self.choose(option)
            at += wide

    def render_line(self, y: int) -> Strip:
        """Draw one line. In a column it has one word."""
        theme = self.app.theme
        ground = style(theme, "")
        if self.is_fixed:
            parts = [segment(theme, f" {self.value}  "), segment(theme, self._why, "muted")]
            return Strip(parts).adjust_cell_length(self.size.width, ground)
        parts = []
        for option in self.options[y : y + 1] if self.is_column else self.options:
            chosen = option == self.value
            left, right = ("[", "]") if chosen and self.has_focus else (" ", " ")
            parts += [
                segment(theme, left, "key"),
                segment(theme, ("● " if chosen else "○ ") + option, "strong" if chosen else "muted"),
                segment(theme, right + "  ", "key"),
            ]
        return Strip(parts).adjust_cell_length(self.size.width, ground)
