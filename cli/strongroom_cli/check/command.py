"""Run `strongroom check`, on connector files and the code of widgets.

It runs on every save, so it does not import click.
"""

import gc
import sys
from collections.abc import Sequence
from typing import Final

from strongroom.workspace import UnreadableFile, read_source
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker
from strongroom_cli.check.inputs import STDIN, paths_to_check, standard_input
from strongroom_cli.check.published import add_findings_between
from strongroom_cli.check.table import CHECK
from strongroom_cli.terminal.arguments import Parsed, UsageError, parse
from strongroom_cli.terminal.messages import say

MANY: Final = 16
"""The most files that one process checks without a cache.

From this number on, the cache and a process per core take less time than they save.
"""


def run(arguments: Sequence[str]) -> int:
    """Check, report, and return the exit status."""
    # A check makes many objects and little garbage. The collector would walk all of them many times.
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    gc.enable()
    parsed = parse(CHECK, arguments)
    _refuse_contradictions(parsed)
    checker = Checker(parsed)
    if "fix" in parsed.flags or "diff" in parsed.flags:
        from strongroom_cli.check.fixing import run_fixes

        return run_fixes(checker, parsed)
    if parsed.rest == [STDIN]:
        name = parsed.values["stdin_filename"]
        checked = [checker.check(standard_input(name))]
        problems: list[UnreadableFile] = []
    else:
        paths, problems = paths_to_check(parsed, checker.projects)
        checked = check_files(checker, paths)
    add_findings_between(checker, checked)
    status = _report(checker, checked, problems)
    if "unused" in parsed.flags:
        from strongroom_cli.check.unused import say_unused

        say_unused(parsed.rest, checker.projects)
    return status


def _refuse_contradictions(parsed: Parsed) -> None:
    mends = "fix" in parsed.flags or "diff" in parsed.flags
    if STDIN in parsed.rest and len(parsed.rest) > 1:
        raise UsageError("- (standard input) must be the only path.", "Check the files in another run.")
    if "unsafe_fixes" in parsed.flags and not mends:
        raise UsageError("--unsafe-fixes needs --fix or --diff.", "See `strongroom check --help`.")
    if "unused" in parsed.flags and (mends or STDIN in parsed.rest):
        raise UsageError(
            "--unused needs files or folders, and no --fix or --diff.", "Ask for it in another run."
        )
    if parsed.value("write_baseline") and mends:
        raise UsageError("--write-baseline cannot be combined with --fix or --diff.", "Fix first.")


def check_files(checker: Checker, paths: Sequence[str]) -> list[CheckedFile]:
    """Return each file with its findings, in the order of `paths`."""
    if len(paths) < MANY:
        return [check_path(checker, path) for path in paths]
    from strongroom_cli.check.many_files import check_many

    return check_many(checker, paths)


def check_path(checker: Checker, path: str) -> CheckedFile:
    """Return one file with its findings, or with the reason why it cannot be read."""
    try:
        source = read_source(path)
    except UnreadableFile as problem:
        return CheckedFile(path, problem=problem)
    # Outside of `try`: a names file that cannot be read is not a problem of this file.
    return checker.check(source)


def _report(checker: Checker, checked: Sequence[CheckedFile], problems: Sequence[UnreadableFile]) -> int:
    """Report the findings that no baseline has, and return the exit status."""
    if target := checker.parsed.value("write_baseline"):
        from strongroom_cli.check.baseline import write_baseline

        write_baseline(target, checked)
        return checker.finish([], problems, checked)
    stale = checker.leave_out_known(checked)
    from strongroom_cli.check.findings_text import write_report

    write_report(checked, checker.parsed.values["format"], sys.stdout)
    for line in stale:
        say(line)
    return checker.finish(checked, problems, checked)
