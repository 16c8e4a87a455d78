"""Write baselines, and list their entries that silence nothing."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole
from strongroom.text.phrases import counted
from strongroom.workspace.baseline import Baseline, Counts
from strongroom_cli.check.checked_file import CheckedFile

LISTED: Final = 10
"""The number of stale entries that are named one by one."""


def stale_lines(baseline: Baseline, checked: Mapping[str, Counts]) -> Iterator[str]:
    """Yield sentences about the entries that silence nothing.

    `checked` has the unused entries of each checked file.
    """
    stale = [
        (file, key, number)
        for file, counts in baseline.files
        for key, number in (checked[file] if file in checked else _of_gone(file, counts)).items()
    ]
    if not stale:
        return
    number = counted(sum(number for _, _, number in stale), "entry", "entries")
    path = baseline.path
    yield f"{path}: {number} not needed. Update it with `--write-baseline {path}`."
    for file, (rule, connector, field, _), _ in stale[:LISTED]:
        where = " ".join(filter(None, (os.path.relpath(file), connector, field)))
        yield f"  {rule} in {where}"
    if len(stale) > LISTED:
        yield f"  and {len(stale) - LISTED} more"


def _of_gone(file: str, counts: Counts) -> Counts:
    return {} if os.path.exists(file) else counts


def write_baseline(path: str, checked: Sequence[CheckedFile]) -> None:
    """Write the findings as a baseline.

    Paths start at the folder of the baseline, with `/` between their parts.
    """
    from strongroom_cli.check.findings_machine import as_json

    folder = os.path.dirname(os.path.abspath(path))
    files = [_moved(file, os.path.relpath(file.path, folder).replace(os.sep, "/")) for file in checked]
    try:
        write_whole(path, ("\n".join(as_json(files)) + "\n").encode())
    except OSError as error:
        raise StrongroomError(
            f"{path} cannot be written: {error.strerror}.",
            "Check the folder and the disk, or name another file.",
        ) from error
    print(f'Wrote {counted(sum(len(file.findings) for file in files), "finding")} to "{path}".')


def _moved(file: CheckedFile, path: str) -> CheckedFile:
    return CheckedFile(path, file.text, file.findings)
