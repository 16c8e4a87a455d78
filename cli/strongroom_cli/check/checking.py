"""Check one text under the options of one run.

Settings and names are read once, when first needed.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from strongroom.document import Document
from strongroom.files.paths import find_above
from strongroom.names import Kind, Knowledge, Names
from strongroom.settings.loading import FILE_NAME, settings_from
from strongroom.settings.model import Settings
from strongroom.validator import Levels, Validators
from strongroom.widgets.scripts import is_widget_path
from strongroom.workspace import NAMES_FILE, Source, UnreadableFile, resolve_all_names
from strongroom.workspace.widget_files import WidgetProjects, read_code
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.terminal.arguments import without_values
from strongroom_cli.terminal.messages import say

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom.widgets.code import WidgetCode
    from strongroom.workspace.baseline import Baseline, Counts
    from strongroom_cli.terminal.arguments import Parsed

_ASKING: Final = frozenset(kind.function for kind in Kind)


Text: TypeAlias = "Document | WidgetCode"
"""A text that is checked: a connector file, or the code of a widget."""


class CheckContext:
    """Hold the settings and the names of each community for one folder's files."""

    __slots__ = ("names", "settings", "validators")

    def __init__(self, settings: Settings, names: tuple[Names, ...]) -> None:
        self.settings = settings
        self.names = names
        self.validators = Validators(names)


class Checker:
    """Check texts under the options of one run."""

    def __init__(self, parsed: "Parsed") -> None:
        self.parsed = parsed
        self._folders: dict[str, CheckContext] = {}
        self._found: dict[tuple[str | None, str | None], CheckContext] = {}
        self._levels: dict[tuple[tuple[str, str], ...], Levels] = {}
        self._baselines: dict[str, Baseline] = {}
        self._above: dict[tuple[str, str], str | None] = {}
        self.projects = WidgetProjects()

    def check(self, source: Source) -> CheckedFile:
        """Return the findings in one text, under every community that counts."""
        text = read(source)
        return self.checked(source.path, text, self.findings(text, source.path))

    def findings(self, text: Text, path: str) -> list["Finding"]:
        """Return the findings in a text that is the file at `path`."""
        context = self.context_of(path)
        levels = self.levels(context.settings, path)
        if isinstance(text, Document):
            return context.validators.of(levels).findings(text)
        from strongroom.validator.call_validator import CallValidator

        return CallValidator(levels).findings(text, self.projects.connectors(path))

    def checked(self, path: str, text: Text, findings: Sequence["Finding"]) -> CheckedFile:
        """Return a file with its findings."""
        if not isinstance(text, Document):
            return CheckedFile(path, text.text, findings, depends_on_others=text.asks_for_modules)
        return CheckedFile(
            path,
            text.text,
            findings,
            uses_unknown_names=self._looked(path) is not None and _asks_for_names(text),
            is_connector_file=text.is_connector_file,
        )

    def finish(
        self,
        reported: Sequence[CheckedFile],
        problems: Sequence[UnreadableFile],
        checked: Sequence[CheckedFile],
    ) -> int:
        """Write notes about the files `checked`; return the exit status for `reported`."""
        for file in checked:
            if not file.is_connector_file:
                say(f"{file.path} does not look like a connector file.")
        alone = [
            file for file in checked if is_widget_path(file.path) and not self.projects.folder_of(file.path)
        ]
        if alone:
            say(f"{alone[0].path} is not in a folder with connectors: its permalinks are not checked.")
        unreadable = [*problems, *(file.problem for file in checked if file.problem is not None)]
        for problem in unreadable:
            say(without_values(str(problem), self.parsed.rest))
        for file in checked:
            if file.uses_unknown_names and (looked := self._looked(file.path)) is not None:
                say(f"names are not checked: no list of them was found. Looked in: {looked}.")
                break
        if unreadable:
            return 2
        return int(any(f.severity.value == "error" for file in reported for f in file.findings))

    def context_of(self, path: str) -> CheckContext:
        """Return the settings and names for a file.

        Files with the same settings share one result.
        """
        folder = os.path.dirname(path)
        if folder not in self._folders:
            start = os.path.abspath(folder)
            settings_file = find_above(start, FILE_NAME, self._above)
            beside = os.path.dirname(settings_file) if settings_file else start
            key = (settings_file, find_above(beside, NAMES_FILE, self._above))
            if key not in self._found:
                settings = settings_from(settings_file, start)
                self._found[key] = CheckContext(settings, self._names(settings))
            self._folders[folder] = self._found[key]
        return self._folders[folder]

    def _names(self, settings: Settings) -> tuple[Names, ...]:
        lists = self.parsed.lists
        return resolve_all_names(
            settings, communities=lists.get("community", ()), names_files=lists.get("names", ())
        )

    def _looked(self, path: str) -> str | None:
        """Return the places without names for a file; None if its names are known."""
        for names in self.context_of(path).names:
            if names.knowledge is Knowledge.NONE:
                return "; ".join(names.looked) or "nowhere"
        return None

    def rules_for(self, settings: Settings, path: str) -> tuple[tuple[str, str], ...]:
        """Return the levels that the settings give the rules for a file."""
        return tuple(sorted(settings.rules_for(path).items()))

    def levels(self, settings: Settings, path: str) -> Levels:
        """Return the levels of the rules for a file.

        The options of the command line count.
        """
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
        """Remove the findings of baselines; return sentences about stale entries."""
        used: dict[str, dict[str, Counts]] = {}
        for file in checked:
            if file.problem is not None:
                continue
            path = self.parsed.value("baseline") or self.context_of(file.path).settings.baseline
            if path:
                left = used.setdefault(path, {})
                file.findings, left[os.path.abspath(file.path)] = self._baseline(path).new(
                    file.path, file.findings
                )
        if not used or self.parsed.lists.get("select") or self.parsed.lists.get("ignore"):
            return []  # a rule that did not run says nothing about its entries
        from strongroom_cli.check.baseline import stale_lines

        return [line for path, left in used.items() for line in stale_lines(self._baseline(path), left)]

    def _baseline(self, path: str) -> "Baseline":
        if path not in self._baselines:
            from strongroom.workspace.baseline import Baseline

            self._baselines[path] = Baseline.read(path)
        return self._baselines[path]


def _asks_for_names(document: Document) -> bool:
    """Return True if a template of the document asks for a secret or a variable."""
    return any(
        call.function in _ASKING
        for connector in document.connectors
        if "get_" in connector.fragment.source or "\\u" in connector.fragment.source
        for template in connector.templates
        if "get_" in template.text
        for call in template.content.calls
    )


def read(source: Source) -> Text:
    """Return a text as a connector file or as the code of a widget, by its name."""
    if is_widget_path(source.path):
        return read_code(source.path, source.text)
    return Document.parse(source.text)
