"""The terminal app: three places under one top line, fed by the vault's thread and a scan of the folder."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.events import Key
from textual.widgets import ContentSwitcher

from strongroom.errors import StrongroomError
from strongroom.settings.loading import load_settings
from strongroom_tui.backend.session import Session
from strongroom_tui.frame import actions, theme
from strongroom_tui.frame.actions import Action, Place
from strongroom_tui.frame.key_place import find_key_map
from strongroom_tui.frame.key_queue import TakesText
from strongroom_tui.frame.outside import Outside
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.text.words import key_label, one_line
from strongroom_tui.model.tour import SECRET
from strongroom_tui.model.why_not import Facts, why_not
from strongroom_tui.places.place import PlacePane
from strongroom_tui.vault_app import VaultApp
from strongroom_tui.vault_state import VaultState
from strongroom_tui.widgets.bars import KeyBar, TopBar
from strongroom_tui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from strongroom_tui.model.connectors.workspace_view import Target
    from strongroom_tui.model.runs.result import Result
    from strongroom_tui.places.test import TestPane

POLL_SECONDS = 0.5
"""How often files and vault are looked at for changes made elsewhere."""


class StrongroomApp(VaultApp):
    """The app: its frame, its places, and the actions that are there in each of them."""

    TITLE = "Strongroom"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    ContentSwitcher { height: 1fr; }
    ContentSwitcher > * { height: 100%; width: 100%; }
    Toast { background: $raised; }
    """
    BINDINGS = actions.bindings(Place.APP)
    begins_with_tour = False

    @cached_property
    def outside(self) -> Outside:
        """What leaves the screen: other programs, the shell, signals."""
        return Outside(self, self._leave_by)

    # -- the frame ----------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Top line, the place, bottom line. The other two places come after the first paint."""
        yield self.top
        with ContentSwitcher(initial=Place.SECRETS.value):
            yield self.secrets
        self.keys.show(actions.footer(Place.SECRETS, self.actions))
        yield self.keys

    def on_mount(self) -> None:
        """Show the names; everything slow waits for the first paint."""
        self.outside.begin()
        self.show_names()
        self.secrets.enter()
        self.call_after_refresh(self._after_first_paint)

    async def _after_first_paint(self) -> None:
        from strongroom_tui.places.connectors import ConnectorsPane
        from strongroom_tui.places.test import TestPane

        others: tuple[PlacePane, ...] = (ConnectorsPane(), TestPane())
        for pane in others:
            pane.display = False
        with self.key_queue.flow():  # a key that was pressed by now may be for one of them
            await self.screen_stack[0].query_one(ContentSwitcher).mount(*others)
        if self.place is not Place.SECRETS:  # asked for before it was there
            self.show_place(self.place)
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
        # What is loaded now stays: the collector need not walk it again while someone types.
        gc.freeze()
        gc.enable()

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
        self.keys.show(actions.footer(place, self.actions))
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

    async def on_top_bar_community_clicked(self) -> None:
        """The community was clicked: show another."""
        await self.run_action("community")

    async def on_top_bar_vault_clicked(self) -> None:
        """The vault's state was clicked: lock it, or unlock it."""
        await self.run_action("lock" if self.is_unlocked else "unlock")

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

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, or say why it does not apply; from a key, a click, the palette and the help alike."""
        if reason := self._why_not(action, default_namespace or self):
            self.say(reason)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def _why_not(self, action: "str | ActionParseResult", node: DOMNode) -> str | None:
        name = action if isinstance(action, str) else action[1]
        if isinstance(node, PlacePane):
            return why_not(node.id or "", name, node.facts())
        if node is self:
            return why_not(Place.APP.value, name, Facts(vault=self.snapshot.state))
        return None

    def action_help(self) -> None:
        """Every key of this place, searchable; runs what is picked. A search finds those of other places too."""
        start(self, Group.DIALOG, self._offer, "Keys", False)

    def action_palette(self) -> None:
        """Every action there is."""
        start(self, Group.DIALOG, self._offer, "Actions", True)

    async def _offer(self, heading: str, all_places: bool) -> None:
        offered = actions.reachable(self.place, all_places=True, actions=self.actions)
        own = len(actions.reachable(self.place, all_places=all_places, actions=self.actions))
        choices = [
            (
                f"{action.key:<6} {action.title}",
                "" if action.place in (self.place, Place.APP) else action.place.title,
                str(i),
            )
            for i, action in enumerate(offered)
        ]
        from strongroom_tui.dialogs.pick import Pick

        words = {str(i): action.words for i, action in enumerate(offered)}
        chosen = await self.push_screen_wait(Pick(heading, choices[:own], words=words, beyond=choices[own:]))
        if chosen:
            # Not from here: while this asks, nothing else that asks would begin.
            self.call_later(self.perform, offered[int(chosen)])

    def action_community(self) -> None:
        """Show another community."""
        start(self, Group.DIALOG, self._pick_community)

    async def _pick_community(self) -> None:
        from strongroom_tui.dialogs.pick import Pick

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

    def action_settings(self) -> None:
        """Look at the settings and change them."""
        from strongroom_tui.flows.settings import change_settings

        start(self, Group.DIALOG, change_settings, self)

    async def begin_tour(self) -> None:
        """Begin the tour at the secret that it makes."""
        from strongroom_tui.flows.touring import look
        from strongroom_tui.places.tour import TourCards

        self.secrets.go_to(SECRET)
        await TourCards(self, lambda: look(self)).begin()

    def action_tour(self) -> None:
        """End the tour, or offer it."""
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
        """Compare two communities: what is missing where."""
        start(self, Group.DIALOG, self._compare)

    async def _compare(self) -> None:
        from strongroom_tui.flows.communities import compare_communities

        try:
            await compare_communities(self)
        except StrongroomError as error:
            self.complain(error)

    def action_theme(self) -> None:
        """Dark, light, monochrome."""
        names = list(theme.PALETTES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    async def action_quit(self) -> None:
        """Lock and leave; where something was typed and not saved, only after a question."""
        from strongroom_tui.dialogs.confirm import Confirm
        from strongroom_tui.dialogs.input_dialog import InputDialog

        dialogs = [screen for screen in self.screen_stack if isinstance(screen, InputDialog)]
        typed = [field for dialog in dialogs for field in dialog.typed_fields()]
        if not typed:
            self._quit()
        elif not isinstance(self.screen, Confirm):
            lines = (f"Typed and not saved: {', '.join(typed)}.",)
            question = Confirm("Quit, and throw away what you typed?", lines, "quit", "go on typing")
            self.push_screen(question, lambda answer: self._quit() if answer else None)

    def _quit(self) -> None:
        self.hide_values()
        self.exit(0)

    def action_help_quit(self) -> None:
        """Say the app's own way out where people press ctrl+c."""
        self.say(f"{self._quit_key} quits")

    @property
    def _quit_key(self) -> str:
        # Where text is typed, a letter would be text.
        keys = next(action.keys for action in self.actions if action.id == "quit")
        focused: object = self.focused
        typing = isinstance(focused, TakesText) and focused.edits(Key(keys[0], keys[0]))
        return key_label(keys[-1] if typing else keys[0])

    async def on_unmount(self) -> None:
        """Whatever ended the app: nothing of it stays in the clipboard. The vault's thread locks when it ends."""
        await self.clear_clipboard()

    async def _shutdown(self) -> None:
        # Textual takes the widgets away first, and only then ends what still reaches for them.
        self.key_queue.end()
        self.workers.cancel_all()
        await super()._shutdown()

    # -- tests ----------------------------------------------------------------------------

    @property
    def test(self) -> "TestPane | None":
        """The Test place, once it is there."""
        from strongroom_tui.places.test import TestPane

        return next((pane for pane in self.panes if isinstance(pane, TestPane)), None)

    @property
    def target(self) -> "Target | None":
        """The connector that the Test place runs next."""
        return self.test.target if self.test is not None else None

    @property
    def last_result(self) -> "Result | None":
        """The result that the Test place shows."""
        return self.test.result if self.test is not None else None

    async def test_connector(self, file: str, name: str, number: int = 0) -> None:
        """Open the Test place with this connector, the `number`th of its name in the file, from 0."""
        target = next((t for t in self.workspace.targets if t.key == (file, name, number)), None)
        self.show_place(Place.TEST)
        if self.test is not None:
            await self.test.choose(target)

    # -- the terminal -------------------------------------------------------------------------

    def run_outside(self, command: Sequence[str], way_out: str = "") -> None:
        """Give the terminal to another program until it ends; say so where it cannot be started, or fails."""
        self.hide_values()
        try:
            self.outside.run(command, way_out)
        except StrongroomError as error:
            self.complain(error)

    def edit_outside(self, text: str, name: str) -> str:
        """Let the person's editor change `text`, in a private file called `name`; as it was where that fails."""
        from strongroom_tui.backend.editor import editor_here

        self.hide_values()
        try:
            return self.outside.edit(text, lambda path: editor_here(path, 1, 1, os.environ), name)
        except StrongroomError as error:
            self.complain(error)
            return text

    def action_suspend(self) -> None:
        """Stop, as a shell's ctrl+z does; `fg` comes back."""
        self.hide_values()
        if self._driver is None or not self._driver.can_suspend or not self.outside.suspend():
            self.say(f"no shell waits for this app, so it was not stopped · {self._quit_key} quits")

    def _leave_by(self, number: int) -> None:
        """Leave because of a signal."""
        self.hide_values()
        self.exit(return_code=128 + number)

    # -- nothing secret leaves ----------------------------------------------------------------

    def hide_values(self) -> None:
        """Mask every value that is shown."""
        self.secrets.conceal()
        for screen in self.screen_stack:
            if isinstance(screen, Dialog):
                screen.hide_value()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """A picture of the screen, with every value masked first."""
        self.hide_values()
        return super().export_screenshot(title=title, simplify=simplify)

    def _fatal_error(self) -> None:
        from strongroom.crash import write_crash

        # Textual's own version prints every local variable of every frame.
        error = sys.exc_info()[1] or self._exception or RuntimeError()
        self._exit_renderables.append(f"strongroom: {write_crash(error, 'terminal app')}")
        self._close_messages_no_wait()


def _import_ahead() -> None:
    """Import what the first dialog, test and reveal need, so that none of them waits for it."""
    import strongroom.resolver.runner
    import strongroom.store.vault  # noqa: F401


def run(
    folder: str, vault_path: str | None = None, community: str | None = None, *, tour: bool = False
) -> int:
    """Run the app on `folder` until it is left, beginning with the `tour`. Gives the exit status.

    `vault_path` and `community` None: what the settings and the environment say. Raises `StrongroomError`
    for a settings file that cannot be used.
    """
    # Nothing made at the start is garbage; looking for some at every thousandth object costs a tenth of it.
    gc.disable()
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the size of another moment, which would count for ever
    settings = load_settings(folder)
    first = settings.community or next(iter(settings.communities), None)
    session = Session(vault_path or settings.vault, community or first)
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
