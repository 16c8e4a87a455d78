"""The tour: offered from the app, which starts the demo for it; taken in the demo."""

from typing import TYPE_CHECKING

from strongroom import child
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.frame.actions import Place
from strongroom_tui.model.tour import SECRET, Seen, next_step
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.tour_card import TourCard

if TYPE_CHECKING:
    from strongroom_tui.app import StrongroomApp

LOOK_SECONDS = 0.3
"""How often the tour looks whether its step is done."""

OFFER = (
    "It runs in a demo: a throw-away vault, sample connectors",
    "and a sample API on this machine.",
    "Nothing of yours is read or changed.",
    "",
    "After two minutes you have made a secret and passed a test.",
    "q leaves it and brings you back here.",
)


async def offer_tour(app: "StrongroomApp") -> None:
    """Start the demo with the tour, where the person says yes."""
    if await app.push_screen_wait(Confirm("Take the tour?", OFFER, "take it", "not now")):
        app.run_outside(child.command("strongroom_cli", "demo", "--tour"))


async def begin_tour(app: "StrongroomApp") -> None:
    """Show the first step, and the next one whenever one is done."""
    app.secrets.go_to(SECRET)
    card = TourCard()
    await app.screen_stack[0].mount(card)
    at = next_step(0, _look(app))
    card.show(at)

    async def go_on() -> None:
        nonlocal at
        if not card.is_attached:
            timer.stop()
            return
        at = next_step(at, _look(app))
        # A dialog covers the card below it: the step stands there too.
        if isinstance(app.screen, Dialog) and not app.screen.query(TourCard):
            await app.screen.mount(TourCard())
        for screen in app.screen_stack:
            for each in screen.query(TourCard):
                each.show(at)

    timer = app.set_interval(LOOK_SECONDS, go_on)


def _look(app: "StrongroomApp") -> Seen:
    from strongroom_tui.places.test import TestPane

    has_secret = any(entry.name == SECRET for entry in app.snapshot.entries)
    found = app.screen_stack[0].query(TestPane)
    pane = found.first() if found else None
    target = pane.target.name if pane is not None and pane.target is not None else ""
    passed = pane is not None and pane.result is not None and pane.result.report.passed
    return Seen(has_secret, app.place is Place.TEST, target, passed)
