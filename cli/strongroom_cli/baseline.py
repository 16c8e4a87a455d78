"""Findings that are known: a baseline lets a check of an older repository begin clean."""

# ruff: noqa: PTH100, PTH118, PTH120

import os
from collections.abc import Sequence
from typing import NamedTuple

from strongroom.errors import StrongroomError
from strongroom.validator import Finding
from strongroom.workspace import read_source


class Baseline(NamedTuple):
    """Findings that are known and not to be reported again: a report of `--format json`, saved."""

    folder: str
    counts: dict[tuple[str, str, str, str, str], int]

    @classmethod
    def read(cls, path: str) -> "Baseline":
        """Raises `StrongroomError` for a file that is no such report."""
        import json

        folder = os.path.dirname(os.path.abspath(path))
        counts: dict[tuple[str, str, str, str, str], int] = {}
        try:
            for known in json.loads(read_source(path).text):
                # Paths in the report were relative to the folder it was saved from: usually its own.
                file = os.path.normpath(os.path.join(folder, known["file"]))
                key = (file, known["rule"], known["connector"] or "", known["field"], known["message"])
                counts[key] = counts.get(key, 0) + 1
        except (ValueError, TypeError, KeyError) as error:
            raise StrongroomError(
                f"{path} is no report of findings.", "Write it with `strongroom check --format json > FILE`."
            ) from error
        return cls(folder, counts)

    def new(self, path: str, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that the baseline does not have; one entry silences one finding."""
        left = dict(self.counts)
        new = []
        file = os.path.abspath(path)
        for finding in findings:
            key = (file, finding.rule, finding.connector or "", finding.field, finding.message)
            if left.get(key, 0):
                left[key] -= 1
            else:
                new.append(finding)
        return new
