"""Say what a flow, a dialog or a tab may ask of the app, as protocols.

This module holds no state and runs no code. `ScreenHost` asks, says and runs beside the screen. `VaultHost` reads
names and values, and unlocks. `Host` is both, and has the folder and what was tested last. The app satisfies
`Host`.
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
    from strongroom_tui.backend.session import VaultSession
    from strongroom_tui.frame.actions import Tab
    from strongroom_tui.frame.key_queue import KeyQueue
    from strongroom_tui.model.connectors.workspace_view import Checks, RunTarget, WorkspaceView
    from strongroom_tui.model.runs.report_lines import ReportLike
    from strongroom_tui.model.runs.result import Result
    from strongroom_tui.model.secrets.undo import Undo
    from strongroom_tui.vault_state import Snapshot

T = TypeVar("T")
R = TypeVar("R")

RunConnector = Callable[[Mapping[str, Any], "Values", "Inputs", "Settings"], "Awaitable[ReportLike]"]
"""Runs one connector in place of the resolver."""


class ScreenHost(Protocol):
    """Ask a person, say what was done, and run what is slow beside the screen."""

    drafts: dict[str, dict[str, str | None]]
    """Texts typed in dialogs that a lock closed, by names of dialog and field.

    A value is kept as None.
    """

    @property
    def clock(self) -> Callable[[], datetime]:
        """Return the clock."""

    @property
    def copier(self) -> "Clipboard":
        """Return the clipboard that values are copied to."""

    @property
    def key_queue(self) -> "KeyQueue":
        """Return the keys that wait for their dialog."""

    @property
    def reveal_seconds(self) -> float:
        """Return the seconds that a revealed value is shown for."""

    @property
    def theme(self) -> str:
        """Return the full name of the theme in force."""

    async def push_screen_wait(self, screen: "Screen[R]") -> R:
        """Show a dialog and return its result."""

    async def in_thread(self, work: Callable[..., T], *args: object) -> T:
        """Run `work(*args)` in a thread and return its result."""

    def say(self, text: str) -> None:
        """Show a short notice on the bottom line. The notice never holds a value."""

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
        """Clear the clipboard once the time of the last copy is over."""

    def write_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence to the terminal."""

    def run_outside(self, command: Sequence[str], way_out: str = "") -> None:
        """Give the terminal to another program until it ends."""

    def edit_outside(self, text: str, name: str) -> str:
        """Return `text` as the person changes it in an editor, in a file named `name`."""


class VaultHost(Protocol):
    """Read names and values on the vault's thread, and unlock the vault."""

    @property
    def session(self) -> "VaultSession":
        """Return the vault. Its methods run on the vault's thread: see `vault_call`."""

    @property
    def snapshot(self) -> "Snapshot":
        """Return the vault's state and the shown community's names, as last read."""

    @property
    def undo(self) -> "Undo":
        """Return the changes of entries that can be taken back."""

    @property
    def is_unlocked(self) -> bool:
        """Return True while values can be read."""

    async def ensure_unlocked(self) -> bool:
        """Unlock or make the vault if it is needed. Return True if values can be read."""

    async def vault_call(self, work: Callable[..., T], *args: object) -> T:
        """Run `work(*args)` on the vault's thread and return its result."""

    async def keyed_call(self, work: Callable[..., T], *args: object) -> T:
        """Do as `vault_call`, after `ensure_unlocked`. Raises `Locked`."""

    async def refresh_vault(self) -> None:
        """Read the names again, and check the files against them."""


class Host(ScreenHost, VaultHost, Protocol):
    """Serve a flow, a dialog or a tab."""

    @property
    def folder(self) -> str:
        """Return the folder whose connectors are shown."""

    @property
    def key_file(self) -> str:
        """Return the key file of the settings or of the usual place, or ""."""

    @property
    def settings(self) -> "Settings":
        """Return the settings in force."""

    @property
    def checks(self) -> "Checks":
        """Return what the last scan checked the files with."""

    @property
    def workspace(self) -> "WorkspaceView":
        """Return the connector files, as the last scan found them."""

    @property
    def tab(self) -> "Tab":
        """Return the tab on the screen."""

    @property
    def target(self) -> "RunTarget | None":
        """Return the connector that the Test tab runs next."""

    @property
    def last_result(self) -> "Result | None":
        """Return the result that the Test tab shows."""

    @property
    def run_connector(self) -> RunConnector | None:
        """Return the function that runs a connector, or None for the resolver."""

    async def rescan(self, *, again: bool = False) -> None:
        """Check the connector files again.

        Only changed files are read, or all files with `again`.
        """

    async def take_settings(self) -> None:
        """Use the settings as they are written now."""

    async def test_connector(self, file: str, name: str, number: int = 0, *, run: bool = False) -> None:
        """Open the Test tab with a connector, and run it if `run` is True.

        `number` counts the connectors of the same name in the file, from 0.
        """
