"""Running one connector with its inputs and the shown community's values; again after a missing name is made."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Names
from strongroom_tui.bench import Call
from strongroom_tui.flows.making import make_missing
from strongroom_tui.report_lines import PARTS, Line, ReportLike
from strongroom_tui.result import Result
from strongroom_tui.run_inputs import to_inputs
from strongroom_tui.session import Session, ThreadValues
from strongroom_tui.words import one_line, visible

if TYPE_CHECKING:
    from strongroom_tui.screens.test import TestPane
    from strongroom_tui.workspace_view import Target

SHORTEST: Final = 4
"""Shorter values are in too many texts to mean anything."""

LOOKED_AT: Final = 2000
"""Secrets whose values are looked for in the inputs."""

_CALL: Final = re.compile(r"get_(secret|variable)\(\s*['\"]([^'\"]*)['\"]\s*\)")


async def run_test(pane: "TestPane", target: "Target", fresh: bool) -> None:
    """Run and show it; what went wrong before anything was sent is shown in its place."""
    room, folder = pane.room, pane.room.folder
    if needs_key(target) and not await room.ensure_unlocked():
        return
    values = pane.values()
    if problems := pane.form.problems(folder):
        pane.view.show_lines([("✗ not run", "bad")], [[(one_line(text), "")] for text in problems.values()])
        pane.form.focus_first(next(iter(problems)))
        return
    pane.remembered.put(target.file, target.name, values)
    pane.show_running()
    try:
        report = await send(pane, target, values, fresh=fresh)
        pane.view.show(await room.in_thread(Result, report, notes_for(pane, report)), part_for(report))
    except StrongroomError as error:
        lines: list[Line] = [[(one_line(error.message), "")], [(one_line(error.way_out), "muted")]]
        pane.view.show_lines([("✗ not run", "bad")], lines)
        return
    pane.view.shown.focus()
    await keep(pane, target, report)


def needs_key(target: "Target") -> bool:
    """Whether a run reads a secret's value."""
    return "get_secret" in str(target.data)


def part_for(report: ReportLike) -> str:
    """A failure is looked at for its reason, a success for its answer."""
    return PARTS[0] if report.ok else "Explain"


async def send(
    pane: "TestPane", target: "Target", values: dict[str, str], *, fresh: bool = False
) -> ReportLike:
    """Send the request with the shown community's values."""
    room = pane.room
    community = room.snapshot.community
    known = ThreadValues(room.vault_thread, community, room.names)
    inputs = await room.in_thread(to_inputs, values, room.folder)
    if room.runner is not None:
        return await room.runner(target.data, known, inputs, room.settings)
    return await pane.bench.run(Call(target.data, known, inputs, community, pane.on_progress, fresh))


async def keep(pane: "TestPane", target: "Target", report: ReportLike) -> None:
    """Save the run and its inputs below the folder. What cannot be written is told and stops nothing."""
    from strongroom.resolver import Report, save_capture

    room = pane.room
    values = pane.remembered.of(target.file, target.name)
    names = [entry.name for entry in room.names.by_name.values() if entry.kind is Kind.SECRET]
    held = await room.vault_call(holding_values, room.session, room.snapshot.community, names, values)
    if not room.is_unlocked:  # nobody can tell whether what was typed is a secret
        held = {key for key in values if not key.startswith("path:")}
    pane.remembered.put(target.file, target.name, {k: v for k, v in values.items() if k not in held})
    await room.in_thread(pane.remembered.save)
    if isinstance(report, Report):
        try:
            await room.in_thread(lambda: save_capture(room.folder, report, community=room.snapshot.community))
        except OSError as error:
            room.say(f"this run was not kept: {error.strerror}")


def holding_values(
    session: Session, community: str, names: Sequence[str], values: Mapping[str, str]
) -> set[str]:
    """The inputs that hold a secret's value, which nobody should keep; none while the vault is locked."""
    texts = {key: text for key, text in values.items() if len(text) >= SHORTEST}
    found: set[str] = set()
    for name in names[:LOOKED_AT] if texts else ():
        try:
            value = session.value(community, name).reveal()
        except StrongroomError:
            continue
        if len(value) >= SHORTEST:
            found.update(key for key, text in texts.items() if value in text)
    return found


# -- names that did not resolve ------------------------------------------------------


def missing_names(unresolved: Sequence[str], names: Names) -> list[tuple[str, Kind]]:
    """The names in unresolved expressions that the community does not have, with the kind they are read as."""
    if names.knowledge is Knowledge.NONE:
        return []
    found = [(match[2], Kind(match[1])) for expression in unresolved for match in _CALL.finditer(expression)]
    return [pair for pair in dict.fromkeys(found) if names.get(pair[0]) is None]


def notes_for(pane: "TestPane", report: ReportLike) -> list[Line]:
    """The lines above the explanation: what is missing, and the key that makes it."""
    community = one_line(pane.room.snapshot.community)
    lines: list[Line] = []
    for number, (name, kind) in enumerate(missing_names(report.unresolved, pane.room.names)):
        lines.append([("✗ ", "bad"), (visible(name), "strong"), (f" is no {kind.value} of {community}", "")])
        if not number:
            lines.append([("m ", "key"), ("makes it and runs the test again", "")])
    return [*lines, []] if lines else []


async def make_and_run(pane: "TestPane") -> None:
    """Make the first name that did not resolve; once it is there, run again."""
    room, result = pane.room, pane.result
    missing = missing_names(result.report.unresolved, room.names) if result else []
    if not missing:
        room.say("every name resolves")
        return
    name, kind = missing[0]
    if await make_missing(room, name, kind):
        pane.action_run()
