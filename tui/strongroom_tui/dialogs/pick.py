"""Pick one of many by typing: an action, a key, a community or a connector."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.virtual_list import VirtualList


class Choices:
    """Hold the choices that match the query."""

    columns = (Column("", 0), Column("", 11, drop=1, right=True))

    def __init__(
        self,
        choices: Sequence[tuple[str, str, str]],
        words: Mapping[str, str] | None = None,
        beyond: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        self.all = tuple(choices)
        self.shown = list(self.all)
        self._words = words or {}
        self._beyond = tuple(beyond)

    def filter(self, query: str) -> None:
        """Keep the choices that hold every word.

        Choices with the words in their text are first.
        """
        words = query.lower().split()
        if not words:
            self.shown = list(self.all)
            return
        found, known_as = [], []
        for choice in (*self.all, *self._beyond):
            text = f"{choice[0]} {choice[1]}".lower()
            if all(word in text for word in words):
                found.append(choice)
            elif all(word in f"{text} {self._words.get(choice[2], '')}" for word in words):
                known_as.append(choice)
        self.shown = found + known_as

    def __len__(self) -> int:
        return len(self.shown)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the text, and the word beside it."""
        text, beside, _ = self.shown[index]
        return Cell(text), Cell(beside, "muted")


class Pick(Dialog[str]):
    """Filter a list by a query. Enter gives the result of the row under the cursor.

    `words` has other words that a choice is found by, by its result. `beyond` are choices that only a search shows.
    With `free`, a typed text that matches nothing exactly counts as a result too ("a new community").
    """

    DEFAULT_CSS = """
    Pick #box { width: 80; height: 80%; }
    Pick VirtualList { height: 1fr; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "go(1)", show=False, priority=True),
        Binding("up", "go(-1)", show=False, priority=True),
        Binding("pagedown", "go(10)", show=False, priority=True),
        Binding("pageup", "go(-10)", show=False, priority=True),
    ]
    keys = "⏎ choose · esc cancel"

    def __init__(
        self,
        heading: str,
        choices: Sequence[tuple[str, str, str]],
        *,
        hint: str = "type to search",
        free: str = "",
        words: Mapping[str, str] | None = None,
        beyond: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        super().__init__()
        self.heading = heading
        self.choices = Choices(choices, words, beyond)
        self._hint = hint
        self._free = free

    def body(self) -> ComposeResult:
        """Yield the query above the list."""
        yield Field(placeholder=self._hint, id="query")
        rows = VirtualList(self.choices, header=False)
        rows.can_focus = False
        rows.empty = ("Nothing matches.",)
        yield rows

    @property
    def rows(self) -> VirtualList:
        """Return the list."""
        return self.query_one(VirtualList)

    def begin(self) -> None:
        """Focus the query."""
        self.set_focus(self.query_one(Input))
        self.rows.reload(0)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the choices that match."""
        self.choices.filter(event.value)
        typed = event.value.strip()
        if self._free and typed and typed not in (c[2] for c in self.choices.shown):
            self.choices.shown.append((f"{self._free} {typed}", "", typed))
        self.rows.reload(0)

    def on_input_submitted(self) -> None:
        """Take the row under the cursor on Enter."""
        self._take(self.rows.cursor)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        """Take the clicked row."""
        self._take(event.index)

    def _take(self, index: int) -> None:
        if 0 <= index < len(self.choices):
            self.dismiss(self.choices.shown[index][2])

    def action_go(self, by: int) -> None:
        """Move in the list while a person types."""
        self.rows.go(self.rows.cursor + by)
