"""Save a run as a test case in the file beside the connector's file."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError
from strongroom_tui.dialogs.save_case import SaveCase
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.run import Run
from strongroom_tui.model.runs.run_inputs import to_case, to_inputs
from strongroom_tui.model.text.json_body import Overridden
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.runs.result import Result

MOST_CHECKS: Final = 12
"""Members of the body that a saved test checks.

A person can add more in the file.
"""

TYPES: Final = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}


async def save_case(host: "Host", run: Run, result: "Result | None") -> None:
    """Ask for a name and for what to expect, and add the test.

    `result` is None if the call was not made yet.
    """
    from strongroom.testcases.loading import case_file_of
    from strongroom.testcases.writing import append_case

    if run.dropped:
        fields = ", ".join(one_line(key.partition(":")[2] or key) for key in run.dropped)
        raise StrongroomError(
            f"This earlier run was kept without some of its inputs ({fields}), so it cannot be saved as a test.",
            "Run it again, then save it.",
        )
    if not run.target.file:
        raise StrongroomError(
            f"This earlier run was kept without the file of {one_line(run.target.name)}.",
            "Run it again, then save it.",
        )
    inputs = run.inputs if run.inputs is not None else await host.in_thread(to_inputs, run.typed, host.folder)
    case = to_case(inputs)
    case["connector"] = _reference(run.target, host.workspace.targets)
    usual = host.settings.community or host.snapshot.community
    if run.community and run.community != usual:
        case["community"] = run.community
    path = case_file_of(os.path.join(host.folder, run.target.file))
    shown = os.path.relpath(path, host.folder).replace(os.sep, "/")
    suggested = run.target.name + "".join(f" {value}" for value in case["path_parameters"].values())
    status = result.report.status if result else None
    checks = body_checks(result) if result else []
    dialog = SaveCase(suggested, shown, status, [check["path"] for check in checks], of=run.title)
    chosen = await host.push_screen_wait(dialog)
    if chosen is None:
        return
    name, with_body = chosen
    expect: dict[str, Any] = {"all_secrets_resolve": True}
    if status is not None:
        expect["status"] = status
    if with_body:
        expect["body"] = checks
    line = await host.in_thread(append_case, path, {**case, "name": name, "expect": expect})
    host.say(f"✓ saved in {shown}, line {line}")


def _reference(target: RunTarget, others: Iterable[RunTarget]) -> str:
    """Return the text that means this connector in a test case.

    It has the kind where a connector of the other kind has the same permalink.
    """
    from strongroom.testcases.connectors import reference_to

    name = target.permalink or target.name
    is_shared = any(
        other.is_composite is not target.is_composite and name in (other.permalink, other.name)
        for other in others
    )
    return reference_to(name, is_composite=target.is_composite) if is_shared else name


def body_checks(result: "Result") -> list[dict[str, Any]]:
    """Return a check for each member of a JSON body: that it exists and has its type."""
    from strongroom_tui.model.text.json_tree import json_path

    if not isinstance(result.data, dict):
        return [{"path": "$", "type": "array"}] if isinstance(result.data, list) else []
    members = [(key, value) for key, value in result.data.items() if not isinstance(key, Overridden)]
    return [{"path": json_path([key]), **_check(value)} for key, value in members[:MOST_CHECKS]]


def _check(value: Any) -> dict[str, Any]:
    type_ = next((word for sort, word in TYPES.items() if isinstance(value, sort)), "")
    return {"type": type_} if type_ else {"exists": True}
