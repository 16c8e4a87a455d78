"""Fixes in connector files: the one at the cursor, or all of them after a look at the difference."""

from typing import TYPE_CHECKING, NamedTuple

from strongroom.text.phrases import counted
from strongroom_tui.dialogs.fixes import Fixes
from strongroom_tui.flows.undoing import turn
from strongroom_tui.model.connectors import fix_plan
from strongroom_tui.model.connectors.fix_plan import FileFix, FixPlan
from strongroom_tui.model.secrets.undo import Change

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom_tui.model.connectors.workspace_view import ConnectorFile
    from strongroom_tui.places.connectors import ConnectorsPane


async def fix_one(pane: "ConnectorsPane", file: "ConnectorFile", finding: "Finding") -> None:
    """Apply the finding's certain fix; one that may not be what was meant is shown first."""
    host = pane.host
    if not finding.fixes:
        host.say("this finding has no fix")
        return
    fix = finding.fix
    plan = fix_plan.plan_one(file, finding)
    if not plan.files:
        host.say("this fix would break the text around it")
        return
    if fix is None:
        chosen = await host.push_screen_wait(Fixes(None, plan, finding.fixes[0].title))
        if chosen is not None:
            await write(pane, chosen, finding.fixes[0].title)
        return
    await write(pane, plan, fix.title)


async def fix_all(pane: "ConnectorsPane") -> None:
    """Show what all fixes would change, and write it after a yes."""
    host = pane.host

    async def plan(unsafe: bool) -> FixPlan:
        return await host.in_thread(lambda: fix_plan.plan_fixes(host.workspace, host.checks, unsafe=unsafe))

    chosen = await host.push_screen_wait(Fixes(plan))
    if chosen is not None:
        await write(pane, chosen, f"fixed {counted(chosen.fixed, 'finding')}")


async def write(pane: "ConnectorsPane", plan: FixPlan, said: str) -> None:
    """Write the plan's files, tell what could not be written, and remember the way back."""
    host = pane.host
    done = await host.in_thread(fix_plan.write_plan, plan)
    for problem in done.problems:
        host.complain(problem)
    if done.files:
        pane.fixed.did(Change(said, "", files=FixedFiles(done.files)))
        host.say(f"✓ {said} · z takes it back")
    await host.rescan()


class FixedFiles(NamedTuple):
    """The files that a fix has written."""

    files: tuple[FileFix, ...]

    def begin(self, *, again: bool) -> "FixWork":
        """Prepare to put the former texts back, or to write the fixed ones again."""
        return FixWork(self.files, again)


class FixWork(NamedTuple):
    """The texts that are about to be written."""

    files: tuple[FileFix, ...]
    again: bool

    def write(self) -> None:
        """Write each file that is as it was left. Raises `StrongroomError` for one that is not."""
        (fix_plan.do_again if self.again else fix_plan.take_back)(self.files)

    def cancel(self) -> None:
        """Leave the files as they are."""


async def undo(pane: "ConnectorsPane") -> None:
    """Put the files back as they were before the last fix."""
    await _turn(pane, again=False, nothing="no fix to take back")


async def redo(pane: "ConnectorsPane") -> None:
    """Write the fix again that was taken back last."""
    await _turn(pane, again=True, nothing="no fix to do again")


async def _turn(pane: "ConnectorsPane", *, again: bool, nothing: str) -> None:
    host = pane.host
    if (pane.fixed.next if again else pane.fixed.last) is None:
        host.say(nothing)
        return
    said = await turn(host, pane.fixed, again=again)
    await host.rescan()
    if said:
        host.say(said)
