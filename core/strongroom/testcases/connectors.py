"""Find the connector of a test by permalink or name.

The folder of the test's file is searched first, then the workspace.

A connector and a composite may have the same permalink (PLATFORM §4). `connector:orders` and `composite:orders` tell
them apart.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.document import Document
from strongroom.errors import StrongroomError
from strongroom.text.suggest import did_you_mean
from strongroom.workspace import UnreadableFile, find_connector_files, read_text

KINDS: Final[Mapping[str, bool]] = {"connector": False, "composite": True}
"""The words before a permalink that say its kind. True means a composite."""


class Target(NamedTuple):
    """Hold a connector that can be run, and its file."""

    path: str
    name: str
    permalink: str
    data: Mapping[str, Any]
    is_composite: bool


class Connectors:
    """Hold the connectors of a workspace, those of the registry first.

    The platform reads the registry.
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
        """Return one connector, and one composite, for each permalink."""
        return _one_of_each(self.all)

    def meant(self, name: str, beside: str = "") -> list[Target]:
        """Return the connectors and composites with this permalink, or else this name.

        The folder of `beside` comes first. If `name` begins with a kind, only that kind is meant.
        """
        folder = os.path.dirname(os.path.abspath(beside)) if beside else ""
        near = [t for t in self.all if folder and os.path.dirname(os.path.abspath(t.path)) == folder]
        for targets in (near, self.all):
            for reference in (Reference(name), Reference.of(name)):
                of_kind = [t for t in targets if reference.is_composite in (None, t.is_composite)]
                by_permalink = [target for target in of_kind if target.permalink == reference.name]
                if found := by_permalink or [target for target in of_kind if target.name == reference.name]:
                    return _one_of_each(found)
        return []

    def find(self, name: str, beside: str = "") -> Target | None:
        """Return the only connector or composite that is `meant`.

        Raises `SeveralMeant` if several have it.
        """
        found = self.meant(name, beside)
        if len(found) > 1:
            raise SeveralMeant.of(name, found)
        return found[0] if found else None

    def suggest(self, name: str) -> str:
        """Return the way out for a name that no connector has."""
        targets = self.unique()
        known = dict.fromkeys([*(t.permalink for t in targets), *(t.name for t in targets)])
        return did_you_mean(name, known)


class Reference(NamedTuple):
    """Hold the name by which a connector is asked for, and the kind if it is given."""

    name: str
    is_composite: bool | None = None

    @classmethod
    def of(cls, text: str) -> "Reference":
        """Read `orders`, `connector:orders` or `composite:orders`."""
        kind, colon, name = text.partition(":")
        return cls(name, KINDS[kind]) if colon and kind in KINDS else cls(text)


class SeveralMeant(StrongroomError):  # noqa: N818 - what happened
    """Report that more than one connector has the name that is asked for.

    They are a connector and a composite of one permalink, or connectors of one name. Each of `references`
    means one of them.
    """

    def __init__(self, name: str, references: Iterable[str]) -> None:
        super().__init__(f'"{name}" means more than one connector.', f"Write {' or '.join(references)}.")

    @classmethod
    def of(cls, name: str, targets: Iterable[Target]) -> "SeveralMeant":
        """Return the error for the targets that a name means."""
        return cls(name, (reference_to(t.permalink, is_composite=t.is_composite) for t in targets))


def reference_to(permalink: str, *, is_composite: bool) -> str:
    """Return the text that means a permalink of one kind alone."""
    return f"{'composite' if is_composite else 'connector'}:{permalink}"


def _one_of_each(targets: Iterable[Target]) -> list[Target]:
    """Return the first target of each permalink and kind."""
    found: dict[tuple[str, bool], Target] = {}
    for target in targets:
        found.setdefault((target.permalink, target.is_composite), target)
    return list(found.values())


def _targets(path: str, text: str) -> list[Target]:
    return [
        Target(
            path,
            c.name,
            permalink_of(c.permalink, c.name),
            as_published(c.data, is_composite=c.is_composite),
            c.is_composite,
        )
        for c in Document.parse(text).connectors
    ]


def as_published(data: Mapping[str, Any], *, is_composite: bool) -> Mapping[str, Any]:
    """Return a connector as the platform reads it from its array (PLATFORM §4).

    A stray `steps` of a standard connector is left out, because a run takes an object with steps for a
    composite.
    """
    if is_composite:
        return data if isinstance(data.get("steps"), list) else {**data, "steps": []}
    return {key: value for key, value in data.items() if key != "steps"} if "steps" in data else data


def permalink_of(permalink: str | None, name: str) -> str:
    """Return a connector's permalink, by default made from the name (PLATFORM §4)."""
    return permalink or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
