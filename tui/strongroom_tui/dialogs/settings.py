"""List every setting with its value and its source. Change one in a field."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_settings import Shown
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import one_line, visible
from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.virtual_list import VirtualList

PATH_CELLS = 60


class _Rows:
    columns = (Column("setting", 18), Column("value", 0), Column("from", 22, drop=1))

    def __init__(self, shown: Sequence[Shown]) -> None:
        self.all = list(shown)

    def __len__(self) -> int:
        return len(self.all)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the name, the value and the source."""
        one = self.all[index]
        set_here = one.source != "default"
        value = one_line(one.now or one.text) or "–"
        return (
            Cell(one.title, "strong" if set_here else ""),
            Cell(value, "" if set_here else "muted"),
            Cell(one.source, "muted"),
        )


class SettingsScreen(Dialog[int]):
    """Give the number of the setting to change."""

    DEFAULT_CSS = """
    SettingsScreen #box { width: 92; }
    SettingsScreen VirtualList { height: 14; }
    SettingsScreen #meaning { margin-top: 1; height: 2; }
    """
    # A binding, not key_enter: that would overtake the arrow keys that were pressed just before.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", show=False)]
    keys = "⏎ change · esc close"

    def __init__(self, shown: Sequence[Shown], path: str, at: int = 0) -> None:
        super().__init__()
        self.heading = "Settings"
        self._rows = _Rows(shown)
        self._path = path
        self._at = at

    def body(self) -> ComposeResult:
        """Yield the list, and the meaning of the setting under the cursor."""
        yield VirtualList(self._rows, id="settings")
        yield words("", id="meaning")
        yield words(f"Written to {_short(self._path)}", style="muted")

    def begin(self) -> None:
        """Put the cursor where it was."""
        rows = self.query_one(VirtualList)
        rows.styles.height = len(self._rows) + 1
        self.set_focus(rows)
        rows.reload(self._at)

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show the meaning of the setting."""
        self.query_one("#meaning").update(self._rows.all[event.index].key.meaning)  # type: ignore[attr-defined]

    def on_virtual_list_chosen(self) -> None:
        """Change the setting on whose row the cursor was clicked."""
        self.action_choose()

    def action_choose(self) -> None:
        """Change the setting under the cursor."""
        self.dismiss(self.query_one(VirtualList).cursor)


class ChangeSetting(InputDialog[bool]):
    """Ask for one value. Give True once it is written."""

    DEFAULT_CSS = """
    ChangeSetting .field { height: auto; margin-top: 1; }
    ChangeSetting .field Label { width: 12; color: $muted; }
    ChangeSetting .field > :last-child { width: 1fr; }
    ChangeSetting #problem { height: auto; min-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "write", show=False)]
    keys = "⏎ write · esc cancel"

    def __init__(self, shown: Shown, write: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self.heading = shown.title
        self._shown = shown
        self._write = write

    def body(self) -> ComposeResult:
        """Yield the meaning, the field and its problem."""
        yield words(self._shown.key.meaning)
        yield words(_how(self._shown), style="muted")
        with Horizontal(classes="field"):
            yield Label(self._shown.key.name)
            yield Field(self._shown.text, id="value")
        yield words("", style="problem", id="problem")

    def begin(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(Input))

    def on_input_changed(self) -> None:
        """Clear the problem: it was about the text before."""
        self.query_one("#problem").update("")  # type: ignore[attr-defined]

    async def on_input_submitted(self) -> None:
        """Write the value on Enter."""
        await self.action_write()

    async def action_write(self) -> None:
        """Write the value."""
        try:
            await self._write(self.query_one(Input).value)
        except StrongroomError as error:
            self.query_one("#problem").update(f"✗ {visible(error_text(error))}")  # type: ignore[attr-defined]
        else:
            self.dismiss(True)


def _how(shown: Shown) -> str:
    how = {
        "seconds": "A whole number of seconds.",
        "theme": "dark, light or mono.",
        "texts": "Several are separated by commas.",
        "paths": "Several are separated by commas.",
    }.get(shown.key.shape, "")
    return f"{how} Left empty, the default counts.".strip()


def _short(path: str) -> str:
    """Return the end of a path that is too long for the box."""
    shown = visible(path)
    return shown if len(shown) <= PATH_CELLS else f"…{shown[1 - PATH_CELLS :]}"
