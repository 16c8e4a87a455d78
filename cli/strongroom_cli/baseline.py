"""Findings that are known: a baseline lets a check of an older repository begin clean."""

import os
from collections.abc import Iterator, Sequence
from typing import Final

from strongroom.errors import StrongroomError
from strongroom.validator import Finding
from strongroom.workspace import read_source
from strongroom_cli.checking import CheckedFile
from strongroom_cli.style import counted

Key = tuple[str, str, str, str, str]
"""What makes a finding the same one although lines moved: file, rule, connector, field, message."""

LISTED: Final = 10
"""Stale entries that are named one by one."""


class Baseline:
    """Findings that are known and not to be reported again: a report of `--format json`, saved."""

    def __init__(self, path: str, counts: dict[Key, int]) -> None:
        self.path = path
        self._left = counts
        self._checked: set[str] = set()

    @classmethod
    def read(cls, path: str) -> "Baseline":
        """Raises `StrongroomError` for a file that is no such report."""
        import json

        folder = os.path.dirname(os.path.abspath(path))
        counts: dict[Key, int] = {}
        try:
            for known in json.loads(read_source(path).text):
                # Paths in the report start at the folder that it is in.
                file = os.path.normpath(os.path.join(folder, known["file"]))
                key = (file, known["rule"], known["connector"] or "", known["field"], known["message"])
                counts[key] = counts.get(key, 0) + 1
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise StrongroomError(
                f"{path} is no report of findings.", "Write it with `strongroom check --write-baseline FILE`."
            ) from error
        return cls(path, counts)

    def new(self, path: str, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that the baseline does not have; one entry silences one finding."""
        file = os.path.abspath(path)
        self._checked.add(file)
        new = []
        for finding in findings:
            key = (file, finding.rule, finding.connector or "", finding.field, finding.message)
            if self._left.get(key, 0):
                self._left[key] -= 1
            else:
                new.append(finding)
        return new

    def stale(self) -> Iterator[str]:
        """Sentences about the entries that silence nothing any more, in files that were checked or are gone."""
        stale = [
            key
            for key, left in self._left.items()
            if left and (key[0] in self._checked or not os.path.exists(key[0]))
        ]
        if not stale:
            return
        number = counted(sum(self._left[key] for key in stale), "entry", "entries")
        yield f"{self.path}: {number} no longer needed. Update it with `--write-baseline {self.path}`."
        for file, rule, connector, field, _ in stale[:LISTED]:
            where = " ".join(filter(None, (os.path.relpath(file), connector, field)))
            yield f"  {rule} in {where}"
        if len(stale) > LISTED:
            yield f"  and {len(stale) - LISTED} more"


def write_baseline(path: str, checked: Sequence[CheckedFile]) -> None:
    """Save the findings as a baseline; paths in it start at its own folder, with `/` between on every system."""
    from strongroom_cli.findings_machine import as_json

    folder = os.path.dirname(os.path.abspath(path))
    files = [_moved(file, os.path.relpath(file.path, folder).replace(os.sep, "/")) for file in checked]
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as stream:
            stream.write("\n".join(as_json(files)) + "\n")
        os.replace(temporary, path)
    except OSError as error:
        raise StrongroomError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    print(f"Wrote {counted(sum(len(file.findings) for file in files), 'finding')} to {path}.")


def _moved(file: CheckedFile, path: str) -> CheckedFile:
    return CheckedFile(path, file.text, file.findings)
