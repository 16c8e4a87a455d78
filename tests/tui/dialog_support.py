"""Wait for dialogs."""

from typing import TypeVar

from textual.screen import Screen
from tui_support import until

from strongroom_tui.app import StrongroomApp

D = TypeVar("D", bound=Screen[object])


async def dialog(app: StrongroomApp, kind: type[D]) -> D:
    """Wait until a dialog of this kind takes keys, and return it.

    A dialog is on the stack before it has its fields.
    """
    await until(lambda: isinstance(app.screen, kind) and app.screen.is_mounted, kind.__name__)
    assert isinstance(app.screen, kind)
    return app.screen
