"""The terminal app: three places under one top line, fed by the vault's thread and a scan of the folder."""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import ContentSwitcher

from strongroom.errors import StrongroomError
from strongroom.secret_value import SecretValue
from strongroom.settings import Settings, load_settings
from strongroom_tui import actions, crash, theme
from strongroom_tui.actions import Action, Place
from strongroom_tui.report_lines import ReportLike
from strongroom_tui.screens.confirm import Confirm
from strongroom_tui.screens.pick import Pick
from strongroom_tui.screens.place import PlacePane
from strongroom_tui.screens.secrets import SecretsPane
from strongroom_tui.session import Session, Snapshot, ThreadValues, VaultState, VaultThread
from strongroom_tui.state import SecretsState, utc_now
from strongroom_tui.widgets.bars import KeyBar, TopBar
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.words import one_line
from strongroom_tui.workers import Group, start
from strongroom_tui.workspace_view import WorkspaceView, scan, stamps

if TYPE_CHECKING:
    from strongroom.resolver.inputs import Inputs
    from strongroom.resolver.values import Values

T = TypeVar("T")

REVEAL_SECONDS = 15.0
IDLE_SECONDS = 600.0
"""Without a key or a click for this long the vault is locked."""

POLL_SECONDS = 1.0
"""How often files and vault are looked at for changes made elsewhere."""

Runner = Callable[[Mapping[str, Any], "Values", "Inputs", Settings], Awaitable[ReportLike]]


