"""Copy a request as a curl command, with secrets as environment variables.

The command is shown if nothing can copy it.
"""

from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom_tui.backend.clipboard import CannotCopy, copy_plain
from strongroom_tui.dialogs.whole_text import WholeText
from strongroom_tui.flows.runs.testing import freeze, may_run
from strongroom_tui.model.runs.run import Run

if TYPE_CHECKING:
    from strongroom.resolver.terms.inputs import Policy
    from strongroom_tui.host import Host
    from strongroom_tui.model.runs.result import Result


async def copy_curl(host: "Host", run: Run, result: "Result | None", policy: "Policy") -> None:
    """Copy the command of a run that is shown.

    If `result` is None, nothing was run. Then the command is that of the call in the form.
    """
    command = await _of_form(host, run, policy) if result is None else _of_result(run, result)
    if not command:
        return
    try:
        way = await host.in_thread(copy_plain, command, host.write_to_terminal)
    except CannotCopy:
        await host.push_screen_wait(WholeText(f"curl · {run.title}", command))
        return
    host.say(f"✓ curl command of {run.title} copied · {way}")


def _of_result(run: Run, result: "Result") -> str:
    command = str(getattr(result.report, "curl", "") or "")
    if command:
        return command
    if run.label:
        raise StrongroomError(
            f"An earlier run of {run.title} is kept without its curl command.", "Run it again."
        )
    raise StrongroomError(
        f"The run of {run.title} has no curl command: it ended before there was a request.",
        "Explain says why.",
    )


async def _of_form(host: "Host", run: Run, policy: "Policy") -> str:
    from strongroom.resolver import render_request
    from strongroom.resolver.request import curl

    if run.target.is_composite:
        host.say("run it first: a composite's later steps need the answers of its earlier ones")
        return ""
    if not await may_run(host, [run.target.data]):
        return ""
    run, values = await freeze(host, run)
    inputs = run.inputs
    request = await host.in_thread(lambda: render_request(run.target.data, values, inputs))
    return curl.of_request(request, policy)
