"""Offer actions in a list that a person searches by typing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom_tui.dialogs.pick import Pick
from strongroom_tui.frame.actions import Action, Tab

if TYPE_CHECKING:
    from strongroom_tui.host import Host


async def pick_action(
    host: "Host", heading: str, listed: Sequence[Action], found: Sequence[Action]
) -> Action | None:
    """Return the picked action. A search finds the actions in `found` too."""
    offered = [*listed, *found]
    choices = [
        (
            f"{action.key:<6} {action.title}",
            "" if action.tab in (host.tab, Tab.APP) else action.tab.title,
            str(number),
        )
        for number, action in enumerate(offered)
    ]
    words = {str(number): action.words for number, action in enumerate(offered)}
    first = len(listed)
    chosen = await host.push_screen_wait(Pick(heading, choices[:first], words=words, beyond=choices[first:]))
    return offered[int(chosen)] if chosen else None
