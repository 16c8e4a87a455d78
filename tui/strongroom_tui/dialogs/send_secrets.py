"""Ask before secrets go to a host for the first time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from strongroom.text.phrases import counted
from strongroom_tui.model.text.words import one_line
from strongroom_tui.widgets.dialog import Dialog, words

if TYPE_CHECKING:
    from strongroom.resolver.terms.failures import Destination


class SendSecrets(Dialog[bool | None]):
    """Show each host with the names of its secrets. Give True to send them.

    The dialog opens in the middle of a run. Because a person may be typing at that moment, no letter answers it.
    """

    DEFAULT_CSS = """
    SendSecrets #places { height: auto; max-height: 9; margin: 1 0; }
    SendSecrets .host { color: $primary; text-style: bold; }
    SendSecrets .names { padding-left: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "send", show=False)]

    keys = "^s send, now and later · esc send nothing"
    takes_earlier_keys = False

    def __init__(self, community: str, destinations: "Sequence[Destination]") -> None:
        super().__init__()
        where = "a new host" if len(destinations) == 1 else counted(len(destinations), "new host")
        self.heading = f"Send secrets to {where}?"
        self._community = community
        self._destinations = destinations

    def body(self) -> ComposeResult:
        """Yield the community, the hosts and the names. No value is shown."""
        yield words(f"Secrets of {one_line(self._community)} would go from this folder to:")
        with VerticalScroll(id="places"):
            for one in self._destinations:
                yield words(one_line(one.host), style="host")
                yield words(one_line(", ".join(one.secrets)), style="names")
        yield words("They have not been sent there before.", style="muted")

    def begin(self) -> None:
        """Focus the hosts, so that arrow keys scroll them."""
        self.query_one(VerticalScroll).focus()

    def action_send(self) -> None:
        """Agree to send the secrets."""
        self.dismiss(True)
