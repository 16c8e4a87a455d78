"""`strongroom check`: findings in connector files. The quickest command: it imports no click."""

# pathlib costs 5 ms at every start, and os.path does all that is needed here:
# ruff: noqa: PTH120

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from strongroom.document import Document
from strongroom.names import Knowledge, Names
from strongroom.settings import Settings, find_above, load_settings
from strongroom.validator import Levels, validate
from strongroom.workspace import (
    NAMES_FILE,
    Source,
    UnreadableFile,
    find_connector_files,
    read_source,
    resolve_names,
)
from strongroom_cli.arguments import COMMUNITY, Option, Parsed, UsageError, parse
from strongroom_cli.findings_text import CheckedFile, report, summary
from strongroom_cli.style import Style, visible

if TYPE_CHECKING:
    from strongroom_cli.baseline import Baseline

SUMMARY: Final = "Find mistakes in connector files, and fix those that have a safe fix."
ARGUMENT: Final = ("PATH...", "Files, or folders to look through (the current one). - reads standard input.")
OPTIONS: Final = (
    Option("--format", "FORMAT", "How to report.", ("text", "json", "github", "sarif"), default="text"),
    Option("--fix", "", "Apply every safe fix; nothing else in the file changes."),
    Option("--diff", "", "Show what --fix would change, and change nothing."),
    Option("--select", "RULE", "Only these rules (several: again, or with commas).", many=True),
    Option("--ignore", "RULE", "Not these rules.", many=True),
    Option("--names", "FILE", "A names file to know names from, instead of the vault.", many=True),
    COMMUNITY,
    Option("--baseline", "FILE", "A saved JSON report whose findings are not reported again."),
    Option("--stdin-filename", "FILE", "What to call the text from standard input (-).", default="<stdin>"),
)
EPILOG: Final = (
    "Exit status: 0 clean, 1 findings of severity error, 2 bad usage or a file that cannot be read, "
    "130 on interrupt."
)
STDIN: Final = "-"


def run(arguments: Sequence[str]) -> int:
    """Check, report, and give the exit status."""
    # A check makes many objects and little garbage: the collector would walk them all again and again.
    gc.set_threshold(100_000, 50, 50)
    parsed = parse("check", OPTIONS, arguments)
    if STDIN in parsed.rest and len(parsed.rest) > 1:
        raise UsageError("- (standard input) stands alone.", "Check the files in another run.")
    checker = Checker(parsed)
    if "fix" in parsed.flags or "diff" in parsed.flags:
        from strongroom_cli.fixing import run_fixes

        return run_fixes(checker, parsed)
    checked = [checker.check(source) for source in checker.sources()]
    return checker.finish(checked, sys.stdout)


class Checker:
    """Everything that one run needs to know, read when first needed and once."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.failed = False
        self._settings: dict[str, Settings] = {}
        self._names: dict[str | None, Names] = {}
        self._baselines: dict[str, Baseline] = {}
        self._unlisted: Names | None = None

    def sources(self) -> Iterator[Source]:
        """The texts to check. A file that cannot be read is reported, and the others are still checked."""
        if self.parsed.rest == [STDIN]:
            yield _standard_input(self.parsed.values["stdin_filename"])
            return
        paths = self.parsed.rest or [os.curdir]
        found = find_connector_files(paths)
        if not found:
            _note(f"no connector files in {', '.join(paths)}.")
        for path in found:
            try:
                yield read_source(path)
            except UnreadableFile as error:
                self.failed = True
                print(f"strongroom: {visible(str(error))}", file=sys.stderr)

    def check(self, source: Source) -> CheckedFile:
        """The findings in one file."""
        document = Document.parse(source.text)
        if not document.is_connector_file:
            _note(f"{source.path} does not look like a connector file.")
        settings = self.settings(source.path)
        names = self.names(settings)
        if names.knowledge is Knowledge.NONE and self._unlisted is None and _uses_names(document):
            self._unlisted = names
        findings = validate(document, names, self._levels(settings, source.path))
        if baseline := self.parsed.value("baseline") or settings.baseline:
            findings = self._baseline(baseline).new(source.path, findings)
        return CheckedFile(source.path, source.text, document.lines, findings)

    def finish(self, files: Sequence[CheckedFile], stream: TextIO) -> int:
        """Report, say once where names were looked for, and give the exit status."""
        form = self.parsed.values["format"]
        if form == "text":
            style = Style(stream)
            lines = [*report(files, style, _width()), summary(files, style)]
        else:
            from strongroom_cli.findings_machine import FORMATS

            lines = list(FORMATS[form](files))
        if lines:
            stream.write("\n".join(lines) + "\n")
        if self._unlisted is not None:
            _note(f"names are not checked: no list of them was found. Looked in: {_looked(self._unlisted)}.")
        if self.failed:
            return 2
        return int(any(f.severity.value == "error" for file in files for f in file.findings))

    def settings(self, path: str) -> Settings:
        """The settings that hold for a file."""
        folder = os.path.dirname(path) or os.curdir
        if folder not in self._settings:
            self._settings[folder] = load_settings(folder)
        return self._settings[folder]

    def names(self, settings: Settings) -> Names:
        """What is known about names under these settings; the same answer serves all files below them."""
        key = settings.file or find_above(settings.folder, NAMES_FILE)
        if key not in self._names:
            self._names[key] = resolve_names(
                settings,
                community=self.parsed.value("community"),
                names_files=self.parsed.lists.get("names", ()),
            )
        return self._names[key]

    def _levels(self, settings: Settings, path: str) -> Levels:
        levels = settings.levels_for(path)
        if select := self.parsed.lists.get("select"):
            levels = levels.select(select)
        if ignore := self.parsed.lists.get("ignore"):
            levels = levels.ignore(ignore)
        return levels

    def _baseline(self, path: str) -> "Baseline":
        if path not in self._baselines:
            from strongroom_cli.baseline import Baseline

            self._baselines[path] = Baseline.read(path)
        return self._baselines[path]


def _standard_input(name: str) -> Source:
    from strongroom.workspace.files import source_from

    return source_from(name, sys.stdin.buffer.read())


def _uses_names(document: Document) -> bool:
    return any(
        call.function in ("get_secret", "get_variable")
        for connector in document.connectors
        for template in connector.templates
        for call in template.calls
    )


def _looked(names: Names) -> str:
    return "; ".join(names.looked) or "nowhere"


def _note(text: str) -> None:
    print(f"strongroom: {visible(text)}", file=sys.stderr)


def _width() -> int:
    """The terminal's width in cells; without one, a width that most places show."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 120
