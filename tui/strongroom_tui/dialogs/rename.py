"""Ask for a new name, and show each line that changes with it as it is typed."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom.text.phrases import counted
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.rename_places import ChangedCall
from strongroom_tui.model.secrets.validation import name_problem
from strongroom_tui.model.text.words import one_line, shorten_middle, visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.painting import fit

UPDATE: Final = "update them"
LEAVE: Final = "leave them"
WHERE_CELLS: Final = (12, 44)
"""The fewest and the most cells of a path with its line. Paths are padded, so that lines begin in one column."""

BEFORE_CELLS: Final = 16
"""Characters of a line that are shown before the name."""

AFTER_CELLS: Final = 6
"""Cells that are kept for the line after the name. Paths are shortened for them."""

Save = Callable[[str, bool], Awaitable[None]]
"""Renames to a name, and in the files too for True. Raises `StrongroomError`."""


class Rename(InputDialog[str]):
    """Give the new name once it is saved."""

    DEFAULT_CSS = """
    Rename #box { width: 92; height: 80%; }
    Rename .field { height: auto; }
    Rename .field Label { width: 10; color: $muted; }
    Rename .field > :last-child { width: 1fr; }
    Rename #problem { padding-left: 11; height: auto; min-height: 1; }
    Rename #count { margin-top: 1; }
    Rename LineView { height: 1fr; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", show=False)]
    keys = "^s rename · tab next · esc cancel"

    def __init__(
        self,
        name: str,
        taken: Collection[str],
        calls: Sequence[ChangedCall],
        unread: Sequence[str],
        save: Save,
    ) -> None:
        super().__init__()
        self.heading = f"Rename {name}"
        self._old = name
        self._taken = taken
        self._calls = calls
        self._unread = unread
        self._save = save
        self._busy = False

    def body(self) -> ComposeResult:
        """Yield the new name, the choice about the files, and the lines."""
        with Horizontal(classes="field"):
            yield Label("New name")
            yield Field(self._old, id="name", select_on_focus=False)
        yield words("", style="problem", id="problem")
        if self._calls:
            with Horizontal(classes="field"):
                yield Label("Files")
                yield OneOf((UPDATE, LEAVE), UPDATE, id="files")
        yield words("", id="count")
        yield LineView(id="lines")

    def begin(self) -> None:
        """Focus the name."""
        self.set_focus(self.query_one(Input))
        self._show()

    @property
    def new_name(self) -> str:
        """Return the text of the field."""
        return self.query_one(Input).value

    @property
    def updates(self) -> bool:
        """Return True if the files change too."""
        return bool(self._calls) and self.query_one(OneOf).value == UPDATE

    def _problem(self) -> str:
        return "" if self.new_name == self._old else name_problem(self.new_name, self._taken)

    def _show(self) -> None:
        problem = self._problem()
        self._say(problem)
        files = len({call.file for call in self._calls})
        uses = f"{counted(len(self._calls), 'line')} in {counted(files, 'file')}"
        if not self._calls:
            uses = "No connector in this folder uses it."
        elif self.updates:
            uses = f"{uses} will change with it:"
        else:
            uses = f"! {uses} will go on asking for {self._old}, and calls will fail:"
        if self._unread:
            uses += f" {counted(len(self._unread), 'file')} could not be read."
        self.query_one("#count").update(visible(uses))  # type: ignore[attr-defined]
        self._show_lines()

    def _show_lines(self) -> None:
        new = self.new_name if self.updates and not self._problem() else self._old
        changes = self.updates and new != self._old
        view = self.query_one(LineView)
        width = view.scrollable_content_region.width
        fewest, most = WHERE_CELLS
        room = max(fewest, min(most, width - 2 - BEFORE_CELLS - len(new) - AFTER_CELLS))
        wide = max((len(_where(call)) for call in self._calls), default=0)
        view.show([_line(call, new, min(wide, room), width, changes=changes) for call in self._calls])

    def _say(self, problem: str) -> None:
        self.query_one("#problem").update(f"✗ {visible(problem)}" if problem else "")  # type: ignore[attr-defined]

    def on_line_view_resized(self) -> None:
        """Shorten the lines to the new width."""
        self._show_lines()

    def on_input_changed(self) -> None:
        """Check the name, and show the lines with it."""
        self._show()

    def on_one_of_changed(self) -> None:
        """Show the meaning of the other choice."""
        self._show()

    async def on_input_submitted(self) -> None:
        """Rename on Enter."""
        self.action_save()

    def action_save(self) -> None:
        """Rename, unless the name is refused."""
        if self._busy or self._problem():
            return
        if self.new_name == self._old:
            self._say("That is its name now.")
            return
        self._busy = True
        # Beside the screen, because renaming may ask something in a dialog of its own.
        start(self, Group.TRY, self._try)

    async def _try(self) -> None:
        try:
            await self._save(self.new_name, self.updates)
        except StrongroomError as error:
            self._busy = False
            self._say(error_text(error))
            return
        self.dismiss(self.new_name)


def _where(call: ChangedCall) -> str:
    return f"{one_line(call.file)}:{call.line}"


def _line(call: ChangedCall, name: str, wide: int, width: int, *, changes: bool) -> Line:
    before = one_line(call.before.lstrip())
    if len(before) > BEFORE_CELLS:
        before = "…" + before[-BEFORE_CELLS + 1 :]
    room = max(0, width - wide - 2 - cell_len(before) - len(name))
    return [
        (f"{shorten_middle(_where(call), wide):<{wide}}  ", "muted"),
        (before, ""),
        (name, "good" if changes else "warn"),
        (fit(one_line(call.after), room).rstrip(), ""),
    ]
