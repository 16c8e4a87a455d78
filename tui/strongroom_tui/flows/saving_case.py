"""Keeping a call as a test case, in the file of test cases beside the connector's file."""

import os
from typing import TYPE_CHECKING, Any, Final

from strongroom_tui.run_inputs import to_case
from strongroom_tui.screens.save_case import SaveCase

if TYPE_CHECKING:
    from strongroom_tui.result import Result
    from strongroom_tui.screens.test import TestPane

MOST_CHECKS: Final = 12
"""Members of the body that a test asks for; the file can have more."""

TYPES: Final = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}


async def save_case(pane: "TestPane") -> None:
    """Ask for the name and for what to expect; add the test."""
    from strongroom.testcases.loading import case_file_of
    from strongroom.testcases.writing import append_case

    room, target = pane.room, pane.target
    if target is None:
        return
    case = await room.in_thread(to_case, pane.values(), room.folder)
    case["connector"] = target.permalink or target.name
    community = room.snapshot.community
    if room.settings.community and community != room.settings.community:
        case["community"] = community
    path = case_file_of(os.path.join(room.folder, target.file))
    shown = os.path.relpath(path, room.folder).replace(os.sep, "/")
    result = pane.result
    suggested = target.name + "".join(f" {value}" for value in case["path_parameters"].values())
    status = result.report.status if result else None
    checks = body_checks(result) if result else []
    dialog = SaveCase(suggested, shown, status, [check["path"] for check in checks])
    chosen = await room.push_screen_wait(dialog)
    if chosen is None:
        return
    name, with_body = chosen
    expect: dict[str, Any] = {"all_secrets_resolve": True}
    if status is not None:
        expect["status"] = status
    if with_body:
        expect["body"] = checks
    line = await room.in_thread(append_case, path, {**case, "name": name, "expect": expect})
    room.say(f"✓ saved in {shown}, line {line}")


def body_checks(result: "Result") -> list[dict[str, Any]]:
    """One check for each member of a JSON object: that it is there, and of which type."""
    from strongroom_tui.json_tree import json_path

    if not isinstance(result.data, dict):
        return [{"path": "$", "type": "array"}] if isinstance(result.data, list) else []
    members = list(result.data.items())[:MOST_CHECKS]
    return [
        {"path": json_path([key]), "type": TYPES[type(value)]}
        if type(value) in TYPES
        else {"path": json_path([key]), "exists": True}
        for key, value in members
    ]
