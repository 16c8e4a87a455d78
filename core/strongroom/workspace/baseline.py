"""Read baselines: known findings, so that an older repository can begin clean.

A check, an editor and the app read the same one.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.workspace.files import read_source

if TYPE_CHECKING:
    from strongroom.validator import Finding

Key = tuple[str, str, str, str]
"""The identity of a finding in its file, on any line.

The parts are rule, connector, field and message.
"""

Counts = Mapping[Key, int]


class Baseline:
    """Hold findings that are known and must not be reported again.

    A baseline is a saved report of `--format json`.
    """

    def __init__(self, path: str, files: Mapping[str, Counts]) -> None:
        self.path = path
        self._files = files

    @classmethod
    def read(cls, path: str) -> "Baseline":
        """Read a saved report. Raises `StrongroomError` for a file that is not one."""
        import json

        folder = os.path.dirname(os.path.abspath(path))
        files: dict[str, dict[Key, int]] = {}
        try:
            for known in json.loads(read_source(path).text):
                # Paths in the report start at the folder that it is in.
                file = os.path.normpath(os.path.join(folder, known["file"]))
                counts = files.setdefault(file, {})
                key = (known["rule"], known["connector"] or "", known["field"], known["message"])
                counts[key] = counts.get(key, 0) + 1
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise StrongroomError(
                f'"{path}" is not a report of findings.',
                "Write it with `strongroom check --write-baseline FILE`.",
            ) from error
        return cls(path, files)

    @property
    def files(self) -> Iterator[tuple[str, Counts]]:
        """Return each file that has known findings, and their number."""
        yield from self._files.items()

    def knows(self, path: str) -> bool:
        """Return True if any finding of this file is known."""
        return os.path.abspath(path) in self._files

    def new(self, path: str, findings: Sequence["Finding"]) -> tuple[list["Finding"], Counts]:
        """Return a file's unknown findings, and the known ones that were not found in it.

        One entry silences one finding.
        """
        left = dict(self._files.get(os.path.abspath(path), {}))
        new = []
        for finding in findings:
            key = (finding.rule, finding.connector or "", finding.field, finding.message)
            if left.get(key, 0):
                left[key] -= 1
            else:
                new.append(finding)
        return new, {key: number for key, number in left.items() if number}
