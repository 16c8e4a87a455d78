"""Apply one fix to a connector file, or all fixes after showing the difference."""

from typing import TYPE_CHECKING, NamedTuple

from strongroom.text.phrases import counted
from strongroom_tui.dialogs.fixes import Fixes
from strongroom_tui.flows.undoing import turn
from strongroom_tui.model.connectors import fix_plan
from strongroom_tui.model.connectors.fix_plan import FileFix, FixPlan
from strongroom_tui.model.secrets.undo import Undo, UndoableChange

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom_tui.host import Host
    from strongroom_tui.model.connectors.workspace_view import ConnectorFile


async def fix_one(host: "Host", undo: Undo, file: "ConnectorFile", finding: "Finding") -> None:
    """Apply the finding's fix. Show an unsafe fix first, and ask."""
    if not finding.fixes:
        host.say("this finding has no fix")
        return
    plan = fix_plan.plan_one(file, finding)
    if not plan.files:
        host.say("this fix would break the text around it")
        return
    fix = finding.fix or finding.fixes[0]
    chosen = plan if finding.fix else await host.push_screen_wait(Fixes(None, plan, fix.title))
    if chosen is not None:
        await write(host, undo, chosen, fix.title)


async def fix_all(host: "Host", undo: Undo) -> None:
    """Show what all fixes would change, and write the changes after a yes."""

    async def plan(unsafe: bool) -> FixPlan:
        return await host.in_thread(lambda: fix_plan.plan_fixes(host.workspace, host.checks, unsafe=unsafe))

    chosen = await host.push_screen_wait(Fixes(plan))
    if chosen is not None:
        await write(host, undo, chosen, f"fixed {counted(chosen.fixed, 'finding')}")


async def write(host: "Host", undo: Undo, plan: FixPlan, said: str) -> None:
    """Write the plan's files and put the way back into `undo`. Show what failed."""
    done = await host.in_thread(fix_plan.write_plan, plan)
    for problem in done.problems:
        host.complain(problem)
    if done.files:
        undo.did(UndoableChange(said, "", files=FixedFiles(done.files)))
        host.say(f"✓ {said} · z takes it back")
    await host.rescan()


class FixedFiles(NamedTuple):
    """Hold the files that a fix has written."""

    files: tuple[FileFix, ...]

    def begin(self, *, again: bool) -> "FixWork":
        """Prepare to put the former texts back, or to write the fixed ones again."""
        return FixWork(self.files, again)


class FixWork(NamedTuple):
    """Hold the texts that are about to be written."""

    files: tuple[FileFix, ...]
    again: bool

    def write(self) -> None:
        """Write the files. Raises `StrongroomError` if one was changed since."""
        (fix_plan.do_again if self.again else fix_plan.take_back)(self.files)

    def cancel(self) -> None:
        """Leave the files as they are."""


async def take_back(host: "Host", undo: Undo) -> None:
    """Put the files back as they were before the last fix."""
    if undo.last is None:
        host.say("no fix to take back")
    else:
        await _turn(host, undo, again=False)


async def do_again(host: "Host", undo: Undo) -> None:
    """Write the fix again that was taken back last."""
    if undo.next is None:
        host.say("no fix to do again")
    else:
        await _turn(host, undo, again=True)


async def _turn(host: "Host", undo: Undo, *, again: bool) -> None:
    said = await turn(host, undo, again=again)
    await host.rescan()
    if said:
        host.say(said)
