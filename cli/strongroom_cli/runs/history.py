"""List the runs that were kept, and compare two of them."""

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.resolver.reports.capture import CaptureEntry, load_capture, recent_captures
from strongroom.resolver.reports.compare import Change, Comparison, compare
from strongroom.testcases.connectors import Connectors
from strongroom.text.terminal import visible
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.session import print_json, print_lines
from strongroom_cli.terminal.style import Style, table

_SHOWN = 100
"""The characters of a value that are shown."""


def run_history(folder: str, names: Sequence[str], compared: tuple[str, str] | None, *, as_json: bool) -> int:
    """List the kept runs, or compare two.

    Return 0. Raises `StrongroomError` for a run that is not kept.
    """
    if len(names) > 1:
        raise UsageError("--history takes one connector or test.", "Name one, or none for all.")
    name, is_composite = _known_as(folder, names[0]) if names else (None, None)
    entries = recent_captures(folder, name, limit=200, is_composite=is_composite)
    if compared is None:
        _list(entries, names, as_json=as_json)
        return 0
    before, after = (_load(entries, given) for given in compared)
    found = compare(before, after)
    if as_json:
        print_json(found.to_json())
    else:
        print_lines(_differences(found, before, after))
    return 0


def _known_as(folder: str, name: str) -> tuple[str, bool | None]:
    """Return the name by which captures know a connector, and its kind.

    A command line may give its permalink instead.
    """
    target = Connectors.of_folder(folder).find(name)
    return (name, None) if target is None else (target.name, target.is_composite)


def _list(entries: Sequence[CaptureEntry], names: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json([{"number": number, **entry._asdict()} for number, entry in enumerate(entries, 1)])
    elif not entries:
        print(f"No run of {visible(names[0])} is kept." if names else "No run is kept yet.")
    else:
        rows = [
            [
                str(number),
                entry.saved[:19].replace("T", " "),
                "pass" if entry.passed else "fail",
                str(entry.status or "-"),
                f"{entry.milliseconds:.0f} ms",
                entry.connector,
                entry.test,
                entry.community,
            ]
            for number, entry in enumerate(entries[:50], 1)
        ]
        heading = ["", "WHEN (UTC)", "", "STATUS", "TIME", "CONNECTOR", "TEST", "COMMUNITY"]
        print_lines(table(rows, heading, Style()))


def _load(entries: Sequence[CaptureEntry], given: str) -> dict[str, Any]:
    """Return a capture by its number in the history, from 1, or by its path."""
    path = given
    if given.isdecimal() and not os.path.exists(given):
        if not 0 < int(given) <= len(entries):
            raise StrongroomError(f"No kept run has the number {given}.", "See `strongroom test --history`.")
        path = entries[int(given) - 1].path
    try:
        return load_capture(path)
    except OSError as error:
        raise StrongroomError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise StrongroomError(f"{path} is not a kept run.", "See `strongroom test --history`.") from error


def _differences(found: Comparison, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    style = Style()
    for mark, run in (("-", before), ("+", after)):
        yield style(f"{mark} {visible(str(run.get('connector')))}  {visible(str(run.get('saved')))}", "faint")
    for change in found.changes:
        yield from _change(change, style)
    if not found.changes:
        yield "No difference besides the time."
    if found.is_cut:
        yield "... and more."
    total = next((timing for timing in found.timings if timing.part == "total"), None)
    if total is not None and total.before is not None and total.after is not None:
        yield f"time: {total.before:.0f} ms, then {total.after:.0f} ms"


def _change(change: Change, style: Style) -> Iterator[str]:
    place = f"{change.area} {change.path}".rstrip()
    yield f"{style(visible(place), 'strong')} {change.kind}"
    if change.kind != "added":
        yield style(f"  - {_value(change.before)}", "error")
    if change.kind != "removed":
        yield style(f"  + {_value(change.after)}", "good")


def _value(value: object) -> str:
    text = visible(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
