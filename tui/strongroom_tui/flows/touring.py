"""Offer the tour, which runs in the demo, and see how far the tour is."""

from typing import TYPE_CHECKING

from strongroom import child
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.frame.actions import Tab
from strongroom_tui.model.tour import SECRET, TourState

if TYPE_CHECKING:
    from strongroom_tui.host import Host

OFFER = (
    "It runs in a demo: a throw-away vault, sample connectors",
    "and a sample API on this machine.",
    "Nothing of yours is read or changed.",
    "",
    "After two minutes you have made a secret and passed a test.",
    "q leaves it and brings you back here.",
)


async def offer_tour(host: "Host") -> None:
    """Start the demo with the tour if the person agrees."""
    if await host.push_screen_wait(Confirm("Take the tour?", OFFER, "take it", "not now")):
        host.run_outside(child.command("strongroom_cli", "demo", "--tour"))


def look(host: "Host") -> TourState:
    """Return what decides which step of the tour is done."""
    has_secret = any(entry.name == SECRET for entry in host.snapshot.entries)
    target, result = host.target, host.last_result
    name = target.name if target is not None else ""
    return TourState(has_secret, host.tab is Tab.TEST, name, result is not None and result.report.passed)
