"""Protocols of what a flow, a dialog or a place may ask of the app. Holds no state and runs no code.

`ScreenHost` asks, says and runs beside the screen. `VaultHost` reads names and values, and unlocks.
`Host` is both, and has the folder and what was tested last. The app satisfies it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from strongroom.errors import StrongroomError

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from strongroom.resolver.templates.values import Values
    from strongroom.resolver.terms.inputs import Inputs
    from strongroom.settings.model import Settings
    from strongroom_tui.backend.clipboard import Clipboard
    from strongroom_tui.backend.session import Session
    from strongroom_tui.frame.actions import Place
    from strongroom_tui.frame.key_queue import KeyQueue
    from strongroom_tui.model.connectors.workspace_view import Checks, Target, WorkspaceView
    from strongroom_tui.model.runs.report_lines import ReportLike
    from strongroom_tui.model.runs.result import Result
    from strongroom_tui.model.secrets.undo import Undo
    from strongroom_tui.vault_state import Snapshot

T = TypeVar("T")
R = TypeVar("R")

RunConnector = Callable[[Mapping[str, Any], "Values", "Inputs", "Settings"], "Awaitable[ReportLike]"]
"""Runs one connector in place of the resolver."""


class ScreenHost(Protocol):
    """Ask and tell a person, and run what is slow beside the screen."""

    drafts: dict[str, dict[str, str | None]]
    """What was typed in a dialog that a lock closed, by the dialog's name and the field's; None for a value."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now."""

    @property
    def copier(self) -> "Clipboard":
        """The clipboard that values are copied to."""

    @property
    def key_queue(self) -> "KeyQueue":
        """The keys that wait for their dialog."""

    @property
    def reveal_seconds(self) -> float:
        """The seconds that a revealed value is shown for."""

    @property
    def theme(self) -> str:
        """The full name of the theme in force."""

    async def push_screen_wait(self, screen: "Screen[R]") -> R:
        """Show a dialog and return its result."""

    async def in_thread(self, work: Callable[..., T], *args: object) -> T:
        """Run `work(*args)` in a thread and return its result."""

    def say(self, text: str) -> None:
        """Show a short notice on the bottom line. Never a value."""

    def complain(self, error: StrongroomError) -> None:
        """Show an error and the way out of it."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice above the screen for `timeout` seconds."""

    def clear_clipboard_later(self) -> None:
        """Clear what was copied just now once its time is over."""

    def write_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence to the terminal."""

    def run_outside(self, command: Sequence[str], way_out: str = "") -> None:
        """Give the terminal to another program until it ends."""

    def edit_outside(self, text: str, name: str) -> str:
        """Let the person's editor change `text`, in a private file called `name`; return the new text."""


class VaultHost(Protocol):
    """Read names and values on the vault's thread, and unlock the vault."""

    @property
    def session(self) -> "Session":
        """The vault. Its methods run on the vault's thread only: see `vault_call`."""

    @property
    def snapshot(self) -> "Snapshot":
        """The vault's state and the names of the shown community, as they were last read."""

    @property
    def undo(self) -> "Undo":
        """The changes of entries that can be taken back."""

    @property
    def is_unlocked(self) -> bool:
        """True while values can be read."""

    async def ensure_unlocked(self) -> bool:
        """Ask for the key, or make the first vault, where that is needed; return True once values can be read."""

    async def vault_call(self, work: Callable[..., T], *args: object) -> T:
        """Run `work(*args)` on the vault's thread and return its result."""

    async def keyed_call(self, work: Callable[..., T], *args: object) -> T:
        """Do as `vault_call`; ask for the key first where the vault was locked meanwhile. Raises `Locked`."""

    async def refresh_vault(self) -> None:
        """Read the names again, and check the files against them."""


class Host(ScreenHost, VaultHost, Protocol):
    """Serve a flow, a dialog or a place."""

    @property
    def folder(self) -> str:
        """The folder whose connectors are shown."""

    @property
    def settings(self) -> "Settings":
        """The settings in force."""

    @property
    def checks(self) -> "Checks":
        """How the last scan checked the files."""

    @property
    def workspace(self) -> "WorkspaceView":
        """The connector files, as the last scan found them."""

    @property
    def place(self) -> "Place":
        """The place on the screen."""

    @property
    def target(self) -> "Target | None":
        """The connector that the Test place runs next."""

    @property
    def last_result(self) -> "Result | None":
        """The result that the Test place shows."""

    @property
    def run_connector(self) -> RunConnector | None:
        """What runs a connector in place of the resolver; None for the resolver."""

    async def rescan(self, *, again: bool = False) -> None:
        """Check the connector files again; only changed ones are read, unless `again`."""

    async def take_settings(self) -> None:
        """Use the settings as they are written now."""

    async def test_connector(self, file: str, name: str, number: int = 0) -> None:
        """Open the Test place with this connector, the `number`th of its name in the file, from 0."""
