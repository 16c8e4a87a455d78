"""What all dialogs share: a framed box in the middle, a title, a line of keys below, Escape to leave."""

from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, cast, runtime_checkable

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from strongroom.values.secret_value import SecretValue
from strongroom_tui.frame.workers import end
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.dialog_box import DialogBox

if TYPE_CHECKING:
    from textual.widgets import Input

    from strongroom_tui.app_base import AppBase

T = TypeVar("T")


@runtime_checkable
class HoldsText(Protocol):
    """A field whose text a person typed."""

    typed: str | SecretValue


class Dialog(ModalScreen[T | None]):
    """A modal box. Subclasses set `heading` and `keys` and yield their content from `body`."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #box {
        width: 66; max-width: 96%; height: auto; max-height: 96%;
        background: $background; border: round $line; border-title-color: $primary;
        border-title-style: bold; border-subtitle-color: $muted; padding: 0 1;
    }
    Dialog Static { width: 1fr; height: auto; }
    Dialog .muted { color: $muted; }
    Dialog .problem { color: $error; }
    Dialog .good { color: $success; }
    Dialog Input { background: $raised; border: none; height: 1; padding: 0 1; }
    Dialog Input:focus { border: none; }
    Dialog .gap { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+c", "say_way_out", "Leave", show=False),
        Binding("tab", "app.focus_next", "Next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False, priority=True),
        # A dialog hides the app's own keys; these have to work from everywhere.
        Binding("ctrl+l", "app.lock", "Lock", show=False, priority=True),
        Binding("ctrl+z", "app.suspend", "Suspend", show=False),
        Binding("ctrl+q", "app.quit", "Quit", show=False),
    ]

    heading = ""
    keys = "esc cancel"
    takes_earlier_keys = True
    """Whether what was typed before the dialog was seen is for it. A question must not be answered by that."""
    holds_work = True
    """Whether what is typed here is asked about before it is thrown away, and kept over a lock. Not a search."""

    _at_first: dict[str, str | SecretValue] | None = None  # None until it is shown

    def compose(self) -> ComposeResult:
        """The box."""
        with DialogBox(id="box") as box:
            # As Content: a name in a title must not be read as markup.
            box.border_title = Content(visible(self.heading))
            box.visible = False
            box.show_keys(self.keys)
            yield from self.body()

    def body(self) -> ComposeResult:
        """What is in the box."""
        yield from ()

    def on_mount(self) -> None:
        """Show the box only now: a key that is pressed when it is seen must not be lost or go elsewhere."""
        self.query_one("#box").visible = True
        if not self.takes_earlier_keys:
            self.room.key_queue.drop()
        self.begin()
        self._at_first = self._texts()
        self._fill_again()

    def begin(self) -> None:
        """Fill the fields and set the focus."""

    def hide_value(self) -> None:
        """Mask a value that is shown here. Called before a picture of the screen is made."""

    def forget(self) -> None:
        """Drop what was typed, where that could be a value. Called before the dialog goes."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close and give `result`; nothing where something else closed it, as a lock does during a save."""
        if not self.is_active:
            return AwaitComplete()
        end(self)
        return super().dismiss(result)

    def action_leave(self) -> None:
        """Close without a result; where something was typed, only after a question."""
        if not (fields := self.typed_fields()):
            self.leave()
            return
        from strongroom_tui.dialogs.confirm import Confirm

        lines = (f"Typed here and not saved: {', '.join(fields)}.",)
        question = Confirm("Throw away what you typed?", lines, "throw it away", "go on typing")
        self.app.push_screen(question, lambda answer: self.leave() if answer else None)

    def leave(self) -> None:
        """Close without a result."""
        self.forget()
        self.dismiss(None)

    def action_say_way_out(self) -> None:
        """Say how to leave: ctrl+c does it elsewhere, and must lose nothing here."""
        self.notify("esc leaves this dialog", markup=False)

    # -- what was typed -----------------------------------------------------------

    @property
    def room(self) -> "AppBase":
        """The app, by its own type."""
        return cast("AppBase", self.app)

    def _fields(self) -> dict[str, HoldsText]:
        return {field.id or "text": field for field in self.query("*") if isinstance(field, HoldsText)}

    def _texts(self) -> dict[str, str | SecretValue]:
        return {name: field.typed for name, field in self._fields().items()} if self.holds_work else {}

    def typed_fields(self) -> list[str]:
        """The names of the fields that hold something else than when the dialog opened."""
        before = self._at_first
        return (
            []
            if before is None
            else [name for name, text in self._texts().items() if text != before.get(name)]
        )

    def put(self, field: "Input", text: str) -> None:
        """Fill a field on behalf of the dialog: nobody typed that."""
        if self._at_first and field.id in self._at_first and field.value == self._at_first[field.id]:
            self._at_first[field.id] = text
        field.value = text

    def keep_draft(self) -> list[str]:
        """Keep what was typed for when the same dialog opens again. Values are not kept. Gives the names of all."""
        typed = self.typed_fields()
        texts = {name: text for name, text in self._texts().items() if isinstance(text, str)}
        if typed:
            self.room.drafts[self._draft_name] = {name: texts.get(name) for name in typed}
        return typed

    @property
    def _draft_name(self) -> str:
        return f"{type(self).__name__} {self.heading}"

    def _fill_again(self) -> None:
        draft = self.room.drafts.pop(self._draft_name, {}) if self.holds_work else {}
        fields = self._fields()
        for name, text in draft.items():
            if text is not None and name in fields:
                fields[name].typed = text
        if draft:
            lost = [name for name, text in draft.items() if text is None]
            again = f" Type again: {', '.join(lost)}." if lost else ""
            self.notify(f"Filled with what you typed before the lock.{again}", markup=False)


def words(text: str, *, style: str = "", id: str | None = None) -> Static:  # noqa: A002
    """A paragraph; never read as markup."""
    return Static(text, markup=False, classes=style, id=id)