class StrongroomApp(App[int]):
    """The app. `clock`, `runner` and the times are put in by tests."""

    TITLE = "Strongroom"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    ContentSwitcher { height: 1fr; }
    ContentSwitcher > * { height: 100%; width: 100%; }
    Toast { background: $raised; }
    """
    BINDINGS = actions.bindings(Place.APP)

    def __init__(
        self,
        folder: str,
        session: Session,
        settings: Settings | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        runner: Runner | None = None,
        reveal_seconds: float = REVEAL_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        super().__init__()
        for each in theme.themes():
            self.register_theme(each)
        self.theme = theme.DEFAULT_THEME
        self.folder = folder
        self.settings = settings or Settings(folder)
        self.session = session
        self.vault_thread = VaultThread(session)
        self.clock = clock
        self.reveal_seconds = reveal_seconds
        self.idle_seconds = idle_seconds
        self.secrets_state = SecretsState(clock)
        self.snapshot: Snapshot = self.vault_thread.submit(session.snapshot).result()
        self.workspace = WorkspaceView(folder)
        self.place = Place.SECRETS
        self._runner = runner or run_for_real
        self._last_touch = time.monotonic()
        self._key_problem = ""

    # -- the frame ----------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Top line, the place, bottom line. The other two places come after the first paint."""
        yield TopBar()
        with ContentSwitcher(initial=Place.SECRETS.value):
            yield SecretsPane(self.secrets_state)
        yield KeyBar(actions.footer(Place.SECRETS))

    @property
    def top(self) -> TopBar:
        """The top line."""
        return self.screen_stack[0].query_one(TopBar)

    @property
    def keys(self) -> KeyBar:
        """The bottom line."""
        return self.screen_stack[0].query_one(KeyBar)

    def pane(self, place: Place) -> PlacePane:
        """The widget of a place."""
        return self.screen_stack[0].query_one(f"#{place.value}", PlacePane)

    @property
    def secrets(self) -> SecretsPane:
        """The Secrets place."""
        return self.screen_stack[0].query_one(SecretsPane)

    def on_mount(self) -> None:
        """Show the names; everything slow waits for the first paint."""
        self._show_vault()
        self.secrets.reload()
        self.secrets.enter()
        self.call_after_refresh(self._after_first_paint)

    async def _after_first_paint(self) -> None:
        from strongroom_tui.screens.connectors import ConnectorsPane
        from strongroom_tui.screens.test import TestPane

        others: tuple[PlacePane, ...] = (ConnectorsPane(), TestPane())
        for pane in others:
            pane.display = False
        await self.screen_stack[0].query_one(ContentSwitcher).mount(*others)
        if self.place is not Place.SECRETS:  # asked for before it was there
            self.show_place(self.place)
        start(self, Group.BEGIN, self._begin)
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_interval(min(5.0, self.idle_seconds / 4), self._lock_when_idle)

    async def _begin(self) -> None:
        await self.rescan()
        if self.key_file and self.snapshot.state is VaultState.LOCKED:
            await self._try_key_file()
        await self.in_thread(_import_ahead)
        gc.collect()
        # What is loaded now stays: the collector need not walk it again while someone types.
        gc.freeze()

    def _show_vault(self) -> None:
        self.top.show(community=self.snapshot.community, vault=self.snapshot.state.label)

    def say(self, text: str) -> None:
        """A short notice on the bottom line. Never a value."""
        self.keys.say(text)

    def complain(self, error: StrongroomError) -> None:
        """What went wrong, and the way out. Messages never hold a value (strongroom.errors)."""
        self.notify(one_line(str(error)), severity="error", markup=False, timeout=8)

    # -- threads --------------------------------------------------------------------

    async def vault_call(self, work: Callable[..., T], *args: object) -> T:
        """Run something of the session on the vault's thread."""
        return await asyncio.wrap_future(self.vault_thread.submit(work, *args))

    async def in_thread(self, work: Callable[..., T], *args: object) -> T:
        """Run something slow beside the screen."""
        return await asyncio.to_thread(work, *args)

    async def refresh_vault(self) -> None:
        """Read the names again, and check the files against them."""
        self.snapshot = await self.vault_call(self.session.snapshot)
        self._show_vault()
        await self.rescan()

    async def rescan(self, *, again: bool = False) -> None:
        """Check the connector files again; only changed ones are read, unless `again`."""
        self.workspace = await self.in_thread(
            lambda: scan(self.folder, self.settings, self.snapshot.names, self.workspace, again=again)
        )
        for pane in self.screen_stack[0].query(PlacePane):
            pane.reload()

    async def _poll(self) -> None:
        start(self, Group.POLL, self._look)

    async def _look(self) -> None:
        try:
            counter = await self.vault_call(self.session.counter)
        except StrongroomError:
            counter = -2  # the vault went away: the snapshot will say how
        gone = self.snapshot.state in (VaultState.MISSING, VaultState.BROKEN)
        if counter != self.snapshot.counter and not (gone and counter < 0):
            await self.refresh_vault()
            return
        try:
            found = await self.in_thread(stamps, self.folder)
        except StrongroomError:
            return  # the folder itself is gone; the next scan that a person asks for says so
        if found != self.workspace.stamps:
            await self.rescan()

    # -- lock -------------------------------------------------------------------------

    @property
    def is_unlocked(self) -> bool:
        """Whether values can be read now."""
        return self.snapshot.state is VaultState.UNLOCKED

    @property
    def key_file(self) -> str:
        """The key file that the environment names, or ""."""
        return self.settings.key_file or os.environ.get("STRONGROOM_KEY_FILE", "")

    async def _try_key_file(self) -> bool:
        from strongroom.store.ways import KeyFile

        try:
            await self.vault_call(self.session.unlock, [KeyFile(self.key_file)])
        except StrongroomError as error:
            self._key_problem = str(error)
            return False
        return await self._heed_warnings()

    async def _heed_warnings(self) -> bool:
        """Show what the vault warns of; without a yes it is locked again."""
        warnings = await self.vault_call(self.session.warnings)
        if warnings:
            lines = [line for message, way_out in warnings for line in (message, way_out, "")]
            if not await self.push_screen_wait(Confirm("This vault needs a look", lines, "go on", "lock it")):
                await self.action_lock()
                return False
            await self.vault_call(self.session.accept_warnings)
        await self.refresh_vault()
        return True

    async def ensure_unlocked(self) -> bool:
        """True once values can be read: by the key file, or after asking. Makes the first vault too."""
        if self.is_unlocked:
            return True
        if self.snapshot.state is VaultState.BROKEN:
            self.complain(StrongroomError(self.snapshot.problem))
            return False
        if self.snapshot.state is VaultState.LOCKED and self.key_file and await self._try_key_file():
            return True
        return await self._ask_for_key()

    async def _ask_for_key(self) -> bool:
        from strongroom.store.ways import keyring_is_off
        from strongroom_tui.screens.unlock import KEY_FILE, KEYRING, PASSPHRASE, CreateVault, Unlock, Ways

        makes = self.snapshot.state is VaultState.MISSING
        ways = [PASSPHRASE, KEY_FILE, *(() if keyring_is_off() else (KEYRING,))]
        if self.key_file:
            ways.sort(key=lambda way: way != KEY_FILE)
        kind: type[Ways] = CreateVault if makes else Unlock
        dialog = kind(ways, self._open_with, key_file=self.key_file, problem=self._key_problem)
        self._key_problem = ""
        opened = await self.push_screen_wait(dialog)
        if opened and await self._heed_warnings():
            self.say("✓ vault made and unlocked" if makes else "✓ unlocked")
        return self.is_unlocked

    async def _open_with(self, way: str, passphrase: SecretValue, path: str) -> None:
        from strongroom.store.ways import KeyFile, Keyring, Passphrase
        from strongroom_tui.screens.unlock import KEY_FILE, PASSPHRASE

        chosen: Any = Keyring()
        if way == PASSPHRASE:
            chosen = Passphrase(lambda: passphrase)
        elif way == KEY_FILE:
            chosen = KeyFile(os.path.expanduser(path))
        open_it = self.session.create if self.snapshot.state is VaultState.MISSING else self.session.unlock
        await self.vault_call(open_it, [chosen])

    async def action_lock(self) -> None:
        """Drop the key, every value on screen, and every dialog: one of them could hold a value."""
        self.secrets.conceal()
        self.secrets_state.lock()
        while len(self.screen_stack) > 1 and isinstance(self.screen, Dialog):
            self.screen.forget()
            self.screen.dismiss(None)
        await self.vault_call(self.session.lock)
        self.snapshot = await self.vault_call(self.session.snapshot)
        self._show_vault()
        self.secrets.reload()
        self.say("locked")

    def action_unlock(self) -> None:
        """Unlock now."""
        start(self, Group.DIALOG, self._unlock)

    async def _unlock(self) -> None:
        await self.ensure_unlocked()

    async def on_event(self, event: events.Event) -> None:
        """Remember when a person last did something."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self._last_touch = time.monotonic()
        await super().on_event(event)

    async def _lock_when_idle(self) -> None:
        if self.is_unlocked and time.monotonic() - self._last_touch >= self.idle_seconds:
            await self.action_lock()

    # -- places and actions -------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Open a tab."""
        if place is not self.place:
            self.secrets.conceal()
        self.place = place
        if not self.screen_stack[0].query(f"#{place.value}"):
            return
        self.screen_stack[0].query_one(ContentSwitcher).current = place.value
        self.top.show(place=place)
        self.keys.show(actions.footer(place))
        self.pane(place).enter()

    def action_show_secrets(self) -> None:
        """The first tab."""
        self.show_place(Place.SECRETS)

    def action_show_connectors(self) -> None:
        """The second tab."""
        self.show_place(Place.CONNECTORS)

    def action_show_test(self) -> None:
        """The third tab."""
        self.show_place(Place.TEST)

    def on_top_bar_tab_clicked(self, event: TopBar.TabClicked) -> None:
        """A tab was clicked."""
        self.show_place(event.place)

    async def on_key_bar_clicked(self, event: KeyBar.Clicked) -> None:
        """A key's word was clicked."""
        await self.perform(event.action)

    async def perform(self, action: Action) -> None:
        """Run an action in its place."""
        if action.place is Place.APP:
            await self.run_action(action.id)
            return
        if action.place is not self.place:
            self.show_place(action.place)
        await self.run_action(action.id, self.pane(action.place))

    def action_help(self) -> None:
        """Every key of this place, searchable; runs what is picked."""
        start(self, Group.DIALOG, self._offer, "Keys", False)

    def action_palette(self) -> None:
        """Every action there is."""
        start(self, Group.DIALOG, self._offer, "Actions", True)

    async def _offer(self, heading: str, all_places: bool) -> None:
        offered = actions.reachable(self.place, all_places=all_places)
        choices = [
            (
                f"{action.key:<4} {action.title}",
                "" if action.place in (self.place, Place.APP) else action.place.title,
                str(i),
            )
            for i, action in enumerate(offered)
        ]
        chosen = await self.push_screen_wait(Pick(heading, choices))
        if chosen:
            await self.perform(offered[int(chosen)])

    def action_community(self) -> None:
        """Show another community."""
        start(self, Group.DIALOG, self._pick_community)

    async def _pick_community(self) -> None:
        now = self.snapshot.community
        choices = [
            (one_line(name), "shown now" if name == now else "", name) for name in self.snapshot.communities
        ]
        chosen = await self.push_screen_wait(
            Pick("Community", choices, hint="type to search, or a new name", free="new:")
        )
        if chosen and chosen != now:
            self.secrets.conceal()
            await self.vault_call(self.session.use, chosen)
            await self.refresh_vault()
            self.say(f"community {chosen}")

    def action_theme(self) -> None:
        """Dark or light."""
        names = list(theme.PALETTES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    async def action_quit(self) -> None:
        """Lock and leave."""
        self.secrets.conceal()
        self.exit(0)

    # -- tests ----------------------------------------------------------------------------

    async def test_connector(self, file: str, name: str) -> None:
        """Open the Test place with this connector."""
        from strongroom_tui.screens.test import TestPane

        pane = self.screen_stack[0].query_one(TestPane)
        target = next((t for t in self.workspace.targets if (t.file, t.name) == (file, name)), None)
        self.show_place(Place.TEST)
        await pane.choose(target)

    async def send_test(self, connector: Mapping[str, Any], inputs: "Inputs") -> ReportLike:
        """Send the connector's request with the shown community's values."""
        values = ThreadValues(self.vault_thread, self.snapshot.community, self.snapshot.names)
        return await self._runner(connector, values, inputs, self.settings)

    def run_outside(self, command: list[str]) -> None:
        """Give the terminal to another program until it ends."""
        from strongroom_tui.screens.connectors import run_command

        self.secrets.conceal()
        try:
            with self.suspend():
                run_command(command)
        except StrongroomError as error:
            self.complain(error)

    # -- nothing secret leaves ----------------------------------------------------------------

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """A picture of the screen, with every value masked first."""
        from strongroom_tui.screens.form import EntryForm

        self.secrets.conceal()
        for screen in self.screen_stack:
            if isinstance(screen, EntryForm):
                screen.hide_value()
        return super().export_screenshot(title=title, simplify=simplify)

    def _fatal_error(self) -> None:
        # Textual's own version prints every local variable of every frame.
        error = sys.exc_info()[1] or self._exception or RuntimeError()
        self._exit_renderables.append(crash_notice(error, self.clock()))
        self._close_messages_no_wait()


def crash_notice(error: BaseException, now: datetime) -> str:
    """Write the redacted report, and say where it is."""
    try:
        where = f"A report without any value is in {crash.write_report(error, now)}"
    except OSError:
        where = "The report could not be written"
    return f"Strongroom stopped on a mistake of its own ({type(error).__name__}). {where}."


async def run_for_real(
    connector: Mapping[str, Any], values: "Values", inputs: "Inputs", settings: Settings
) -> ReportLike:
    """Run a connector with the resolver, within what the settings allow."""
    from strongroom.resolver.inputs import Policy
    from strongroom.resolver.run import run_connector

    return await run_connector(connector, values, inputs, Policy(settings.allowed_hosts, settings.ca_file))


def _import_ahead() -> None:
    """Import what the first test and the first reveal need, so that neither waits for it."""
    import strongroom.resolver.run
    import strongroom.store.vault  # noqa: F401


def run(folder: str, vault_path: str | None = None, community: str | None = None) -> int:
    """Run the app on `folder` until it is left. Gives the exit status.

    `vault_path` and `community` None: what the settings and the environment say. Raises `StrongroomError`
    for a settings file that cannot be used.
    """
    settings = load_settings(folder)
    session = Session(vault_path or settings.vault, community or settings.community)
    app = StrongroomApp(folder, session, settings)
    try:
        status = app.run()
    finally:
        app.vault_thread.close()
    return (app.return_code or 0) if status is None else status
