"""Show the tour's card on the main screen, and on the dialog that covers it."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from strongroom_tui.model.tour import TourState, next_step
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.tour_card import TourCard

LOOK_SECONDS = 0.3
"""Seconds from one look at the step to the next."""


class TourCards:
    """Show the cards of one tour. `look` gives what decides which step is done."""

    def __init__(self, app: App[Any], look: Callable[[], TourState]) -> None:
        self._app = app
        self._look = look
        self._card = TourCard()
        self._at = 0

    async def begin(self) -> None:
        """Show the first step, and the next one whenever one is done."""
        await self._app.screen_stack[0].mount(self._card)
        self._show_step()
        self._timer = self._app.set_interval(LOOK_SECONDS, self._go_on)

    async def _go_on(self) -> None:
        if not self._card.is_attached:
            self._timer.stop()
            return
        if isinstance(self._app.screen, Dialog) and not self._app.screen.query(TourCard):
            await self._app.screen.mount(TourCard())
        self._show_step()

    def _show_step(self) -> None:
        self._at = next_step(self._at, self._look())
        for screen in self._app.screen_stack:
            for card in screen.query(TourCard):
                card.show(self._at)
