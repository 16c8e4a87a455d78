"""Show a modal dialog: a framed box with a title and a line of keys.

Escape leaves the dialog.
"""

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from strongroom_tui.frame.workers import end
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.dialog_box import DialogBox
from strongroom_tui.widgets.focus_order import ComposedOrder

if TYPE_CHECKING:
    from strongroom_tui.host import ScreenHost

T = TypeVar("T")


class Dialog(ComposedOrder[T | None], ModalScreen[T | None]):
    """Show a modal box.

    Subclasses set `heading` and `keys`, and yield content from `body`.
    """

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
    """True if keys that were pressed before the dialog was seen are for it.

    Such keys must not answer a question.
    """

    def compose(self) -> ComposeResult:
        """Yield the box."""
        with DialogBox(id="box") as box:
            # As Content: a name in a title must not be read as markup.
            box.border_title = Content(visible(self.heading))
            box.visible = False
            box.show_keys(self.keys)
            yield from self.body()

    def body(self) -> ComposeResult:
        """Yield the content of the box."""
        yield from ()

    def on_mount(self) -> None:
        """Show the box only when it takes keys, so that no key is lost."""
        if not self.children:  # Textual makes no widget once the app is about to end
            return
        self.query_one("#box").visible = True
        if not self.takes_earlier_keys:
            self.host.key_queue.drop()
        self.begin()
        self.has_begun()

    @property
    def host(self) -> "ScreenHost":
        """Return the app."""
        return cast("ScreenHost", self.app)

    def begin(self) -> None:
        """Fill the fields and set the focus."""

    def has_begun(self) -> None:
        """Take note that the fields are filled."""

    def hide_value(self) -> None:
        """Mask a shown value. Called before a picture of the screen is made."""

    def forget(self) -> None:
        """Drop typed text that could be a value. Called before the dialog goes."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close and give `result`, unless a lock closed the dialog during a save."""
        if not self.is_active:
            return AwaitComplete()
        end(self)
        return super().dismiss(result)

    def action_leave(self) -> None:
        """Close without a result."""
        self.leave()

    def leave(self) -> None:
        """Close without a result."""
        self.forget()
        self.dismiss(None)

    def action_say_way_out(self) -> None:
        """Say how to leave.

        Outside of dialogs ctrl+c says so too. Here it must lose nothing.
        """
        self.notify("esc leaves this dialog", markup=False)


def words(text: str, *, style: str = "", id: str | None = None) -> Static:  # noqa: A002
    """Return a paragraph that is never read as markup."""
    return Static(text, markup=False, classes=style, id=id)
