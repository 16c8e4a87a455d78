"""What the three places have in common: how they reach the app."""

from typing import TYPE_CHECKING, cast

from textual.containers import Container

from strongroom_tui.model.why_not import Facts

if TYPE_CHECKING:
    from strongroom_tui.host import Host

WIDE = 110
"""Columns from which the details stand beside the list instead of below it."""


STACKED = 100
"""Columns below which two panes are above each other: real names of files and URLs want about half of this each."""


class PlacePane(Container):
    """One of the three places. `first` is the widget that gets the focus when the place is shown."""

    first = ""

    @property
    def host(self) -> "Host":
        """The app, by its own type."""
        return cast("Host", self.app)

    def enter(self) -> None:
        """The place is on screen now."""
        self.app.screen_stack[0].set_focus(self.query_one(self.first))

    def facts(self) -> Facts:
        """Return what the actions of this place depend on."""
        return Facts()

    def reload(self) -> None:
        """The vault or the files changed: show them as they are now."""

    def forget(self) -> None:
        """The vault was locked: drop what came out of it."""
