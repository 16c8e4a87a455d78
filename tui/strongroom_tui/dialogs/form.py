"""Make or change an entry in a form that checks each field while a person types."""

import os
from collections.abc import Awaitable, Callable, Collection
from datetime import date
from functools import partial
from typing import ClassVar, Final, NamedTuple

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.platform.naming import NAME_HINT, is_vague
from strongroom.text.phrases import counted
from strongroom.values.common import how_well_masked
from strongroom.values.secret_value import MASK, SecretValue
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.secrets.name_row import NameRow
from strongroom_tui.model.secrets.validation import expires_problem, name_problem, read_expiry, value_problem
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.value_editor import ValueEditor

FILE_LIMIT: Final = 1_000_000
"""The most bytes of a file that is loaded as a value.

A larger file is surely the wrong one.
"""

SHOW_SECONDS: Final = 15


class Draft(NamedTuple):
    """Hold the fields of a saved form. `value` None keeps the value of the entry."""

    name: str
    kind: Kind
    value: SecretValue | None
    note: str
    expires: str


Save = Callable[[Draft], Awaitable[None]]


class EntryForm(InputDialog[str]):
    """Show the form of an entry, and give the saved name.

    Where `save` raises a `StrongroomError`, the form stays open.
    """

    DEFAULT_CSS = """
    EntryForm #fields { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    EntryForm .field { height: auto; }
    EntryForm .field Label { width: 10; color: $muted; }
    EntryForm .field > :last-child { width: 1fr; }
    EntryForm .said { padding-left: 11; height: auto; min-height: 1; }
    EntryForm #problem { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # Not with priority: saving must come after the characters that were typed before it.
        Binding("ctrl+s", "save", show=False),
        Binding("ctrl+r", "show", show=False),
        Binding("ctrl+g", "generate", show=False),
        # With priority, as Tab is: what is typed after it belongs to the next field.
        Binding("enter", "next_field", show=False, priority=True),
    ]

    def __init__(
        self,
        community: str,
        taken: Collection[str],
        save: Save,
        *,
        today: date,
        row: NameRow | None = None,
        name: str = "",
        kind: Kind = Kind.SECRET,
        value: SecretValue | None = None,
    ) -> None:
        super().__init__()
        self._value = value
        self._today = today
        self._row = row
        self._taken = taken
        self._save = save
        self._entry = row.name if row else name
        self._kind = row.kind if row else kind
        self._touched: set[str] = {"name"} if name else set()
        self._loaded = ""
        """Path of the file that is the value."""
        self.heading = f"Edit {self._entry} · {community}" if row else f"New · {community}"
        self.keys = "^s save · ^r show value · ^g generate · esc cancel"

    def body(self) -> ComposeResult:
        """Yield the fields, each above its line for a problem."""
        row = self._row
        keeps = f"{MASK}  type to replace it" if row and row.kind is Kind.SECRET else ""
        with VerticalScroll(id="fields", can_focus=False):
            with Horizontal(classes="field"):
                yield Label("Name")
                yield Field(self._entry, placeholder="weather_api_key", id="name", disabled=row is not None)
            yield words("", style="said problem", id="name-problem")
            with Horizontal(classes="field"):
                yield Label("Kind")
                yield OneOf(
                    ("secret", "variable"),
                    self._kind.value,
                    # A credential that is given is referenced as a secret.
                    is_fixed=row is not None or self._value is not None,
                    why="fixed once it is saved" if row else "",
                    id="kind",
                )
            yield words("", style="said muted", id="kind-said")
            with Horizontal(classes="field"):
                yield Label("Value")
                yield ValueEditor(is_masked=self._kind is Kind.SECRET, placeholder=keeps, id="value")
            yield words("", style="said problem", id="value-problem")
            with Horizontal(classes="field"):
                yield Label("From file")
                yield Field(placeholder="path, then ⏎ loads it as the value", id="path")
            yield words("", style="said", id="path-said")
            with Horizontal(classes="field"):
                yield Label("Note")
                yield Field(row.note if row else "", id="note", select_on_focus=False)
            with Horizontal(classes="field"):
                yield Label("Expires")
                yield Field(
                    row.expires if row else "",
                    placeholder="2027-03-31 or 90d",
                    id="expires",
                    select_on_focus=False,
                )
            yield words("", style="said problem", id="expires-problem")
        yield words("", style="problem", id="problem")

    def begin(self) -> None:
        """Focus the first field that needs text."""
        row = self._row
        value, self._value = self._value, None
        is_known = value is not None
        if row is not None and row.kind is Kind.VARIABLE:
            value = SecretValue(row.value or "")
        if value is not None:
            self.editor.set_value(value)
        # Set at once: what is typed as soon as the form is seen must not go elsewhere.
        self.set_focus(self.query_one("#value" if self._entry and not is_known else "#name"))
        self._say_kind()
        self._judge()

    @property
    def editor(self) -> ValueEditor:
        """Return the field of the value."""
        return self.query_one("#value", ValueEditor)

    @property
    def kind(self) -> Kind:
        """Return the chosen kind."""
        return Kind(self.query_one("#kind", OneOf).value)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    def _say(self, name: str, text: str, *, good: bool = False) -> None:
        place = self.query_one(f"#{name}")
        if name == "path-said":
            place.set_class(not good, "problem")
            place.set_class(good, "good")
        sign = ("✓ " if good else "✗ ") if text else ""
        place.update(sign + visible(text))  # type: ignore[attr-defined]

    def _say_kind(self) -> None:
        said = {
            Kind.SECRET: "masked and encrypted; for get_secret()",
            Kind.VARIABLE: "shown in full; for get_variable(), also in a URL",
        }[self.kind]
        self.query_one("#kind-said").update(said)  # type: ignore[attr-defined]

    # -- while typing -----------------------------------------------------------

    def problems(self) -> dict[str, str]:
        """Return the problem of each field by its name."""
        keeps = self._row is not None and self._row.kind is Kind.SECRET
        found = {
            "name": "" if self._row else name_problem(self._text("name"), self._taken),
            "value": value_problem(self.editor.buffer.is_empty and not keeps),
            "expires": expires_problem(self._text("expires"), self._today),
        }
        return {field: problem for field, problem in found.items() if problem}

    def _judge(self) -> bool:
        problems = self.problems()
        for field in ("name", "value", "expires"):
            # A field that nobody has been in yet is not blamed.
            self._say(f"{field}-problem", problems.get(field, "") if field in self._touched else "")
        self._hint_at_name(is_wrong="name" in problems)
        return not problems

    def _hint_at_name(self, *, is_wrong: bool) -> None:
        """Say what a good name has, while one is typed that has less.

        No name is refused for that.
        """
        is_hint = (
            not is_wrong and self._row is None and self.kind is Kind.SECRET and is_vague(self._text("name"))
        )
        line = self.query_one("#name-problem")
        line.set_class(is_hint, "muted").set_class(not is_hint, "problem")
        if is_hint:
            line.update(NAME_HINT)  # type: ignore[attr-defined]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check the name and the date while a person types."""
        field = event.input.id or ""
        if event.value != (self._entry if field == "name" else ""):
            self._touched.add(field)
        self._say("problem", "")
        self._judge()

    def on_value_editor_changed(self) -> None:
        """Check the value."""
        self._touched.add("value")
        self._say("problem", "")
        self._judge()

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        """Show a variable's value in clear text."""
        self.editor.is_masked = event.value == Kind.SECRET.value
        self.editor.refresh()
        self._say_kind()
        self._judge()

    def action_next_field(self) -> None:
        """Go to the next field on Enter.

        In the value, Enter breaks a line. In the path, Enter loads the file.
        """
        if self.focused is None or self.focused.id in ("value", "path"):
            raise SkipAction
        self.focus_next()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Load the file."""
        if event.input.id == "path":
            self._load(event.value)

    def _load(self, path: str) -> None:
        try:
            with open(os.path.expanduser(path.strip()), "rb") as file:
                data = file.read(FILE_LIMIT + 1)
            if len(data) > FILE_LIMIT:
                self._say("path-said", "That file is larger than 1 MB.")
                return
            text = data.decode("utf-8")
        except OSError as error:
            self._say("path-said", f"Cannot be read: {error.strerror}.")
        except UnicodeDecodeError:
            self._say("path-said", "That file is not UTF-8 text.")
        else:
            self.editor.set_value(SecretValue(text))
            self._loaded = path.strip()
            lines = self.editor.buffer.line_count
            self._say("path-said", f"Loaded {counted(lines, 'line')}, as they are.", good=True)

    # -- keys -------------------------------------------------------------------

    def action_show(self) -> None:
        """Show the typed value for 15 seconds."""
        editor = self.editor
        editor.is_shown = not editor.is_shown
        editor.refresh()
        if editor.is_shown:
            self.set_timer(SHOW_SECONDS, self.hide_value)

    def action_generate(self) -> None:
        """Open the dialog that makes a value up."""
        from strongroom_tui.dialogs.generate import Generate

        def put(value: SecretValue | None) -> None:
            if value is not None:
                self.editor.set_value(value)
                self.editor.focus()

        self.app.push_screen(Generate(), put)

    def hide_value(self) -> None:
        """Mask the value again."""
        self.editor.is_shown = False
        self.editor.refresh()

    def forget(self) -> None:
        """Drop the typed value."""
        self.editor.buffer.clear()

    def action_save(self) -> None:
        """Save if no field has a problem. Go to the first problem otherwise."""
        self._touched |= {"name", "value", "expires"}
        if not self._judge():
            self.query_one(f"#{next(iter(self.problems()))}").focus()
            return
        if self._text("path").strip() not in ("", self._loaded):
            self._say("path-said", "Not loaded yet: ⏎ here loads it as the value.")
            self.query_one("#path").focus()
            return
        editor = self.editor
        value = None if editor.buffer.is_empty else editor.buffer.value()
        expires = read_expiry(self._text("expires"), self._today) or ""
        draft = Draft(self._text("name"), self.kind, value, self._text("note").strip(), expires)
        # Beside the screen, because saving may ask something in a dialog of its own.
        start(self, Group.TRY, self._try, draft)

    async def _try(self, draft: Draft) -> None:
        try:
            await self._save(draft)
        except StrongroomError as error:
            self._say("problem", error_text(error))
            return
        self.forget()
        self.dismiss(draft.name)
        value = draft.value
        if value is not None and draft.kind is Kind.SECRET and (why := how_well_masked(value.reveal())):
            # On the screen behind this one: a notice goes with the screen that shows it.
            self.app.call_later(partial(self.app.notify, why, severity="warning", markup=False, timeout=8))
