"""`check --fix` and `check --diff`: safe fixes, applied until nothing more can be mended."""

import sys
from typing import TYPE_CHECKING, Final

from strongroom.validator import apply_fixes
from strongroom.workspace import Source, write_source
from strongroom_cli.style import Style, counted, visible

if TYPE_CHECKING:
    from strongroom_cli.arguments import Parsed
    from strongroom_cli.check import Checker

ROUNDS: Final = 10
"""A fix may uncover another; overlapping ones wait for the next round. Two rounds are usual."""


def run_fixes(checker: "Checker", parsed: "Parsed") -> int:
    """Mend or show, then report what is left; the exit status is that of what is left."""
    only_show = "diff" in parsed.flags
    from_standard_input = parsed.rest == ["-"]
    checked, mended = [], 0
    # A text that is mended or a diff goes to standard output; then the report keeps out of its way.
    stream = sys.stderr if only_show or from_standard_input else sys.stdout
    for source in checker.sources():
        before = checker.check(source)
        text, after = source.text, before
        for _ in range(ROUNDS):
            fixed = apply_fixes(text, after.findings)
            if fixed == text:
                break
            text, after = fixed, checker.check(Source(source.path, fixed))
        if only_show:
            _show_difference(source, text)
        elif from_standard_input:
            # As bytes: the byte order mark and every line ending stay.
            sys.stdout.flush()
            sys.stdout.buffer.write(source.encode(text))
        elif text != source.text:
            write_source(source, text)
            mended += 1
        checked.append(before if only_show else after)
    status = checker.finish(checked, stream)
    if mended:
        print(f"Fixed {counted(mended, 'file')}.", file=sys.stderr)
    return status


def _show_difference(source: Source, text: str) -> None:
    """A unified diff that `patch` and `git apply` take, or nothing where nothing would change."""
    import difflib

    style = Style(sys.stdout)
    before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    for line in difflib.unified_diff(before, after, source.path, source.path):
        ending = line[len(line.rstrip("\r\n")) :]
        body = line[: len(line) - len(ending)]
        look = _LOOKS.get(line[:1])
        shown = style(visible(body), look) if look and style.colours else body
        sys.stdout.write(shown + (ending or "\n\\ No newline at end of file\n"))


_LOOKS: Final = {"+": "good", "-": "error", "@": "info"}
