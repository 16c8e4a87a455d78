"""Plan all fixes of a folder, show their difference line by line, and write them."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom_tui.model.connectors.workspace_view import Checks, ConnectorFile, WorkspaceView
from strongroom_tui.model.text.words import visible

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom.workspace import Source

Piece = tuple[str, str]
Line = list[Piece]

CONTEXT: Final = 2
"""Unchanged lines before and after a change."""

LONG: Final = 72
"""The position in a line from which its unchanged beginning is cut."""


class FileFix(NamedTuple):
    """Hold one file that would change.

    `fixed` and `left` count the findings that go and stay.
    """

    file: ConnectorFile
    source: "Source"
    text: str
    fixed: int
    left: int


class FixPlan(NamedTuple):
    """Hold what applying all fixes would do. No file is written yet."""

    files: tuple[FileFix, ...]
    unsafe: bool

    @property
    def fixed(self) -> int:
        """Return the number of findings that go."""
        return sum(file.fixed for file in self.files)


def plan_fixes(view: WorkspaceView, checks: Checks, *, unsafe: bool) -> FixPlan:
    """Return the fixes of all files, applied until nothing is left to fix.

    Call it in a thread.
    """
    files = (_plan_file(file, checks, unsafe) for file in view.files if file.findings)
    return FixPlan(tuple(file for file in files if file is not None), unsafe)


def plan_one(file: ConnectorFile, finding: "Finding") -> FixPlan:
    """Return the first fix of one finding, safe or not."""
    from strongroom.validator.fixing import apply_together

    assert file.source is not None
    assert file.document is not None
    fixed = apply_together(file.document, (finding.fixes[:1] if finding.fix is None else (finding.fix,)))
    if not fixed.edits:
        return FixPlan((), True)
    text = fixed.document.text
    return FixPlan((FileFix(file, file.source, text, 1, len(file.findings) - 1),), True)


def _plan_file(file: ConnectorFile, checks: Checks, unsafe: bool) -> FileFix | None:
    from strongroom.validator.fixing import fix_all

    if file.source is None or file.document is None:
        return None
    fixed = fix_all(
        file.document,
        lambda document: checks.findings(document, file.path),
        unsafe=unsafe,
        findings=file.findings,
    )
    if not fixed.edits:
        return None
    # Findings between files have no fix, and are not looked for again.
    left = len(fixed.findings) + sum("file" in finding.data for finding in file.findings)
    gone = max(1, len(file.findings) - left)
    return FileFix(file, file.source, fixed.document.text, gone, left)


def diff_lines(before: str, after: str) -> Iterator[Line]:
    """Return the changed lines and some around them, numbered before and after."""
    old, new = before.split("\n"), after.split("\n")
    gutter = len(str(max(len(old), len(new))))
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    for number, group in enumerate(groups):
        if number:
            yield [(" " * gutter + " ⋯", "line")]
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for offset in range(i2 - i1):
                    yield _row(gutter, j1 + offset, " ", new[j1 + offset], "muted")
                continue
            for index in range(i1, i2):
                partner = new[j1 + index - i1] if j1 + index - i1 < j2 else ""
                yield _changed(gutter, index, old[index], partner, ("-", "removed"))
            for index in range(j1, j2):
                partner = old[i1 + index - j1] if i1 + index - j1 < i2 else ""
                yield _changed(gutter, index, new[index], partner, ("+", "added"))


def _row(gutter: int, index: int, sign: str, text: str, style: str) -> Line:
    return [(f"{index + 1:>{gutter}} ", "muted"), (f"{sign} ", style), (visible(text.rstrip("\r")), style)]


def _changed(gutter: int, index: int, text: str, partner: str, look: tuple[str, str]) -> Line:
    """Return a changed line. The part that differs from its partner is underlined."""
    sign, style = look
    text = text.rstrip("\r")
    partner = partner.rstrip("\r")
    head, tail = _common(text, partner)
    if not partner or head + tail == 0:
        return _row(gutter, index, sign, text, style)
    end = len(text) - tail
    # Only the end of an unchanged beginning is shown: the change itself has to be in sight.
    begin = max(0, head - 24) if len(text) > LONG else 0
    lead = ("…" if begin else "") + visible(text[begin:head])
    return [
        (f"{index + 1:>{gutter}} ", "muted"),
        (f"{sign} ", style),
        (lead, style),
        (visible(text[head:end]), f"{style}-part"),
        (visible(text[end:]), style),
    ]


def _common(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two lines share at their beginnings and ends."""
    limit = min(len(one), len(other))
    head = 0
    while head < limit and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < limit - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    return head, tail


class Written(NamedTuple):
    """Hold the result of a plan: the written files, and the problems of the others."""

    files: tuple[FileFix, ...]
    problems: tuple[StrongroomError, ...]


def write_plan(plan: FixPlan) -> Written:
    """Write every file of the plan that is still as it was read."""
    from strongroom.workspace import write_source

    written: list[FileFix] = []
    problems: list[StrongroomError] = []
    for file in plan.files:
        try:
            write_source(file.source, file.text)
        except StrongroomError as error:
            problems.append(error)
        else:
            written.append(file)
    return Written(tuple(written), tuple(problems))


def take_back(files: Sequence[FileFix]) -> None:
    """Put the former texts back.

    Raises `StrongroomError` for a file that was changed since.
    """
    from strongroom.workspace import Source, write_source

    for file in files:
        now = Source(file.source.path, file.text, file.source.mark)
        write_source(now, file.source.text)


def do_again(files: Sequence[FileFix]) -> None:
    """Write the fixed texts again.

    Raises `StrongroomError` for a file that was changed since.
    """
    from strongroom.workspace import write_source

    for file in files:
        write_source(file.source, file.text)
