"""Draw the top line and the bottom line.

The top line has tabs, community and vault, the bottom line the keys of the tab.
"""

from collections.abc import Sequence
from functools import partial

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from strongroom_tui.frame.actions import Action, Tab
from strongroom_tui.model.text.words import one_line
from strongroom_tui.widgets.painting import fit, segment

NOTICE_SECONDS = 4
TABS = (Tab.SECRETS, Tab.CONNECTORS, Tab.TEST)


class TopBar(Widget):
    """Draw the top line.

    It is ` Strongroom  1 Secrets  2 Connectors  3 Test        production  ● unlocked `.
    """

    DEFAULT_CSS = "TopBar { height: 1; dock: top; background: $raised; }"

    class TabClicked(Message):
        """Report a click on a tab."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    class CommunityClicked(Message):
        """Report a click on the community."""

    class VaultClicked(Message):
        """Report a click on the vault's state."""

    def __init__(self) -> None:
        super().__init__()
        self.tab = Tab.SECRETS
        self.community = ""
        self.vault = ("○ locked", "muted")
        self.spans: list[tuple[int, int, Tab]] = []
        self.right: tuple[int, int, int] = (0, 0, 0)
        """Cells of the community's beginning and end, and of the vault state's beginning."""

    def show(
        self,
        *,
        tab: Tab | None = None,
        community: str | None = None,
        vault: tuple[str, str] | None = None,
    ) -> None:
        """Change parts of the line. None leaves a part as it is."""
        self.tab = tab or self.tab
        self.community = self.community if community is None else community
        self.vault = vault or self.vault
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 there is one line
        """Draw the one line."""
        theme, width = self.app.theme, self.size.width
        left: list[Segment] = []
        used = 0

        def add(text: str, style: str, ground: str = "raised") -> None:
            nonlocal used
            left.append(segment(theme, text, style, ground))
            used += cell_len(text)

        if width >= 72:
            add(" Strongroom ", "key")
        self.spans = []
        for number, tab in enumerate(TABS, 1):
            chosen = tab is self.tab
            start = used
            # The brackets say which tab is open where there is no colour.
            words = f"[{number} {tab.title}]" if chosen else f" {number} {tab.title} "
            add(words, "strong" if chosen else "muted")
            self.spans.append((start, used, tab))
        state, style = self.vault
        room = width - used - cell_len(state) - 4
        community = fit(one_line(self.community), min(room, cell_len(one_line(self.community))))
        right = [
            segment(theme, community + "  ", "", "raised"),
            segment(theme, state + " ", style, "raised"),
        ]
        gap = width - used - sum(cell_len(part.text) for part in right)
        at = used + max(1, gap)
        self.right = (at, at + cell_len(community), at + cell_len(community) + 2)
        return Strip([*left, segment(theme, " " * max(1, gap), "", "raised"), *right]).adjust_cell_length(
            width, segment(theme, "", "", "raised").style
        )

    def on_click(self, event: events.Click) -> None:
        """Open the tab under the mouse, or post what else was clicked."""
        for start, end, tab in self.spans:
            if start <= event.x < end:
                self.open(tab)
        start, end, vault = self.right
        if start <= event.x < end:
            self.post_message(self.CommunityClicked())
        elif event.x >= vault:
            self.post_message(self.VaultClicked())

    def open(self, tab: Tab) -> None:
        """Act as if this tab was clicked."""
        self.post_message(self.TabClicked(tab))


class KeyBar(Widget):
    """Draw the keys of the focused tab, and a short notice on the right.

    At most seven keys are drawn.
    """

    DEFAULT_CSS = "KeyBar { height: 1; dock: bottom; background: $raised; }"

    class Clicked(Message):
        """Report a click on a key's word."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    def __init__(self, actions: Sequence[Action] = ()) -> None:
        super().__init__()
        self.actions = tuple(actions)
        self.notice = ""
        self._spans: list[tuple[int, int, Action]] = []
        self._notices = 0

    def say(self, text: str) -> None:
        """Show a short notice on the right for a few seconds.

        The notice never holds a value.
        """
        self.notice = one_line(text)
        self._notices += 1
        self.set_timer(NOTICE_SECONDS, partial(self._hush, self._notices))
        self.refresh()

    def _hush(self, number: int) -> None:
        if number == self._notices:
            self.notice = ""
            self.refresh()

    def show(self, actions: Sequence[Action]) -> None:
        """Show these keys."""
        self.actions = tuple(actions)
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 there is one line
        """Draw the one line.

        Keys that do not fit are left out, but never the last one, help.
        """
        theme, width = self.app.theme, self.size.width
        shown = list(self.actions)
        notice = fit(self.notice, min(cell_len(self.notice), width - 12)) if self.notice else ""
        room = width - 2 - cell_len(notice)
        while len(shown) > 1 and sum(len(a.key) + len(a.short) + 3 for a in shown) > room:
            del shown[-2]
        parts: list[Segment] = [segment(theme, " ", "", "raised")]
        self._spans, at = [], 1
        for action in shown:
            words = f" {action.short}  "
            parts += [
                segment(theme, action.key, "key", "raised"),
                segment(theme, words, "muted", "raised"),
            ]
            end = at + len(action.key) + len(words)
            self._spans.append((at, end, action))
            at = end
        if notice:
            parts += [
                segment(theme, " " * max(0, width - at - cell_len(notice) - 1), "", "raised"),
                segment(theme, notice + " ", "good", "raised"),
            ]
        return Strip(parts).adjust_cell_length(width, segment(theme, "", "", "raised").style)

    def on_click(self, event: events.Click) -> None:
        """Run the action under the mouse."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                self.post_message(self.Clicked(action))
