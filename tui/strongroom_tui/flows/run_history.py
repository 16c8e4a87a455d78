"""Earlier runs: shown again in the Test place."""

from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom_tui.captured import CapturedReport
from strongroom_tui.flows.testing import part_for
from strongroom_tui.result import Result
from strongroom_tui.screens.run_history import Entries, RunHistory
from strongroom_tui.words import age, one_line

if TYPE_CHECKING:
    from strongroom_tui.screens.test import TestPane

MOST = 200
"""Runs in the list: as many as are kept."""


async def show_runs(pane: "TestPane") -> None:
    """Pick a run from the list and show it."""
    from strongroom.resolver import load_capture
    from strongroom.resolver.capture import recent_captures

    room = pane.room
    entries = await room.in_thread(recent_captures, room.folder, None, MOST)

    def load(connector: str | None) -> Entries:
        return [e for e in entries if connector is None or connector in (e.connector, e.test)]

    name = pane.target.name if pane.target else ""
    path = await room.push_screen_wait(RunHistory(load, name, room.clock()))
    if path is None:
        return
    try:
        report = CapturedReport(await room.in_thread(load_capture, path))
    except (OSError, ValueError) as error:
        raise StrongroomError("That run cannot be read any more.", "It may have been removed.") from error
    found = [t for t in room.workspace.targets if t.name == report.connector]
    if found and (pane.target is None or pane.target.name != report.connector):
        await pane.choose(found[0])
    ago = age(report.saved, room.clock())
    label = f"{'just now' if ago == 'now' else f'{ago} ago'} · {one_line(report.community)}"
    pane.view.show(await room.in_thread(Result, report, (), label), part_for(report))
    pane.view.shown.focus()
