"""Read a file, and show what an import of it changes before anything is saved."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.transfer.planning import (
    CHANGED,
    CONFLICT,
    DELETED,
    KEPT,
    NEW,
    RENAMED,
    SAME,
    THEIRS,
    ImportChoices,
    Plan,
)
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import one_line, visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.value_editor import ValueEditor
from strongroom_tui.widgets.virtual_list import VirtualList

KINDS: Final = {"secrets": Kind.SECRET, "variables": Kind.VARIABLE}
SIGNS: Final = {
    CONFLICT: ("! conflict", "bad"),
    DELETED: ("- deleted", "warn"),
    RENAMED: ("~ renamed", "warn"),
    CHANGED: ("~ changes", "warn"),
    NEW: ("+ new", "good"),
    KEPT: ("= newer", "muted"),
    SAME: ("= the same", "muted"),
}
"""The sign of each change, in the order in which changes are shown."""
SIDES: Final = {"mine stay": "", "theirs are taken": THEIRS}

Look = Callable[[str, SecretValue, ImportChoices], Awaitable[Plan]]
"""Reads the file (path, passphrase, choices) and returns a plan.

Raises `StrongroomError`.
"""


class NeedsPassphrase(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that the file is a bundle, and that its passphrase is missing."""


class _Changes:
    columns = (Column("", 10), Column("", 20), Column("", 0, drop=1))

    def __init__(self) -> None:
        self.rows: list[tuple[Cell, ...]] = []

    def show(self, plan: Plan | None) -> None:
        """Show the rows of a plan.

        Refused entries are first, then the changes in the order of their signs.
        """
        self.rows = []
        if plan is None:
            return
        for refusal in plan.refusals:
            line = f"line {refusal.line}: " if refusal.line else ""
            shown = Cell(one_line(refusal.name) or "–", "bad")
            self.rows.append((Cell("✗ refused", "bad"), shown, Cell(line + one_line(refusal.reason))))
        order = list(SIGNS)
        for change in sorted(plan.changes, key=lambda change: order.index(change.action)):
            sign, style = SIGNS[change.action]
            about = [change.kind.value, *change.parts]
            if change.original:
                was = one_line(change.original)
                about.append(f"was {was}" if change.action == RENAMED else f"{was} in the file")
            self.rows.append((Cell(sign, style), Cell(change.name), Cell(", ".join(about), "muted")))

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one row."""
        return self.rows[index]


class ImportFile(InputDialog[Plan]):
    """Give the plan that a person agreed to."""

    DEFAULT_CSS = """
    ImportFile #box { width: 92; height: 85%; }
    ImportFile .field { height: auto; }
    ImportFile .field Label { width: 12; color: $muted; }
    ImportFile .field > :last-child { width: 1fr; }
    ImportFile #said { margin-top: 1; height: auto; min-height: 1; }
    ImportFile VirtualList { height: 1fr; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "import", show=False, priority=True)]
    keys = "⏎ read · ^s import · tab next · esc cancel"

    def __init__(self, community: str, look: Look) -> None:
        super().__init__()
        self.heading = f"Import into {community}"
        self._look = look
        self._plan: Plan | None = None
        self._changes = _Changes()
        self._agreed: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """Yield the file, the choices, and the changes."""
        with Horizontal(classes="field"):
            yield Label("File")
            yield Field(placeholder=".env, .json, .csv, or a bundle", id="path")
        with Horizontal(classes="field", id="for-passphrase"):
            yield Label("Passphrase")
            yield ValueEditor(is_single=True, id="passphrase")
        with Horizontal(classes="field"):
            yield Label("New names")
            yield OneOf(tuple(KINDS), "secrets", id="kind")
        with Horizontal(classes="field"):
            yield Label("Bad names")
            yield OneOf(("are refused", "are made valid"), "are refused", id="invalid")
        with Horizontal(classes="field", id="for-side"):
            yield Label("Conflicts")
            yield OneOf(tuple(SIDES), next(iter(SIDES)), id="side")
        yield words("Nothing is saved before you have seen what changes.", style="muted", id="said")
        yield VirtualList(self._changes, id="changes", header=False)

    def begin(self) -> None:
        """Focus the path."""
        self.query_one("#for-passphrase").display = False
        self.query_one("#for-side").display = False
        self.set_focus(self.query_one("#path"))

    @property
    def choices(self) -> ImportChoices:
        """Return the chosen kinds and names."""
        kind = KINDS[self.query_one("#kind", OneOf).value]
        renames = self.query_one("#invalid", OneOf).value != "are refused"
        return ImportChoices(
            kind=kind, rename_invalid=renames, side=SIDES[self.query_one("#side", OneOf).value]
        )

    def on_input_changed(self) -> None:
        """Drop the plan of the file before, and the answers about it."""
        self._agreed = ()
        self.query_one("#for-side").display = False
        self.query_one("#side", OneOf).choose(next(iter(SIDES)))
        self._show(None)

    def on_input_submitted(self) -> None:
        """Read the file."""
        self._read()

    def on_value_editor_submitted(self) -> None:
        """Read the file with this passphrase."""
        self._read()

    def on_one_of_changed(self) -> None:
        """Plan again with the other choice."""
        if self._plan is not None:
            self._read()

    def _read(self) -> None:
        if self.query_one("#path", Input).value.strip():
            start(self, Group.TRY, self._try)

    async def _try(self) -> None:
        path = self.query_one("#path", Input).value.strip()
        passphrase = self.query_one("#passphrase", ValueEditor).buffer.value()
        try:
            plan = await self._look(path, passphrase, self.choices)
        except NeedsPassphrase as error:
            self.query_one("#for-passphrase").display = True
            self.query_one("#passphrase").focus()
            self._show(None, visible(error.message))
        except StrongroomError as error:
            self._show(None, f"✗ {visible(error_text(error))}", bad=True)
        else:
            if plan.conflicts:
                self.query_one("#for-side").display = True
            self._show(plan, _sum(plan))
            self.query_one("#changes").focus()

    def _show(self, plan: Plan | None, text: str = "", *, bad: bool = False) -> None:
        self._plan = plan
        said = self.query_one("#said")
        said.set_class(bad, "problem")
        said.set_class(not text, "muted")
        said.update(text or "Nothing is saved before you have seen what changes.")  # type: ignore[attr-defined]
        self._changes.show(plan)
        self.query_one("#changes", VirtualList).reload(0)

    def action_import(self) -> None:
        """Give the plan that is shown. Read the file first if no plan is shown."""
        if self._plan is None:
            self._read()
        elif self._plan.notes != self._agreed:
            self._agreed = self._plan.notes
            notes = "\n".join(f"! {one_line(note)}" for note in self._plan.notes)
            self._show(self._plan, f"{visible(notes)}\nPress ^s again to import it all the same.", bad=True)
        elif self._plan.saves:
            plan = self._plan
            self.forget()
            self.dismiss(plan)
        else:
            self._show(self._plan, "There is nothing to import: see below.")

    def forget(self) -> None:
        """Drop the passphrase and the values of the file."""
        self.query_one("#passphrase", ValueEditor).buffer.clear()
        self._plan = None


_BESIDE: Final = {RENAMED: "renamed", DELETED: "deleted", KEPT: "newer here", CONFLICT: "in conflict"}


def _sum(plan: Plan) -> str:
    parts = [f"{plan.count(NEW)} new", f"{plan.count(CHANGED)} changed"]
    parts += [f"{plan.count(action)} {word}" for action, word in _BESIDE.items() if plan.count(action)]
    parts.append(f"{plan.count(SAME)} the same")
    if plan.refusals:
        parts.append(f"{len(plan.refusals)} refused")
    what = f"{plan.what[:1].upper()}{plan.what[1:]}: {', '.join(parts)}."
    remarks = "".join(f"\n! line {remark.line}: {one_line(remark.text)}" for remark in plan.remarks[:3])
    remarks += "".join(f"\n! {one_line(note)}" for note in plan.notes)
    return visible(what) + ("  ^s imports." if plan.saves else "") + remarks
