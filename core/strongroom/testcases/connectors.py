"""Find the connector of a test by permalink or name.

The folder of the test's file is searched first, then the workspace.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from strongroom.document import Document
from strongroom.text.suggest import did_you_mean
from strongroom.workspace import UnreadableFile, find_connector_files, read_text


class Target(NamedTuple):
    """Hold a connector that can be run, and its file."""

    path: str
    name: str
    permalink: str
    data: Mapping[str, Any]
    is_composite: bool


class Connectors:
    """Hold the connectors of a workspace.

    Those of the registry come first, because the platform reads it.
    """

    def __init__(self, targets: Iterable[Target], problems: Sequence[UnreadableFile] = ()) -> None:
        self.all = list(targets)
        self.problems = tuple(problems)
        """The files that could not be read."""

    @classmethod
    def of_folder(cls, folder: str) -> "Connectors":
        """Read every connector below `folder`."""
        problems: list[UnreadableFile] = []
        targets: list[Target] = []
        paths = find_connector_files([folder], problems.append)
        for path in sorted(paths, key=lambda path: "registry" not in os.path.basename(path)):
            try:
                targets += _targets(path, read_text(path))
            except UnreadableFile as error:
                problems.append(error)
        return cls(targets, problems)

    def unique(self) -> list[Target]:
        """Return one connector for each permalink."""
        found: dict[str, Target] = {}
        for target in self.all:
            found.setdefault(target.permalink, target)
        return list(found.values())

    def find(self, name: str, beside: str = "") -> Target | None:
        """Return the connector with this permalink, or else with this name.

        The folder of `beside` comes first.
        """
        folder = os.path.dirname(os.path.abspath(beside)) if beside else ""
        near = [t for t in self.all if folder and os.path.dirname(os.path.abspath(t.path)) == folder]
        for targets in (near, self.all):
            by_permalink = (target for target in targets if target.permalink == name)
            by_name = (target for target in targets if target.name == name)
            if found := next(by_permalink, None) or next(by_name, None):
                return found
        return None

    def suggest(self, name: str) -> str:
        """Return the way out for a name that no connector has."""
        targets = self.unique()
        known = dict.fromkeys([*(t.permalink for t in targets), *(t.name for t in targets)])
        return did_you_mean(name, known)


def _targets(path: str, text: str) -> list[Target]:
    return [
        Target(path, c.name, permalink_of(c.permalink, c.name), c.data, c.is_composite)
        for c in Document.parse(text).connectors
    ]


def permalink_of(permalink: str | None, name: str) -> str:
    """Return a connector's identity.

    Without a permalink it is made from the name (PLATFORM §4).
    """
    return permalink or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
