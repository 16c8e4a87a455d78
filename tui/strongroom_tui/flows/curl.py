"""The request as a curl command, with secrets as environment variables: copied, or shown where nothing can copy it."""

from typing import TYPE_CHECKING

from strongroom_tui.clipboard import CannotCopy, copy_plain
from strongroom_tui.run_inputs import to_inputs
from strongroom_tui.screens.whole_text import WholeText
from strongroom_tui.session import ThreadValues

if TYPE_CHECKING:
    from strongroom_tui.screens.test import TestPane


async def copy_curl(pane: "TestPane") -> None:
    """Of the run that is shown; of the call as it stands in the form where nothing was run."""
    room = pane.room
    command = str(getattr(pane.result.report, "curl", "") or "") if pane.result else ""
    command = command or await _of_form(pane)
    if not command:
        return
    try:
        way = await room.in_thread(copy_plain, command, room.write_to_terminal)
    except CannotCopy:
        await room.push_screen_wait(WholeText("curl", command))
        return
    room.say(f"✓ curl command copied · {way}")


async def _of_form(pane: "TestPane") -> str:
    from strongroom.resolver import curl, render_request

    room, target = pane.room, pane.target
    if target is None:
        return ""
    if target.is_composite:
        room.say("run it first: a composite's later steps need the answers of its earlier ones")
        return ""
    if not await room.ensure_unlocked():
        return ""
    inputs = await room.in_thread(to_inputs, pane.values(), room.folder)
    values = ThreadValues(room.vault_thread, room.snapshot.community, room.names)
    request = await room.in_thread(lambda: render_request(target.data, values, inputs))
    return curl.of_request(request, pane.bench.policy)
