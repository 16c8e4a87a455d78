"""What one run of `check` knows, read when first needed and once; and what was found in one file."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from strongroom.document.shapes import Shape

from strongroom.document import Connector, Document, LineIndex, Memory
from strongroom.document.connector import Fragment
from strongroom.names import Knowledge, Names
from strongroom.settings import FILE_NAME, Settings, find_above, settings_from
from strongroom.validator import Levels, validate
from strongroom.workspace import NAMES_FILE, Source, UnreadableFile, resolve_all_names
from strongroom_cli.terminal.arguments import without_values
from strongroom_cli.terminal.style import visible

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom.workspace.baseline import Baseline, Counts
    from strongroom_cli.terminal.arguments import Parsed


_NAMED: Final = ("get_secret", "get_variable")


class CheckedFile:
    """One file that was checked, or that could not be read (`problem`). `path` is as the user named it.

    `permalinks` are those of its connectors; `uses_names` says whether a template asks for a secret or a
    variable, and `is_connector_file` whether it looks like a connector file at all.
    """

    __slots__ = (
        "_lines",
        "findings",
        "is_connector_file",
        "path",
        "permalinks",
        "problem",
        "text",
        "uses_names",
    )

    def __init__(
        self,
        path: str,
        text: str = "",
        findings: Sequence["Finding"] = (),
        *,
        permalinks: Sequence[str] = (),
        uses_names: bool = False,
        is_connector_file: bool = True,
        problem: UnreadableFile | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.findings = findings
        self.permalinks = permalinks
        self.uses_names = uses_names
        self.is_connector_file = is_connector_file
        self.problem = problem
        self._lines: LineIndex | None = None

    @property
    def lines(self) -> LineIndex:
        """The lines of the text; a clean file never asks for them."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines


class Surroundings:
    """What holds for the files below one folder: the settings, and the names of each community meant."""

    __slots__ = ("names", "settings")

    def __init__(self, settings: Settings, names: tuple[Names, ...]) -> None:
        self.settings = settings
        self.names = names


