"""Keep a run and its inputs below the folder, but no secret's value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.model.runs.remembered import RememberedInputs, harmless
from strongroom_tui.model.runs.run import Run

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.runs.result import Result

SHORTEST: Final = 4
"""Characters of the shortest value that is looked for.

A shorter value is in too many texts.
"""

LOOKED_AT: Final = 2000
"""Secrets whose values are looked for in the inputs."""


async def keep(host: "Host", remembered: RememberedInputs, result: "Result", held: frozenset[str]) -> None:
    """Save a run, and its inputs except those in `held`.

    A notice says if the run cannot be saved. Nothing is raised.
    """
    from strongroom.resolver import Report, save_capture

    run, report = result.run, result.report
    if run is None:
        return
    remembered.keep(run.target.file, run.target.name, run.typed, held)
    await host.in_thread(remembered.save)
    if isinstance(report, Report):
        asked = run_data(run, held)
        try:
            await host.in_thread(
                lambda: save_capture(host.folder, report, community=run.community, run=asked)
            )
        except OSError as error:
            host.say(f"this run was not kept: {error.strerror}")


def run_data(run: Run, held: Iterable[str] = ()) -> dict[str, Any]:
    """Return the connector and the harmless inputs of a run, for its capture."""
    from strongroom.resolver import SAMPLE_USER
    from strongroom.testcases.typed_inputs import named_file

    given = {key: text for key, text in run.typed.items() if text}
    kept = {
        key: text
        for key, text in harmless(given).items()
        # The file may have changed by the time that somebody looks at the run.
        if key not in held and named_file(text) is None
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


async def held_inputs(
    host: "Host", community: str, all_typed: Sequence[Mapping[str, str]]
) -> list[frozenset[str]]:
    """Return the inputs of each call that hold a secret's value.

    While the vault is locked, values are not known. Then all inputs but path parameters are returned.
    """
    if not host.is_unlocked:
        return [frozenset(key for key in typed if not key.startswith("path:")) for typed in all_typed]
    communities = tuple(dict.fromkeys([community, *host.snapshot.communities]))
    return await host.vault_call(holding_values, host.session, communities, all_typed)


def holding_values(
    session: VaultSession, communities: Sequence[str], all_typed: Sequence[Mapping[str, str]]
) -> list[frozenset[str]]:
    """Return the inputs of each call that hold a value of one of the communities.

    The secrets of the first community are looked for first. Runs on the vault's thread.
    """
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


def _secrets(session: VaultSession, communities: Sequence[str]) -> Iterator[tuple[str, str]]:
    for community in communities:
        for entry in session.names(community).by_name.values():
            if entry.kind is Kind.SECRET:
                yield community, entry.name
