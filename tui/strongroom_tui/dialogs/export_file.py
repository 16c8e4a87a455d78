"""Ask for the form and the file of an export: a sealed bundle, or a plain file."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from strongroom.errors import StrongroomError
from strongroom.store.keys import passphrases
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.value_editor import ValueEditor

PASSPHRASE: Final = "bundle with a passphrase"  # noqa: S105 - the name of a choice
RECIPIENT: Final = "bundle for a colleague"
ENV: Final = ".env, in clear"
JSON: Final = "JSON, in clear"
CSV: Final = "CSV, in clear"
ENDINGS: Final = {
    PASSPHRASE: ".strongroom",
    RECIPIENT: ".strongroom",
    ENV: ".env",
    JSON: ".json",
    CSV: ".csv",
}
PLAIN: Final = {ENV: "env", JSON: "json", CSV: "csv"}

_SAID: Final = {
    PASSPHRASE: "The file and the passphrase together are enough to import it.",
    RECIPIENT: "Only the vault of that recipient can import it.",
}
_IN_CLEAR: Final = "! Every value is in this file in clear. Delete it when it has done its work."


class ExportChoice(NamedTuple):
    """Hold the form, the path and the key of an export."""

    form: str
    path: str
    passphrase: SecretValue
    recipient: str


Write = Callable[[ExportChoice], Awaitable[str]]
"""Writes the file and returns its path. Raises `StrongroomError`."""


class ExportFile(InputDialog[str]):
    """Give the path of the written file."""

    DEFAULT_CSS = """
    ExportFile #box { width: 76; }
    ExportFile .field { height: auto; }
    ExportFile .field Label { width: 12; color: $muted; }
    ExportFile .field > :last-child { width: 1fr; }
    ExportFile .first { margin-top: 1; }
    ExportFile #said { margin-top: 1; height: auto; }
    ExportFile #problem { height: auto; min-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "write", show=False)]
    keys = "^s write the file · tab next · esc cancel"

    def __init__(self, what: str, name: str, write: Write) -> None:
        super().__init__()
        self.heading = f"Export {what}"
        self._suggestion = name
        self._write = write
        self._busy = False

    def body(self) -> ComposeResult:
        """Yield the choice of the form, the path, and the fields of the key."""
        with Horizontal(classes="field"):
            yield Label("As")
            yield OneOf(tuple(ENDINGS), PASSPHRASE, is_column=True, id="form")
        with Horizontal(classes="field first"):
            yield Label("File")
            yield Field(self._suggestion + ENDINGS[PASSPHRASE], id="path", select_on_focus=False)
        for name, label in (("passphrase", "Passphrase"), ("again", "Once more")):
            with Horizontal(classes="field for-passphrase"):
                yield Label(label)
                yield ValueEditor(is_single=True, id=name)
        with Horizontal(classes="field for-recipient"):
            yield Label("Recipient")
            yield Field(placeholder="strongroom1…, from `strongroom vault identity`", id="recipient")
        yield words("", style="muted", id="said")
        yield words("", style="problem", id="problem")

    def begin(self) -> None:
        """Focus the choice of the form."""
        self.set_focus(self.query_one(OneOf))
        self._arrange()

    @property
    def form(self) -> str:
        """Return the chosen form."""
        return self.query_one(OneOf).value

    def _arrange(self) -> None:
        for field in self.query(".for-passphrase"):
            field.display = self.form == PASSPHRASE
        for field in self.query(".for-recipient"):
            field.display = self.form == RECIPIENT
        self._tell()

    def _tell(self) -> None:
        said = _SAID.get(self.form, _IN_CLEAR)
        typed = self.query_one("#passphrase", ValueEditor).buffer
        if self.form == PASSPHRASE and not typed.is_empty:
            weak = passphrases.weakness(typed.value())
            said += f"\n! This passphrase can be guessed: {weak}." if weak else ""
        self.query_one("#said").update(said)  # type: ignore[attr-defined]

    def on_descendant_blur(self) -> None:
        """Show a weakness of the passphrase once it was typed."""
        self._tell()

    def on_one_of_changed(self) -> None:
        """Show the ending and the fields of the other form."""
        path = self.query_one("#path", Input)
        for ending in set(ENDINGS.values()):
            if path.value.endswith(ending):
                self.put(path, path.value.removesuffix(ending) + ENDINGS[self.form])
                break
        self._say("")
        self._arrange()

    def on_value_editor_changed(self) -> None:
        """Clear the problem: it was about the text before."""
        self._say("")

    async def on_value_editor_submitted(self) -> None:
        """Go to the next field on Enter."""
        self.focus_next()

    def on_input_submitted(self) -> None:
        """Go to the next field on Enter."""
        self.focus_next()

    def _say(self, text: str) -> None:
        self.query_one("#problem").update(f"✗ {visible(text)}" if text else "")  # type: ignore[attr-defined]

    def _problem(self) -> str:
        passphrase, again = (self.query_one(f"#{n}", ValueEditor).buffer for n in ("passphrase", "again"))
        if not self.query_one("#path", Input).value.strip():
            return "Type the path of the file."
        if self.form == PASSPHRASE and passphrase.is_empty:
            return "Type a passphrase, several words long."
        if self.form == PASSPHRASE and passphrase.value() != again.value():
            return "The two are not the same."
        return ""

    def action_write(self) -> None:
        """Write the file, unless a field is missing."""
        problem = self._problem()
        self._say(problem)
        if not problem:
            start(self, Group.TRY, self._try)

    async def _try(self) -> None:
        passphrase = self.query_one("#passphrase", ValueEditor).buffer.value()
        path, recipient = (self.query_one(f"#{name}", Input).value.strip() for name in ("path", "recipient"))
        try:
            written = await self._write(ExportChoice(self.form, path, passphrase, recipient))
        except StrongroomError as error:
            self._say(error_text(error))
            return
        self.forget()
        self.dismiss(written)

    def forget(self) -> None:
        """Drop the passphrase."""
        for editor in self.query(ValueEditor):
            editor.buffer.clear()
