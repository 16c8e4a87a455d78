"""Give the three tabs what they have in common, and their way to the app."""

from typing import TYPE_CHECKING, cast

from textual.containers import Container

from strongroom_tui.model.why_not import Facts

if TYPE_CHECKING:
    from strongroom_tui.host import Host

WIDE = 110
"""Columns from which the details are beside the list instead of below it."""

STACKED = 100
"""Columns below which two panes are above each other.

Names and URLs need about half of this.
"""


class TabPane(Container):
    """Show one of the three tabs. `first` is the widget that gets the focus."""

    first = ""

    @property
    def host(self) -> "Host":
        """Return the app, as the tabs may use it."""
        return cast("Host", self.app)

    def enter(self) -> None:
        """Set the focus: the tab is on the screen now."""
        self.app.screen_stack[0].set_focus(self.query_one(self.first))

    def facts(self) -> Facts:
        """Return what the actions of this tab depend on."""
        return Facts()

    def reload(self) -> None:
        """Show the vault and the files as they are now."""

    def forget(self) -> None:
        """Drop what came out of the vault, which was locked."""