class Checker:
    """Checks texts under the options of one run."""

    def __init__(self, parsed: "Parsed") -> None:
        self.parsed = parsed
        self._memory = Memory()
        self._use_of_shapes: dict[Shape, bool] = {}
        self._folders: dict[str, Surroundings] = {}
        self._found: dict[tuple[str | None, str | None], Surroundings] = {}
        self._levels: dict[tuple[tuple[str, str], ...], Levels] = {}
        self._baselines: dict[str, Baseline] = {}
        self._above: dict[tuple[str, str], str | None] = {}

    def check(self, source: Source) -> CheckedFile:
        """The findings in one text, under every community that is meant."""
        document = self.document(source)
        return self.checked(source.path, document, self.findings(document, source.path))

    def document(self, source: Source) -> Document:
        """The text as a document that shares with all others what was learned from them."""
        return Document.parse(source.text, self._memory)

    def findings(self, document: Document, path: str) -> list["Finding"]:
        """The findings in a document as the file at `path`."""
        surroundings = self.surroundings(path)
        return validate(document, surroundings.names, self.levels(surroundings.settings, path))

    def checked(self, path: str, document: Document, findings: Sequence["Finding"]) -> CheckedFile:
        """A file with what was found in it."""
        return CheckedFile(
            path,
            document.text,
            findings,
            permalinks=_permalinks(document),
            uses_names=any(self._uses_names(fragment) for fragment, _, _ in document.placed),
            is_connector_file=document.is_connector_file,
        )

    def _uses_names(self, fragment: Fragment) -> bool:
        """Whether a template of a connector asks for a secret or a variable. All of one shape do, or none."""
        if "get_" not in fragment.source and "\\u" not in fragment.source:
            return False
        known = self._use_of_shapes.get(fragment.shape) if fragment.shape is not None else None
        if known is not None:
            return known
        found = any(map(_asks_for_names, self._connector(fragment).requests))
        if fragment.shape is not None:
            self._use_of_shapes[fragment.shape] = found
        return found

    def _connector(self, fragment: Fragment) -> Connector:
        # Nobody asks where anything stands in a sound one, and equal templates are parsed once.
        return fragment.without_places(self._memory.values) if fragment.is_sound else fragment.connector

    def finish(
        self,
        reported: Sequence[CheckedFile],
        problems: Sequence[UnreadableFile],
        checked: Sequence[CheckedFile],
    ) -> int:
        """Say what else there is to say about the files `checked`, and give the exit status for `reported`."""
        for file in checked:
            if not file.is_connector_file:
                note(f"{file.path} does not look like a connector file.")
        unreadable = [*problems, *(file.problem for file in checked if file.problem is not None)]
        for problem in unreadable:
            note(without_values(str(problem), self.parsed.rest))
        for file in checked:
            if file.uses_names and (looked := self._looked(file.path)) is not None:
                note(f"names are not checked: no list of them was found. Looked in: {looked}.")
                break
        if unreadable:
            return 2
        return int(any(f.severity.value == "error" for file in reported for f in file.findings))

    def surroundings(self, path: str) -> Surroundings:
        """The settings and names that hold for a file; the same answer serves all files below them."""
        folder = os.path.dirname(path)
        if folder not in self._folders:
            start = os.path.abspath(folder)
            settings_file = find_above(start, FILE_NAME, self._above)
            beside = os.path.dirname(settings_file) if settings_file else start
            key = (settings_file, find_above(beside, NAMES_FILE, self._above))
            if key not in self._found:
                settings = settings_from(settings_file, start)
                self._found[key] = Surroundings(settings, self._names(settings))
            self._folders[folder] = self._found[key]
        return self._folders[folder]

    def _names(self, settings: Settings) -> tuple[Names, ...]:
        lists = self.parsed.lists
        return resolve_all_names(
            settings, communities=lists.get("community", ()), names_files=lists.get("names", ())
        )

    def _looked(self, path: str) -> str | None:
        """Where names for a file were looked for in vain; None where they are known."""
        for names in self.surroundings(path).names:
            if names.knowledge is Knowledge.NONE:
                return "; ".join(names.looked) or "nowhere"
        return None

    def rules_for(self, settings: Settings, path: str) -> tuple[tuple[str, str], ...]:
        """The rules' levels as set for a file: what `levels` is made of besides the command line."""
        return tuple(sorted(settings.rules_for(path).items()))

    def levels(self, settings: Settings, path: str) -> Levels:
        """The rules' levels for a file."""
        key = self.rules_for(settings, path)
        if key not in self._levels:
            levels = settings.levels_for(path)
            if select := self.parsed.lists.get("select"):
                levels = levels.select(select)
            if ignore := self.parsed.lists.get("ignore"):
                levels = levels.ignore(ignore)
            self._levels[key] = levels
        return self._levels[key]

    def leave_out_known(self, checked: Sequence[CheckedFile]) -> list[str]:
        """Take what a baseline knows out of the findings; gives what is stale in the baselines, in sentences."""
        used: dict[str, dict[str, Counts]] = {}
        for file in checked:
            if file.problem is not None:
                continue
            path = self.parsed.value("baseline") or self.surroundings(file.path).settings.baseline
            if path:
                left = used.setdefault(path, {})
                file.findings, left[os.path.abspath(file.path)] = self._baseline(path).new(
                    file.path, file.findings
                )
        if not used or self.parsed.lists.get("select") or self.parsed.lists.get("ignore"):
            return []  # what was not looked for is not gone
        from strongroom_cli.check.baseline import stale_lines

        return [line for path, left in used.items() for line in stale_lines(self._baseline(path), left)]

    def _baseline(self, path: str) -> "Baseline":
        if path not in self._baselines:
            from strongroom.workspace.baseline import Baseline

            self._baselines[path] = Baseline.read(path)
        return self._baselines[path]


def note(text: str) -> None:
    """A message that is no finding, on standard error."""
    print(f"strongroom: {visible(text)}", file=sys.stderr)


def _permalinks(document: Document) -> tuple[str, ...]:
    from strongroom.validator.permalinks import permalinks

    return tuple(permalinks(document))


def _asks_for_names(request: Connector) -> bool:
    return any(
        call.function in _NAMED
        for template in request.own_templates
        if "get_" in template.text
        for call in template.calls
    )
