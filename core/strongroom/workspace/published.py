"""Find files that are published together.

The `widgets/*/connectors.json` of one folder are merged into one registry.
"""

# os.path, because pathlib costs 5 ms at every start of `check`: ruff: noqa: PTH

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from strongroom.workspace.files import UnreadableFile, read_text

if TYPE_CHECKING:
    from strongroom.validator import Finding, Levels

RULE = "duplicate-permalink"


def root_of(path: str) -> str | None:
    """Return the folder of `widgets` for a file `widgets/*/connectors.json`.

    Return None for any other file.
    """
    widget, name = os.path.split(os.path.abspath(path))
    folder = os.path.dirname(widget)
    if name != "connectors.json" or os.path.basename(folder) != "widgets":
        return None
    return os.path.dirname(folder)


def shown_from(path: str) -> str:
    """Return the path of such a file, relative to the folder of `widgets`."""
    return os.path.relpath(path, root_of(path)).replace(os.sep, "/")


def at_level(findings: "list[Finding]", levels: "Levels") -> "list[Finding]":
    """Return findings between files with the rule's level; none if it is off."""
    from strongroom.validator import RULES

    level = levels.of(RULE, RULES[RULE].severity)
    return [finding._replace(severity=level) for finding in findings] if level is not None else []


class _Read(NamedTuple):
    stamp: object
    permalinks: tuple[str, ...]


class Published:
    """Hold the permalinks of files on the disk that are published together.

    They are read again when the files change.
    """

    def __init__(self) -> None:
        self._roots: dict[str, dict[str, _Read]] = {}

    def taken(self, path: str) -> Mapping[str, str]:
        """Return the permalinks that the files before this one have.

        Each comes with its first file.
        """
        root = root_of(path)
        if root is None:
            return {}
        if root not in self._roots:
            self._roots[root] = _read(root, {})
        found: dict[str, str] = {}
        before = sorted(other for other in self._roots[root] if other < os.path.abspath(path))
        for other in before:
            for permalink in self._roots[root][other].permalinks:
                found.setdefault(permalink, other)
        return found

    def refresh(self) -> bool:
        """Read the changed files again. Return True if a permalink changed."""
        has_changed = False
        for root, known in self._roots.items():
            now = _read(root, known)
            has_changed = has_changed or _permalinks(now) != _permalinks(known)
            self._roots[root] = now
        return has_changed


def _permalinks(files: Mapping[str, _Read]) -> dict[str, tuple[str, ...]]:
    return {path: read.permalinks for path, read in files.items()}


def _read(root: str, known: Mapping[str, _Read]) -> dict[str, _Read]:
    found = {}
    folder = os.path.join(root, "widgets")
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    for name in names:
        path = os.path.join(folder, name, "connectors.json")
        try:
            status = os.stat(path)
            stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
            before = known.get(path)
            found[path] = before if before and before.stamp == stamp else _Read(stamp, _in_file(path))
        except (OSError, UnreadableFile):
            continue
    return found


def _in_file(path: str) -> tuple[str, ...]:
    from strongroom.document import Document
    from strongroom.validator.permalinks import permalinks

    return tuple(permalinks(Document.parse(read_text(path))))
