"""`strongroom check`: findings in connector files. The quickest command: it imports no click."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import Final

from strongroom.files.patterns import why_it_never_matches
from strongroom.workspace import PathFilter, Source, UnreadableFile, find_connector_files, read_source
from strongroom_cli.check.checking import CheckedFile, Checker, note
from strongroom_cli.terminal.arguments import Option, Parsed, UsageError, parse, without_values
from strongroom_cli.terminal.style import quoted, visible

SUMMARY: Final = "Find mistakes in connector files, and fix those that have a safe fix."
ARGUMENT: Final = ("PATH...", "Files, or folders to look through (the current one). - reads standard input.")
OPTIONS: Final = (
    Option(
        "--format",
        "FORMAT",
        "How to report.",
        ("text", "json", "sarif", "github", "junit"),
        default="text",
    ),
    Option("--fix", "", "Apply every safe fix; nothing else in the file changes."),
    Option("--diff", "", "Show what --fix would change, change nothing, and exit with 1 if there is any."),
    Option("--unsafe-fixes", "", "With --fix or --diff: also fixes that may not be what was meant."),
    Option("--select", "RULE", "Only these rules (several: again, or with commas).", many=True, commas=True),
    Option("--ignore", "RULE", "Not these rules.", many=True, commas=True),
    Option(
        "--exclude", "PATTERN", "Leave out what matches, also where it is named (several: again).", many=True
    ),
    Option("--include", "PATTERN", "Also JSON files that match, whatever they are called.", many=True),
    Option("--names", "FILE", "A names file to know names from, instead of the vault.", many=True),
    Option("--community", "NAME", "The community whose names count (several: again).", many=True),
    Option("--baseline", "FILE", "Findings that are known and not reported again."),
    Option("--write-baseline", "FILE", "Save the findings of this run as a baseline, and exit with 0."),
    Option("--no-cache", "", "Check every file, also those that did not change since they were checked."),
    Option("--stdin-filename", "FILE", "What to call the text from standard input (-).", default="<stdin>"),
)
EPILOG: Final = (
    "Exit status: 0 clean, 1 findings of severity error, 2 bad usage or a file that cannot be read, "
    "130 on interrupt."
)
STDIN: Final = "-"
MANY: Final = 16
"""From this many files on, the cache and a process per core are worth their start."""


def run(arguments: Sequence[str]) -> int:
    """Check, report, and give the exit status."""
    # A check makes many objects and little garbage: the collector would walk them all again and again.
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    gc.enable()
    parsed = parse("check", OPTIONS, arguments)
    _refuse_contradictions(parsed)
    checker = Checker(parsed)
    if "fix" in parsed.flags or "diff" in parsed.flags:
        from strongroom_cli.check.fixing import run_fixes

        return run_fixes(checker, parsed)
    if parsed.rest == [STDIN]:
        name = parsed.values["stdin_filename"]
        return _report(checker, [checker.check(standard_input(name))], [])
    paths, problems = paths_to_check(parsed)
    checked = check_files(checker, paths)
    if len(checked) > 1:
        from strongroom_cli.check.published import add_duplicates

        add_duplicates(checker, checked)
    return _report(checker, checked, problems)


def _refuse_contradictions(parsed: Parsed) -> None:
    mends = "fix" in parsed.flags or "diff" in parsed.flags
    if STDIN in parsed.rest and len(parsed.rest) > 1:
        raise UsageError("- (standard input) stands alone.", "Check the files in another run.")
    if "unsafe_fixes" in parsed.flags and not mends:
        raise UsageError("--unsafe-fixes needs --fix or --diff.", "See `strongroom check --help`.")
    if parsed.value("write_baseline") and mends:
        raise UsageError("--write-baseline cannot be combined with --fix or --diff.", "Fix first.")


def paths_to_check(parsed: Parsed) -> tuple[list[str], list[UnreadableFile]]:
    """The files that the command line means, and what could not be looked into."""
    wanted = parsed.rest or [os.curdir]
    problems: list[UnreadableFile] = []
    left_out: list[str] = []
    path_filter = PathFilter(wanted, _patterns(parsed, "exclude"), _patterns(parsed, "include"))
    paths = find_connector_files(wanted, problems.append, path_filter, left_out.append)
    for path in left_out:
        note(f"{quoted(path)} is left out: a pattern of `exclude` matches it.")
    if not paths and not problems and not left_out:
        note(without_values(f"There are no connector files in {', '.join(map(quoted, wanted))}.", wanted))
    return paths, problems


def _patterns(parsed: Parsed, option: str) -> tuple[str, ...]:
    found = parsed.lists.get(option, ())
    for pattern in found:
        if reason := why_it_never_matches(pattern):
            raise UsageError(f'--{option}: the pattern "{pattern}" can never match: {reason}.')
    return found


def check_files(checker: Checker, paths: Sequence[str]) -> list[CheckedFile]:
    """What was found in each file, in the order of `paths`."""
    if len(paths) < MANY:
        return [check_path(checker, path) for path in paths]
    from strongroom_cli.check.many_files import check_many

    return check_many(checker, paths)


def check_path(checker: Checker, path: str) -> CheckedFile:
    """What was found in one file, or why it cannot be read."""
    try:
        source = read_source(path)
    except UnreadableFile as problem:
        return CheckedFile(path, problem=problem)
    # Outside: a names file that cannot be read is no fault of this file, and is told once.
    return checker.check(source)


def standard_input(name: str) -> Source:
    """The text on standard input, under a name. Raises `UnreadableFile`."""
    from strongroom.workspace.files import SIZE_LIMIT, source_from

    return source_from(name, b"" if sys.stdin is None else sys.stdin.buffer.read(SIZE_LIMIT + 1))


def _report(checker: Checker, checked: Sequence[CheckedFile], problems: Sequence[UnreadableFile]) -> int:
    """Leave out what a baseline knows, report the rest, and give the exit status."""
    if target := checker.parsed.value("write_baseline"):
        from strongroom_cli.check.baseline import write_baseline

        write_baseline(target, checked)
        return checker.finish([], problems, checked)
    stale = checker.leave_out_known(checked)
    from strongroom_cli.check.findings_text import write_report

    write_report(checked, checker.parsed.values["format"], sys.stdout)
    for line in stale:
        print(f"strongroom: {visible(line)}", file=sys.stderr)
    return checker.finish(checked, problems, checked)
