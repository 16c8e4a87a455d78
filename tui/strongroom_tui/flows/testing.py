"""Running one connector: whether it may run, freezing what it runs with, sending it, keeping what it gave."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.document.template_facts import reads_name
from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Names
from strongroom_tui.backend.runner import Call, Runner
from strongroom_tui.backend.session import Session
from strongroom_tui.backend.session_values import SessionValues
from strongroom_tui.flows.making import make_missing
from strongroom_tui.model.runs.remembered import Remembered, harmless
from strongroom_tui.model.runs.report_lines import PARTS, Line, ReportLike
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run, digest_of, state_of
from strongroom_tui.model.runs.run_inputs import to_inputs
from strongroom_tui.model.text.words import one_line, visible

if TYPE_CHECKING:
    from strongroom.resolver.templates.values import Values
    from strongroom.resolver.terms.exchange import Watch
    from strongroom_tui.host import Host

SHORTEST: Final = 4
"""Shorter values are in too many texts to mean anything."""

LOOKED_AT: Final = 2000
"""Secrets whose values are looked for in the inputs."""

_CALL: Final = re.compile(r"get_(secret|variable)\(\s*['\"]([^'\"]*)['\"]\s*\)")


async def may_run(host: "Host", connectors: Iterable[Mapping[str, Any]]) -> bool:
    """Return True once these connectors may be run: every run in the app begins here.

    Asks for the key where one of them reads a secret.
    """
    return not any(map(needs_key, connectors)) or await host.ensure_unlocked()


def needs_key(connector: Mapping[str, Any]) -> bool:
    """Return whether a run reads a secret's value."""
    return reads_name(connector, Kind.SECRET.function)


class Frozen(NamedTuple):
    """A run and the values that it is sent with. They are dropped once it has ended."""

    run: Run
    values: "Values"

    def __repr__(self) -> str:
        return f"Frozen({self.run.title!r})"


async def freeze(host: "Host", run: Run) -> Frozen:
    """Add to a run what its inputs and its community's values are at this moment."""
    inputs = await host.in_thread(to_inputs, run.typed, host.folder)
    return await host.vault_call(_with_values, host.session, run._replace(inputs=inputs))


def _with_values(session: Session, run: Run) -> Frozen:
    from strongroom.resolver.templates.values import snapshot

    connector = run.target.data
    names = session.names(run.community)
    source = SessionValues(session, run.community, names, with_secrets=needs_key(connector))
    values = snapshot(source, connector)
    states = {name: state_of(session.find(run.community, name)) for name in source.asked}
    return Frozen(run._replace(names=names, states=states, digest=digest_of(connector)), values)


class Ended(NamedTuple):
    """What became of a run: the result, and the inputs that hold a secret's value."""

    result: Result
    held: frozenset[str]


async def run_test(
    host: "Host",
    runner: Runner,
    run: Run,
    *,
    fresh: bool,
    begins: Callable[[Run], None],
    watch: "Watch",
) -> Ended | None:
    """Run it; None where it may not run. `begins` is told of the frozen run before anything is sent.

    Raises `StrongroomError` for what went wrong before anything was sent.
    """
    if not await may_run(host, [run.target.data]):
        return None
    run, values = await freeze(host, run)
    begins(run)
    looking = asyncio.ensure_future(held_inputs(host, run.community, [run.typed]))
    if host.run_connector is not None:
        report = await host.run_connector(run.target.data, values, run.inputs, host.settings)  # type: ignore[arg-type]
    else:
        assert run.inputs is not None
        call = Call(run.target.data, values, run.inputs, run.community, watch, fresh)
        report = await runner.run(call)
    result = await host.in_thread(Result, report, notes_for(run, report, run.names), run)
    (held,) = await looking
    return Ended(result, held)


async def held_inputs(
    host: "Host", community: str, all_typed: Sequence[Mapping[str, str]]
) -> list[frozenset[str]]:
    """Return the inputs of each call that nobody should keep: while the vault is locked, all but path parameters."""
    if not host.is_unlocked:
        return [frozenset(key for key in typed if not key.startswith("path:")) for typed in all_typed]
    communities = tuple(dict.fromkeys([community, *host.snapshot.communities]))
    return await host.vault_call(holding_values, host.session, communities, all_typed)


