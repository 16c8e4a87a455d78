"""Move the focus in the order in which widgets are composed.

Textual goes by the places of the last layout. A field that was shown by the key before has none yet, so that Tab in a
burst of keys would go to another field than the one after it, and what is typed next with it.
"""

from collections.abc import Iterator

from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class ComposedOrder(Screen[ScreenResultType]):
    """Be a screen whose Tab goes by the order of its widgets."""

    @property
    def focus_chain(self) -> list[Widget]:
        """Return the widgets that may have the focus, in order."""
        return list(_focusable(self))


def _focusable(parent: Widget) -> Iterator[Widget]:
    for child in parent.displayed_children:
        if child.focusable:
            yield child
        if child.is_container and child.allow_focus_children():
            yield from _focusable(child)
