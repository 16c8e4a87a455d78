"""Ask for the name of a test case, and for what it expects."""

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.model.text.words import one_line
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field

STATUS, BODY = "status", "status and body"


class SaveCase(InputDialog[tuple[str, bool]]):
    """Give the name, and True to expect the body's members too."""

    DEFAULT_CSS = """
    SaveCase Input { margin: 0 0 1 0; }
    SaveCase OneOf { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", show=False, priority=True)]
    heading = "Save as a test case"
    keys = "^s save · esc cancel"

    def __init__(
        self, name: str, file: str, status: int | None, paths: Sequence[str], *, of: str = ""
    ) -> None:
        super().__init__()
        self._of = of
        self._name = name
        self._file = file
        self._status = status
        self._paths = paths

    def body(self) -> ComposeResult:
        """Yield the name, the expectations and the file."""
        yield words(f"Of {self._of}" if self._of else "", style="muted", id="of")
        yield words("Name", style="muted")
        yield Field(self._name, id="name")
        yield words("It expects", style="muted")
        choices = [STATUS, BODY] if self._paths else [STATUS]
        yield OneOf(choices, choices[-1], is_fixed=len(choices) == 1, id="what")
        yield words("", id="summary")
        yield words(f"Added to {one_line(self._file)}", style="muted")

    def begin(self) -> None:
        """Focus the name."""
        self._tell()
        self.query_one("#name").focus()

    def on_one_of_changed(self) -> None:
        """Show the expectations of the other choice."""
        self._tell()

    def on_input_submitted(self) -> None:
        """Save on Enter."""
        self.action_save()

    @property
    def _with_body(self) -> bool:
        return self.query_one(OneOf).value == BODY

    def _tell(self) -> None:
        status = f"status {self._status}" if self._status is not None else "any 2xx"
        lines = [f"· {status}", "· every secret and variable resolves"]
        if self._with_body:
            lines.append(f"· in the body, of their types: {', '.join(map(one_line, self._paths))}")
        folded = [piece for line in lines for piece in textwrap.wrap(line, 60, subsequent_indent="  ")]
        self.query_one("#summary").update("\n".join([*folded, ""]))  # type: ignore[attr-defined]

    def action_save(self) -> None:
        """Give the choice once there is a name."""
        name = self.query_one("#name", Input).value.strip()
        if name:
            self.dismiss((name, self._with_body))