def part_for(report: ReportLike) -> str:
    """A failure is looked at for its reason, a success for its answer."""
    return PARTS[0] if report.passed else "Explain"


async def keep(host: "Host", remembered: Remembered, ended: Ended) -> None:
    """Save the run and its inputs below the folder. What cannot be written is told and stops nothing."""
    from strongroom.resolver import Report, save_capture

    run, report = ended.result.run, ended.result.report
    if run is None:
        return
    remembered.keep(run.target.file, run.target.name, run.typed, ended.held)
    await host.in_thread(remembered.save)
    if isinstance(report, Report):
        asked = run_data(run, ended.held)
        try:
            await host.in_thread(
                lambda: save_capture(host.folder, report, community=run.community, run=asked)
            )
        except OSError as error:
            host.say(f"this run was not kept: {error.strerror}")


def run_data(run: Run, held: Iterable[str] = ()) -> dict[str, Any]:
    """What a capture keeps of a run besides its report: which connector, and the inputs that are no credential."""
    from strongroom.resolver import SAMPLE_USER

    given = {key: text for key, text in run.typed.items() if text}
    kept = {
        key: text
        for key, text in harmless(given).items()
        # A file may be another one by the time that somebody looks at the run.
        if key not in held and not (text.startswith("@") and not text.startswith("@@"))
    }
    # The user of a test case is a table, which no field of the form can have.
    has_other_user = run.inputs is not None and not given.get("user") and run.inputs.user != SAMPLE_USER
    dropped = (set(given) - set(kept)) | ({"user"} if has_other_user else set())
    return {
        "file": run.target.file,
        "permalink": run.target.permalink,
        "digest": run.digest,
        "inputs": kept,
        "dropped": sorted(dropped),
    }


def holding_values(
    session: Session, communities: Sequence[str], all_typed: Sequence[Mapping[str, str]]
) -> list[frozenset[str]]:
    """Of each call the inputs that hold a secret's value of one of the communities; the first one's secrets first."""
    texts = [
        (number, key, text)
        for number, typed in enumerate(all_typed)
        for key, text in typed.items()
        if len(text) >= SHORTEST
    ]
    found: list[set[str]] = [set() for _ in all_typed]
    for community, name in islice(_secrets(session, communities), LOOKED_AT if texts else 0):
        try:
            value = session.value(community, name).reveal()
        except StrongroomError:
            continue
        if len(value) >= SHORTEST:
            for number, key, text in texts:
                if value in text:
                    found[number].add(key)
    return [frozenset(keys) for keys in found]


def _secrets(session: Session, communities: Sequence[str]) -> Iterator[tuple[str, str]]:
    for community in communities:
        for entry in session.names(community).by_name.values():
            if entry.kind is Kind.SECRET:
                yield community, entry.name


# -- names that did not resolve ------------------------------------------------------


def missing_names(unresolved: Sequence[str], names: Names) -> list[tuple[str, Kind]]:
    """The names in unresolved expressions that the community does not have, with the kind they are read as."""
    if names.knowledge is Knowledge.NONE:
        return []
    found = [(match[2], Kind(match[1])) for expression in unresolved for match in _CALL.finditer(expression)]
    return [pair for pair in dict.fromkeys(found) if names.get(pair[0]) is None]


def notes_for(run: Run, report: ReportLike, names: Names) -> list[Line]:
    """The lines above the explanation: what is missing in the run's community, and the key that makes it."""
    community = one_line(run.community)
    lines: list[Line] = []
    for number, (name, kind) in enumerate(missing_names(report.unresolved, names)):
        lines.append(
            [("✗ ", "bad"), (f"{community} has no {kind.value} named ", ""), (visible(name), "strong")]
        )
        if not number:
            lines.append([("m ", "key"), ("makes it and runs the test again", "")])
    return [*lines, []] if lines else []


async def make_name(host: "Host", result: Result | None) -> bool:
    """Make the first name that did not resolve, in the community of the run; True once it is there."""
    run = result.run if result is not None else None
    if result is None or run is None:
        host.say("run the test first")
        return False
    names = await host.vault_call(host.session.names, run.community)
    missing = missing_names(result.report.unresolved, names)
    if not missing:
        host.say("every name resolves")
        return False
    name, kind = missing[0]
    return await make_missing(host, name, kind, run.community)
