"""Find the texts that a command line of `strongroom check` means."""

import os
import sys
from typing import Final

from strongroom.files.patterns import why_it_never_matches
from strongroom.widgets.scripts import is_widget_path
from strongroom.workspace import PathFilter, Source, UnreadableFile, find_connector_files
from strongroom.workspace.widget_files import WidgetProjects, is_wanted
from strongroom_cli.terminal.arguments import Parsed, UsageError, without_values
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.style import quoted

STDIN: Final = "-"
"""The path that means standard input."""


def paths_to_check(parsed: Parsed, projects: WidgetProjects) -> tuple[list[str], list[UnreadableFile]]:
    """Return the files of the command line, and the folders that cannot be read.

    Of the code in folders, only the files that may call a connector are returned.
    """
    wanted = parsed.rest or [os.curdir]
    problems: list[UnreadableFile] = []
    left_out: list[str] = []
    path_filter = PathFilter(wanted, _patterns(parsed, "exclude"), _patterns(parsed, "include"))
    found = find_connector_files(wanted, problems.append, path_filter, left_out.append, is_wanted)
    code = [path for path in found if is_widget_path(path)]
    kept = {path for path in code if path in wanted}
    kept.update(projects.with_calls(path for path in code if path not in kept))
    paths = [path for path in found if path in kept or not is_widget_path(path)]
    for path in left_out:
        say(f"{quoted(path)} is left out: a pattern of `exclude` matches it.")
    if not paths and not problems and not left_out:
        say(without_values(f"There are no connector files in {', '.join(map(quoted, wanted))}.", wanted))
    return paths, problems


def _patterns(parsed: Parsed, option: str) -> tuple[str, ...]:
    found = parsed.lists.get(option, ())
    for pattern in found:
        if reason := why_it_never_matches(pattern):
            raise UsageError(f'--{option}: the pattern "{pattern}" can never match: {reason}.')
    return found


def standard_input(name: str) -> Source:
    """Return the text on standard input, under a name. Raises `UnreadableFile`."""
    from strongroom.workspace.files import SIZE_LIMIT, source_from

    return source_from(name, b"" if sys.stdin is None else sys.stdin.buffer.read(SIZE_LIMIT + 1))
