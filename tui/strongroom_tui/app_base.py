"""Run the vault's thread and the scan of the folder, and show notices."""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

from strongroom.errors import StrongroomError
from strongroom.names import NO_NAMES, Knowledge, Names
from strongroom.settings.loading import load_settings
from strongroom.settings.model import Settings
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.backend.vault_thread import VaultThread
from strongroom_tui.frame import theme
from strongroom_tui.frame.actions import ACTIONS, Action, Tab
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.key_queue import KeyQueue
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.host import RunConnector
from strongroom_tui.model.connectors.folder_watch import FolderWatch
from strongroom_tui.model.connectors.workspace_view import Checks, WorkspaceView, scan, settings_stamps
from strongroom_tui.model.secrets.state import SecretsState, utc_now
from strongroom_tui.model.secrets.undo import Undo
from strongroom_tui.model.text.words import one_line
from strongroom_tui.tabs.secrets import SecretsPane
from strongroom_tui.tabs.tab_pane import TabPane
from strongroom_tui.vault_state import Snapshot, VaultFingerprint, VaultState
from strongroom_tui.widgets.bars import KeyBar, TopBar

if TYPE_CHECKING:
    from strongroom_tui.backend.clipboard import Clipboard

T = TypeVar("T")
R = TypeVar("R")

FIRST_LOOK_SECONDS = 0.08
"""Seconds that the first paint waits for the names: enough for thousands of them."""


