"""Run `check --fix` and `check --diff`: apply fixes until none is left."""

import os
import sys
from typing import TYPE_CHECKING, Final

from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.validator.fixing import fix_all
from strongroom.workspace import Source, UnreadableFile, read_source, write_source
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import read
from strongroom_cli.check.findings_text import write_report
from strongroom_cli.check.inputs import STDIN, paths_to_check, standard_input
from strongroom_cli.check.published import add_findings_between
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.style import Style

if TYPE_CHECKING:
    from strongroom_cli.check.checking import Checker
    from strongroom_cli.terminal.arguments import Parsed


def run_fixes(checker: "Checker", parsed: "Parsed") -> int:
    """Fix and report the remaining findings, or show the difference.

    Return the exit status.
    """
    only_show = "diff" in parsed.flags
    unsafe = "unsafe_fixes" in parsed.flags
    from_standard_input = parsed.rest == [STDIN]
    paths, problems = ([STDIN], []) if from_standard_input else paths_to_check(parsed, checker.projects)
    checked, changed = [], 0
    for path in paths:
        try:
            source = standard_input(parsed.values["stdin_filename"]) if path == STDIN else read_source(path)
            text, after = fixed(checker, source, unsafe=unsafe)
            changed += text != source.text
            if only_show:
                _show_difference(source, text)
            elif from_standard_input:
                # Written as bytes, so that the byte order mark and every line ending stay.
                sys.stdout.flush()
                sys.stdout.buffer.write(source.encode(text))
            elif text != source.text:
                write_source(source, text)
            checked.append(after)
        except UnreadableFile as problem:
            checked.append(CheckedFile(path, problem=problem))
    add_findings_between(checker, checked)
    if only_show:
        if changed:
            say(f"{counted(changed, 'file')} would be changed by --fix.")
        return checker.finish([], problems, checked) or int(changed > 0)
    stale = checker.leave_out_known(checked)
    # Standard output has the fixed text, if that came from standard input. The report goes elsewhere.
    write_report(checked, parsed.values["format"], sys.stderr if from_standard_input else sys.stdout)
    for line in stale:
        say(line)
    status = checker.finish(checked, problems, checked)
    if changed and not from_standard_input:
        print(f"Fixed {counted(changed, 'file')}.", file=sys.stderr)
    return status


def fixed(checker: "Checker", source: Source, *, unsafe: bool) -> tuple[str, CheckedFile]:
    """Return the text after every fix, and the file with the findings that are left."""
    result = fix_all(read(source), lambda text: checker.findings(text, source.path), unsafe=unsafe)
    return result.document.text, checker.checked(source.path, result.document, result.findings)


_LOOKS: Final = {"+": "good", "-": "error", "@": "info"}


def _show_difference(source: Source, text: str) -> None:
    """Write a unified diff for `patch` and `git apply`.

    Without a change nothing is written.
    """
    import difflib

    style = Style(sys.stdout)
    # A terminal gets visible text. A program gets the text as it is.
    show = visible if sys.stdout.isatty() else str
    name = visible(source.path.replace(os.sep, "/"))
    before, after = _lines(source.text), _lines(text)
    for line in difflib.unified_diff(before, after, name, name):
        body = line.removesuffix("\n")
        look = _LOOKS.get(line[:1])
        shown = style(show(body), look) if look else show(body)
        sys.stdout.write(shown + ("\n" if body != line else "\n\\ No newline at end of file\n"))


def _lines(text: str) -> list[str]:
    """Return the lines as `patch` counts them: only a line feed ends one."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
