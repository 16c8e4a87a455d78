"""Open or make the vault by one of its ways, or by the remembered key."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from strongroom.errors import StrongroomError
from strongroom.store.keys import passphrases
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.choice import OneOf
from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.value_editor import ValueEditor

PASSPHRASE, KEY_FILE, KEYRING = "passphrase", "key file", "keyring"
RECOVERY, REMEMBERED = "recovery code", "remembered key"

TYPED = (PASSPHRASE, RECOVERY)
"""The ways that need text in the masked field."""

_ROW = 3
"""The most ways that fit beside each other. More are in a column."""

Attempt = Callable[[str, SecretValue, str], Awaitable[None]]
"""Opens or makes the vault: way, passphrase, path of the key file.

Raises `StrongroomError`.
"""


class Ways(Dialog[bool]):
    """Pick a way, fill its field, and try the way, to unlock a vault or to make one."""

    DEFAULT_CSS = """
    Ways .field { height: auto; margin-top: 1; }
    Ways .field Label { width: 12; color: $muted; }
    Ways .field > :last-child { width: 1fr; }
    Ways #said { margin-top: 1; min-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s,enter", "attempt", show=False)]

    intro: Sequence[str] = ()
    repeats = False

    def __init__(
        self, ways: Sequence[str], attempt: Attempt, *, key_file: str = "", problem: str = ""
    ) -> None:
        super().__init__()
        self._ways = tuple(ways)
        self._attempt = attempt
        self._key_file = key_file
        self._problem = problem
        self._busy = False

    def body(self) -> ComposeResult:
        """Yield the ways, and the fields of the chosen one."""
        for line in self.intro:
            yield words(line)
        with Horizontal(classes="field"):
            yield Label("Opens with")
            yield OneOf(self._ways, self._ways[0], is_column=len(self._ways) > _ROW, id="way")
        with Horizontal(classes="field", id="for-passphrase"):
            yield Label("Passphrase", id="typed-label")
            yield ValueEditor(is_single=True, id="passphrase")
        if self.repeats:
            with Horizontal(classes="field", id="for-again"):
                yield Label("Once more")
                yield ValueEditor(is_single=True, id="again")
        with Horizontal(classes="field", id="for-key-file"):
            yield Label("Key file")
            yield Field(self._key_file, placeholder="path of the key file", id="key-file")
        yield words("", style="muted", id="hint")
        yield words("", style="problem", id="said")

    def begin(self) -> None:
        """Focus the field of the first way."""
        self._arrange()
        self._focus_field()
        if self._problem:
            self._say(self._problem)

    @property
    def way(self) -> str:
        """Return the chosen way."""
        return self.query_one("#way", OneOf).value

    def _arrange(self) -> None:
        way = self.way
        self.query_one("#for-passphrase").display = way in TYPED
        self.query_one("#typed-label", Label).update("Code" if way == RECOVERY else "Passphrase")
        if self.repeats:
            self.query_one("#for-again").display = way == PASSPHRASE
        self.query_one("#for-key-file").display = way == KEY_FILE
        self.query_one("#hint", Static).update(self.hint(way))

    def _focus_field(self) -> None:
        field = {PASSPHRASE: "#passphrase", RECOVERY: "#passphrase", KEY_FILE: "#key-file"}.get(
            self.way, "#way"
        )
        self.set_focus(self.query_one(field))

    def hint(self, way: str) -> str:
        """Return a line about the way."""
        return {
            KEYRING: "Enter asks the system's keyring.",
            RECOVERY: "The code that was shown once, when it was made. Upper and lower case are the same.",
            REMEMBERED: "Enter uses the key that `strongroom vault unlock` keeps in memory.",
        }.get(way, "")

    def _say(self, text: str, *, busy: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.set_class(busy, "muted")
        said.set_class(not busy, "problem")
        said.update(("" if busy or not text else "✗ ") + visible(text))

    def on_one_of_changed(self) -> None:
        """Show the field of the other way."""
        self._say("")
        self.forget()
        self._arrange()

    def on_value_editor_changed(self) -> None:
        """Clear the problem: it was about the text before."""
        if not self._busy:
            self._say("")

    async def on_value_editor_submitted(self, event: ValueEditor.Submitted) -> None:
        """Try on Enter, or go to the second of two fields."""
        if self.repeats and event.editor.id == "passphrase":
            self.query_one("#again").focus()
        else:
            await self.action_attempt()

    async def on_input_submitted(self) -> None:
        """Try on Enter."""
        await self.action_attempt()

    def on_descendant_blur(self) -> None:
        """Show a weakness of the passphrase once it was typed."""
        if self.repeats and self.way == PASSPHRASE and not self._busy:
            self.query_one("#hint", Static).update(self.hint(PASSPHRASE))

    def check(self) -> str:
        """Return the problem before any way is tried, or ""."""
        if self.way in TYPED and self.query_one("#passphrase", ValueEditor).buffer.is_empty:
            return f"Type the {self.way}."
        if self.way == KEY_FILE and not self.query_one("#key-file", Input).value.strip():
            return "Type the path of the key file."
        return ""

    async def action_attempt(self) -> None:
        """Try the chosen way. Stay open if the way is refused."""
        if self._busy:
            return
        if problem := self.check():
            self._say(problem)
            return
        self._busy = True
        self._say("Opening …", busy=True)
        start(self, Group.TRY, self._try)

    async def _try(self) -> None:
        editor = self.query_one("#passphrase", ValueEditor)
        path = self.query_one("#key-file", Input).value.strip()
        try:
            await self._attempt(self.way, editor.buffer.value(), path)
        except StrongroomError as error:
            self._say(error_text(error))
            self._busy = False
            return
        self.forget()
        self.dismiss(True)

    def forget(self) -> None:
        """Drop the typed passphrase."""
        for editor in self.query(ValueEditor):
            editor.buffer.clear()


class Unlock(Ways):
    """Open an existing vault."""

    heading = "Unlock the vault"
    keys = "⏎ unlock · tab next · esc stay locked"


class CreateVault(Ways, InputDialog[bool]):
    """Make the first vault."""

    heading = "Make a vault"
    keys = "⏎ make it · tab next · esc later"
    intro = (
        "Your secrets are kept encrypted, in one file on this machine.",
        "Choose what opens it. There is no other way in: keep it safe.",
    )
    repeats = True

    def hint(self, way: str) -> str:
        """Return the meaning of the way, or a weakness of its passphrase."""
        typed = self.query_one("#passphrase", ValueEditor).buffer
        weak = None if typed.is_empty else passphrases.weakness(typed.value())
        return {
            PASSPHRASE: f"! This passphrase can be guessed: {weak}." if weak else "",
            KEY_FILE: "Made here if it does not exist. Everybody who has it can open the vault.",
            KEYRING: "A key is kept in this account's keyring.",
        }[way]

    def check(self) -> str:
        """Return the problem if the two passphrases differ."""
        if problem := super().check():
            return problem
        first, again = self.query_one("#passphrase", ValueEditor), self.query_one("#again", ValueEditor)
        if self.way == PASSPHRASE and first.buffer.value() != again.buffer.value():
            return "The two are not the same."
        return ""