class AppBase(App[int]):
    """Run the vault's thread, the scan of the folder and the notices.

    Tests give `clock`, `run_connector` and the times.
    """

    def __init__(
        self,
        folder: str,
        session: VaultSession,
        settings: Settings | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        run_connector: RunConnector | None = None,
        reveal_seconds: float | None = None,
        idle_seconds: float | None = None,
        copy_seconds: float | None = None,
    ) -> None:
        super().__init__()
        # Kept in attributes, not looked up: work beside the screen may end when the two lines are off the screen.
        self.top = TopBar()
        self.keys = KeyBar()
        for each in theme.themes():
            self.register_theme(each)
        self.theme = theme.first_theme(os.environ)
        self.folder = folder
        self.key_queue = KeyQueue(self)
        self.drafts: dict[str, dict[str, str | None]] = {}
        """Texts typed in dialogs that a lock closed, by names of dialog and field.

        A value is kept as None.
        """
        self.settings = settings or Settings(folder)
        if self.settings.theme and not os.environ.get("NO_COLOR"):
            self.theme = theme.full_name(self.settings.theme)
        self.session = session
        self.vault_thread = VaultThread(session)
        self.clock = clock
        self.reveal_seconds: float = reveal_seconds or self.settings.reveal_for
        self.idle_seconds: float = self.settings.lock_after if idle_seconds is None else idle_seconds
        self.secrets_state = SecretsState(clock)
        self.secrets = SecretsPane(self.secrets_state)
        self._first_snapshot = self.vault_thread.submit(session.first_look)
        try:
            self.snapshot: Snapshot = self._first_snapshot.result(FIRST_LOOK_SECONDS)
        except TimeoutError:
            self.snapshot = session.nothing(VaultState.UNKNOWN)
        self.names: Names = NO_NAMES
        """Names of the shown community that the last scan checked the files against."""
        self.checks = Checks(self.settings)
        """Checks that the last scan used for the files."""
        self.workspace = WorkspaceView(folder)
        self.folder_watch = FolderWatch(folder)
        self._next_look = 0.0
        self._settings_stamps = settings_stamps(folder, self.settings)
        self.tab = Tab.SECRETS
        self.run_connector = run_connector
        self.undo = Undo()
        self.actions = ACTIONS
        """Every action, with the keys that it has here."""
        self.copy_seconds: float = copy_seconds or self.settings.copy_for
        self._copier: Clipboard | None = None
        self._clearing: Timer | None = None
        self._named: tuple[str, VaultFingerprint] | None = None
        self._last_touch = time.monotonic()
        self._key_problem = ""

    @property
    def copier(self) -> "Clipboard":
        """Return the clipboard that values are copied to."""
        if self._copier is None:
            from strongroom_tui.backend.clipboard import Clipboard

            self._copier = Clipboard(self.copy_seconds, self.write_to_terminal)
        return self._copier

    def clear_clipboard_later(self) -> None:
        """Clear the clipboard once the time of the last copy is over, but not sooner."""
        if self._clearing is not None:
            self._clearing.stop()
        self._clearing = self.set_timer(self.copier.seconds, self.clear_clipboard)

    async def clear_clipboard(self) -> None:
        """Clear the copied value, if the clipboard still holds it."""
        if self._copier is not None and self._copier.holds and await self.in_thread(self._copier.clear):
            self.say("clipboard cleared")

    def write_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence, if there is a terminal."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    @property
    def panes(self) -> list[TabPane]:
        """Return the tabs that can be drawn on. There are none while the app closes."""
        if not self.is_running:
            return []
        return [pane for pane in self.screen_stack[0].query(TabPane) if pane.is_mounted]

    def pane(self, tab: Tab) -> TabPane:
        """Return the widget of a tab."""
        return self.screen_stack[0].query_one(f"#{tab.value}", TabPane)

    def use_keys(self, actions: "tuple[Action, ...]") -> None:
        """Replace the built-in actions and keys by these, before the app runs."""
        from strongroom_tui.frame.key_map import textual_keymap

        self.actions = actions
        self.set_keymap(textual_keymap(actions))

    # While the app closes its widgets are gone, so that nothing can be shown.

    def show_vault(self) -> None:
        """Show the community and the vault's state on the top line."""
        if self.is_running:
            self.top.show(community=self.snapshot.community, vault=self.snapshot.state.label)

    def show_names(self) -> None:
        """Show the names, and the top line."""
        self.show_vault()
        if self.is_running:
            self.secrets.reload()

    def say(self, text: str) -> None:
        """Show a short notice on the bottom line. The notice never holds a value."""
        if self.is_running:
            self.keys.say(text)

    def complain(self, error: StrongroomError) -> None:
        """Show an error and its way out.

        Neither holds a value (`strongroom.errors`).
        """
        self.notify(one_line(error_text(error)), severity="error", markup=False, timeout=8)

    # -- keys -----------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Pass keys and pastes on one after the other."""
        typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not (typed and self.key_queue.holds(event)):  # type: ignore[arg-type]
            await super().on_event(event)

    async def push_screen_wait(self, screen: Screen[R], *, mode: str | None = None) -> R:  # type: ignore[override]
        """Show a dialog and return its result. Keys go to it once it is on the stack."""
        result = self.push_screen(screen, wait_for_dismiss=True, mode=mode)
        with self.key_queue.dialog():
            return await asyncio.shield(result)

    # -- threads --------------------------------------------------------------------

    async def vault_call(self, work: Callable[..., T], *args: object) -> T:
        """Run a method of the session on the vault's thread."""
        return await asyncio.wrap_future(self.vault_thread.submit(work, *args))

    async def in_thread(self, work: Callable[..., T], *args: object) -> T:
        """Run slow work in a thread, beside the screen."""
        return await asyncio.to_thread(work, *args)

    async def refresh_vault(self) -> None:
        """Read the names again, and check the files against them."""
        before, self.snapshot = self.snapshot, await self.vault_call(self.session.snapshot)
        self.heed(before)
        self.show_vault()
        await self.rescan()

    def heed(self, before: Snapshot) -> None:
        """Say what changed since `before`. Drop all values if the vault was locked."""
        from strongroom_tui.model.secrets.vault_news import news

        if before.state is VaultState.UNLOCKED and self.snapshot.state is not VaultState.UNLOCKED:
            self.secrets_state.lock()
            for pane in self.panes:
                pane.forget()
        notice = news(before, self.snapshot, self.session.path)
        if notice is None:
            return
        if notice.is_alarm:
            self.complain(StrongroomError(notice.text, notice.way_out))
        else:
            self.say(notice.text)

    async def rescan(self, *, again: bool = False) -> None:
        """Check the connector files again.

        Only changed files are read, or all files with `again`.
        """
        wanted = (self.snapshot.community, self.snapshot.fingerprint)
        if wanted != self._named:
            self.names = await self._known_names()
            self._named = wanted
        self.checks = await self.in_thread(
            Checks.read, self.settings, self.names, self.session.path, self.checks
        )
        self.workspace = await self.in_thread(
            lambda: scan(self.folder, self.checks, self.names, self.workspace, again=again)
        )
        for problem in self.checks.problems:
            self.complain(problem)
        for pane in self.panes:
            pane.reload()

    async def _known_names(self) -> Names:
        try:
            return await self.vault_call(self.session.known_names, self.settings, self.snapshot.community)
        except StrongroomError as error:
            self.complain(error)  # the names file cannot be used
            names = await self.vault_call(self.session.names, self.snapshot.community)
            # The file may have names that the vault does not have, so none is called missing.
            is_known = names.knowledge is not Knowledge.NONE
            return names._replace(knowledge=Knowledge.PARTIAL) if is_known else names

    # -- settings -------------------------------------------------------------------

    async def take_settings(self) -> None:
        """Use the settings as they are written now."""
        self.settings = await self.in_thread(load_settings, self.folder)
        self.reveal_seconds, self.idle_seconds = self.settings.reveal_for, self.settings.lock_after
        self.copy_seconds = self.settings.copy_for
        if self._copier is not None:
            self._copier.seconds = self.copy_seconds
        if self.settings.theme:
            self.theme = theme.full_name(self.settings.theme)
        self._named = None
        self._settings_stamps = await self.in_thread(settings_stamps, self.folder, self.settings)
        await self.rescan(again=True)

    async def _look_at_settings(self) -> None:
        """Take the settings and the names files if another program has changed them."""
        found = await self.in_thread(settings_stamps, self.folder, self.settings)
        if found == self._settings_stamps:
            return
        self._settings_stamps = found
        try:
            await self.take_settings()
        except StrongroomError as error:
            self.complain(
                StrongroomError(f"{error.message} The settings from before are used.", error.way_out)
            )
        else:
            self.say("the settings were read again")

    async def poll(self) -> None:
        start(self, Group.POLL, self._look)

    async def _look(self) -> None:
        if await self.vault_call(self.session.fingerprint) != self.snapshot.fingerprint:
            await self.refresh_vault()
            return
        await self._look_at_settings()
        if time.monotonic() >= self._next_look:
            await self._look_at_files()

    async def _look_at_files(self) -> None:
        found = await self.in_thread(self.folder_watch.look)
        self._next_look = time.monotonic() + self.folder_watch.seconds
        if found != self.workspace.stamps:
            await self.rescan()
