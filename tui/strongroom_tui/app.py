"""Show three tabs under one top line, and do the actions that all of them have."""

import gc
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.widgets import ContentSwitcher

from strongroom.errors import StrongroomError
from strongroom.settings.loading import load_settings
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.frame import actions, theme
from strongroom_tui.frame.actions import Action, Tab
from strongroom_tui.frame.key_place import find_key_map
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.tour import SECRET
from strongroom_tui.model.why_not import Facts, why_not
from strongroom_tui.tabs.tab_pane import TabPane
from strongroom_tui.terminal_app import TerminalApp
from strongroom_tui.vault_state import VaultState
from strongroom_tui.widgets.bars import KeyBar, TopBar
from strongroom_tui.widgets.focus_order import ComposedOrder

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from strongroom_tui.model.connectors.workspace_view import RunTarget
    from strongroom_tui.model.runs.result import Result
    from strongroom_tui.tabs.test import TestPane

POLL_SECONDS = 0.5
"""Seconds from one look at files and vault to the next.

A look finds changes that were made elsewhere.
"""


class StrongroomApp(TerminalApp):
    """Show the frame and the tabs, and do the actions that all tabs share."""

    TITLE = "Strongroom"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    ContentSwitcher { height: 1fr; }
    ContentSwitcher > * { height: 100%; width: 100%; }
    Toast { background: $raised; }
    """
    BINDINGS = actions.bindings(Tab.APP)
    begins_with_tour = False

    # -- the frame ----------------------------------------------------------------

    def get_default_screen(self) -> ComposedOrder[None]:
        """Return the screen of the tabs."""
        return ComposedOrder(id="_default")

    def compose(self) -> ComposeResult:
        """Make the lines and one tab. The other tabs come after the first paint."""
        yield self.top
        with ContentSwitcher(initial=Tab.SECRETS.value):
            yield self.secrets
        self.keys.show(actions.footer(Tab.SECRETS, self.actions))
        yield self.keys

    def on_mount(self) -> None:
        """Show the names. Everything slow waits for the first paint."""
        self.outside.begin()
        self.show_names()
        self.secrets.enter()
        self.call_after_refresh(self._after_first_paint)

    async def _after_first_paint(self) -> None:
        from strongroom_tui.tabs.connectors import ConnectorsPane
        from strongroom_tui.tabs.test import TestPane

        others: tuple[TabPane, ...] = (ConnectorsPane(), TestPane())
        for pane in others:
            pane.display = False
        with self.key_queue.flow():  # keys that were pressed by now may be for one of them
            await self.screen_stack[0].query_one(ContentSwitcher).mount(*others)
        if self.tab is not Tab.SECRETS:  # a person may have asked for the tab before it existed
            self.show_tab(self.tab)
        start(self, Group.BEGIN, self._begin)
        self.set_interval(POLL_SECONDS, self.poll)
        self.set_interval(min(1.0, self.idle_seconds / 4), self._lock_when_idle)

    async def _begin(self) -> None:
        if self.snapshot.state is VaultState.UNKNOWN:
            self.snapshot = await self.vault_call(self.session.snapshot)
            self.show_names()
        await self.rescan()
        await self.unlock_without_asking()
        if self.begins_with_tour:
            await self.begin_tour()
        await self.in_thread(_import_ahead)
        # The modules loaded now stay. The collector must not walk them while someone types.
        gc.freeze()
        gc.enable()

    # -- tabs and actions -------------------------------------------------------------

    def show_tab(self, tab: Tab) -> None:
        """Open a tab."""
        if tab is not self.tab:
            self.secrets.conceal()
        self.tab = tab
        if not self.screen_stack[0].query(f"#{tab.value}"):
            return
        self.screen_stack[0].query_one(ContentSwitcher).current = tab.value
        self.top.show(tab=tab)
        self.keys.show(actions.footer(tab, self.actions))
        self.pane(tab).enter()

    def action_show_secrets(self) -> None:
        """Show the Secrets tab."""
        self.show_tab(Tab.SECRETS)

    def action_show_connectors(self) -> None:
        """Show the Connectors tab."""
        self.show_tab(Tab.CONNECTORS)

    def action_show_test(self) -> None:
        """Show the Test tab."""
        self.show_tab(Tab.TEST)

    def on_top_bar_tab_clicked(self, event: TopBar.TabClicked) -> None:
        """Open the tab that was clicked."""
        self.show_tab(event.tab)

    async def on_top_bar_community_clicked(self) -> None:
        """Choose another community."""
        await self.run_action("community")

    async def on_top_bar_vault_clicked(self) -> None:
        """Lock the vault, or unlock it."""
        await self.run_action("lock" if self.is_unlocked else "unlock")

    async def on_key_bar_clicked(self, event: KeyBar.Clicked) -> None:
        """Run the action whose key was clicked."""
        await self.perform(event.action)

    async def perform(self, action: Action) -> None:
        """Run an action in its tab."""
        if action.tab is Tab.APP:
            await self.run_action(action.id)
            return
        if action.tab is not self.tab:
            self.show_tab(action.tab)
        await self.run_action(action.id, self.pane(action.tab))

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action of a key, a click or the palette, or say why it does not apply."""
        if reason := self._why_not(action, default_namespace or self):
            self.say(reason)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def _why_not(self, action: "str | ActionParseResult", node: DOMNode) -> str | None:
        name = action if isinstance(action, str) else action[1]
        if isinstance(node, TabPane):
            return why_not(node.id or "", name, node.facts())
        if node is self:
            return why_not(Tab.APP.value, name, Facts(vault=self.snapshot.state))
        return None

    def action_help(self) -> None:
        """List the keys of this tab, and run what is picked. A search finds all keys."""
        start(self, Group.DIALOG, self._offer, "Keys", False)

    def action_palette(self) -> None:
        """List all actions, and run what is picked."""
        start(self, Group.DIALOG, self._offer, "Actions", True)

    async def _offer(self, heading: str, all_tabs: bool) -> None:
        from strongroom_tui.flows.palette import pick_action

        every = actions.reachable(self.tab, all_tabs=True, actions=self.actions)
        listed = actions.reachable(self.tab, all_tabs=all_tabs, actions=self.actions)
        if action := await pick_action(self, heading, listed, every[len(listed) :]):
            # Run later: while this flow goes on, no other flow that asks can begin.
            self.call_later(self.perform, action)

    def action_community(self) -> None:
        """Show another community."""
        start(self, Group.DIALOG, self._show_community)

    async def _show_community(self) -> None:
        from strongroom_tui.flows.communities import pick_community

        if chosen := await pick_community(self):
            self.secrets.conceal()
            await self.vault_call(self.session.use, chosen)
            await self.refresh_vault()
            self.say(f"community {chosen}")

    def action_settings(self) -> None:
        """Look at the settings and change them."""
        from strongroom_tui.flows.settings import change_settings

        start(self, Group.DIALOG, change_settings, self)

    async def begin_tour(self) -> None:
        """Begin the tour at the secret that it makes."""
        from strongroom_tui.flows.touring import look
        from strongroom_tui.tabs.tour import TourCards

        self.secrets.go_to(SECRET)
        await TourCards(self, lambda: look(self)).begin()

    def action_tour(self) -> None:
        """End the tour while it runs, or offer the tour."""
        from strongroom_tui.flows.touring import offer_tour

        if card := self.screen_stack[0].query("#tour"):
            card.remove()
        else:
            start(self, Group.DIALOG, offer_tour, self)

    def action_jump(self) -> None:
        """Show a letter beside everything that can be reached."""
        from strongroom_tui.dialogs.jump import Jump

        self.push_screen(Jump(self.screen), lambda target: target and target.go())

    def action_compare(self) -> None:
        """Compare two communities by the names that one of them does not have."""
        start(self, Group.DIALOG, self._compare)

    async def _compare(self) -> None:
        from strongroom_tui.flows.communities import compare_communities

        try:
            await compare_communities(self)
        except StrongroomError as error:
            self.complain(error)

    def action_theme(self) -> None:
        """Use the next theme: dark, light, monochrome."""
        names = list(theme.PALETTES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    # -- tests ----------------------------------------------------------------------------

    @property
    def test(self) -> "TestPane | None":
        """Return the Test tab, once it exists."""
        from strongroom_tui.tabs.test import TestPane

        return next((pane for pane in self.panes if isinstance(pane, TestPane)), None)

    @property
    def target(self) -> "RunTarget | None":
        """Return the connector that the Test tab runs next."""
        return self.test.target if self.test is not None else None

    @property
    def last_result(self) -> "Result | None":
        """Return the result that the Test tab shows."""
        return self.test.result if self.test is not None else None

    async def test_connector(self, file: str, name: str, number: int = 0, *, run: bool = False) -> None:
        """Open the Test tab with a connector, and run it if `run` is True.

        `number` counts the connectors of the same name in the file, from 0.
        """
        target = next((t for t in self.workspace.targets if t.key == (file, name, number)), None)
        self.show_tab(Tab.TEST)
        if self.test is not None:
            await self.test.choose(target)
            if run and target is not None:
                self.test.action_run()


def _import_ahead() -> None:
    """Import what the first dialog, test and reveal need, so that none waits for it."""
    import strongroom.resolver.runner
    import strongroom.store.vault  # noqa: F401


def run(
    folder: str, vault_path: str | None = None, community: str | None = None, *, tour: bool = False
) -> int:
    """Run the app on `folder` until a person leaves it. Return the exit status.

    `vault_path` and `community` None: the ones of the settings and the environment. `tour`: begin with the tour.
    Raises `StrongroomError` for a settings file that cannot be used.
    """
    # Nothing made at the start is garbage. Looking for garbage takes a tenth of the start.
    gc.disable()
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # they hold an older size, which Textual would go by
    settings = load_settings(folder)
    first = settings.community or next(iter(settings.communities), None)
    session = VaultSession(vault_path or settings.vault, community or first, settings.backends)
    app = StrongroomApp(folder, session, settings)
    app.begins_with_tour = tour
    if key_map := find_key_map(settings.file, os.environ):
        from strongroom_tui.frame.key_map import read_key_map

        app.use_keys(read_key_map(key_map))
    try:
        with app.outside.signals():
            status = app.run()
    finally:
        app.vault_thread.close()
    return (app.return_code or 0) if status is None else status
