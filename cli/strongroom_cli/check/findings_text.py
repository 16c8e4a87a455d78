"""Report findings to people: places, underlined lines, fixes, and a summary."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from strongroom.text.phrases import counted, joined
from strongroom.text.suggest import differences
from strongroom.text.terminal import visible
from strongroom_cli.terminal.style import Style, cells

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom_cli.check.checked_file import CheckedFile

TAB: Final = 4
ELLIPSIS: Final = "…"


def write_report(files: Sequence["CheckedFile"], form: str, stream: TextIO) -> None:
    """Write the findings in one of the formats of `check`."""
    if form == "text":
        style = Style(stream)
        lines = [*report(files, style, _width(stream)), summary(files, style)]
    elif form == "sarif":
        from strongroom_cli.check.findings_sarif import as_sarif

        lines = [as_sarif(files)]
    elif form == "junit":
        from strongroom_cli.check.findings_junit import as_junit

        lines = list(as_junit(files))
    else:
        from strongroom_cli.check.findings_machine import FORMATS

        lines = list(FORMATS[form](files))
    if lines:
        stream.write("\n".join(lines) + "\n")


def _width(stream: TextIO) -> int:
    """Return the terminal's width in cells, or 120 without a terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 120


def report(files: Iterable["CheckedFile"], style: Style, width: int) -> Iterator[str]:
    """Yield the lines about every finding, with a blank line after each.

    `width` is in cells.
    """
    for file in files:
        for finding in file.findings:
            line, column = file.lines.position(finding.start)
            look = finding.severity.value
            place = style(f"{shown_path(file.path)}:{line + 1}:{column + 1}:", "strong")
            yield f"{place} {style(f'{look}[{finding.rule}]', look)} {visible(finding.message)}"
            yield from _excerpt(file, finding, style, width)
            for related in finding.related:
                at, beside = file.lines.position(related.start)
                where = f"(line {at + 1}, column {beside + 1})"
                yield f"  {style('note:', 'strong')} {visible(related.message)} {where}"
            for fix in finding.fixes:
                yield f"  {style('fix:' if fix.is_safe else 'help:', 'strong')} {visible(fix.title)}"
            if near := finding.data.get("near"):
                yield from _comparison(finding.data["name"], near, style)
            yield ""


def _comparison(name: str, near: str, style: Style) -> Iterator[str]:
    """Yield a wrong name and the known one near to it, and mark where they differ.

    Without colours, the marks are in a line below.
    """
    for text, marks in zip((name, near), differences(name, near), strict=True):
        shown = [style(one, "error") if mark else one for one, mark in zip(text, marks, strict=True)]
        yield "        " + "".join(shown)
        if not style.colours:
            yield ("        " + "".join("^" if mark else " " for mark in marks)).rstrip()


def shown_path(path: str) -> str:
    """Return a path for the beginning of a line.

    A colon there would begin a command of a build server.
    """
    return visible(f"./{path}" if path.startswith((":", "#")) else path)


def summary(files: Sequence["CheckedFile"], style: Style) -> str:
    """Return one line that counts findings, files, and findings with a safe fix."""
    findings = [finding for file in files for finding in file.findings]
    checked = counted(sum(file.problem is None for file in files), "file")
    if not findings:
        return f"{style('No findings', 'good')} in {checked}."
    parts = []
    for severity, things in (("error", "errors"), ("warning", "warnings"), ("info", "notes")):
        number = sum(finding.severity.value == severity for finding in findings)
        if number:
            parts.append(style(counted(number, things[:-1]), severity))
    bad = sum(bool(file.findings) for file in files)
    fixable = sum(finding.fix is not None for finding in findings)
    mend = f" {style(str(fixable), 'strong')} can be fixed with --fix." if fixable else ""
    return f"{joined(parts)} in {bad} of {checked}.{mend}"


def _excerpt(file: "CheckedFile", finding: "Finding", style: Style, width: int) -> Iterator[str]:
    """Yield the finding's first line, cut to the terminal, and its carets."""
    line, _ = file.lines.position(finding.start)
    begin, end = file.lines.line_start(line), file.lines.line_end(line)
    number = str(line + 1)
    room = max(20, width - len(number) - 4)
    # Only the part that is shown is copied. A line can have a megabyte and thousands of findings.
    near, far = max(begin, finding.start - room), min(end, finding.start + room)
    start = min(finding.start, end) - near
    stop = max(start, min(finding.end, far) - near)
    shown, indent, carets = _cut(file.text[near:far], start, stop, room, (near > begin, far < end))
    bar = style("|", "faint")
    yield f" {style(number, 'faint')} {bar} {shown}".rstrip()
    yield f" {' ' * len(number)} {bar} {' ' * indent}{style('^' * max(1, carets), finding.severity.value)}"


def _cut(text: str, start: int, stop: int, width: int, goes_on: tuple[bool, bool]) -> tuple[str, int, int]:
    """Return the shown part of a line, the cells before the carets, and their number.

    `text` is the line from `width` characters before the wrong text (`start` to `stop`) to `width` after it. `goes_on`
    has True for each side on which the line is longer than `text`. A line that fits is shown whole. Of a longer one, a
    window around `start` is shown, so that a registry on one line shows the wrong text.
    """
    if text.isascii() and text.isprintable():
        return _cut_plain(text, start, stop, width, goes_on)
    before, after = _pieces(text[:start]), _pieces(text[start:])
    left = sum(width_ for _, width_ in before)
    right = sum(width_ for _, width_ in after)
    if not any(goes_on) and left + right <= width:
        shown, cut_left, cut_right = before, False, False
    else:
        wanted = sum(width_ for _, width_ in after[: stop - start])
        # The wrong text is in the middle if it fits. A line that ends early gives its room to the left side.
        room = max(width // 3, width - 2 - max(min(wanted, width - 2), min(right, width // 2)))
        shown = _last(before, room)
        cut_left = len(shown) < len(before) or goes_on[0]
        left = sum(width_ for _, width_ in shown)
        cut_right = True
    kept, used = [], left + cut_left
    for piece in after:
        if used + piece[1] > width - cut_right:
            break
        kept.append(piece)
        used += piece[1]
    cut_right = cut_right and (len(kept) < len(after) or goes_on[1])
    carets = sum(width_ for _, width_ in kept[: stop - start])
    body = "".join(piece for piece, _ in [*shown, *kept])
    return f"{ELLIPSIS * cut_left}{body}{ELLIPSIS * cut_right}", left + cut_left, carets


def _cut_plain(
    text: str, start: int, stop: int, width: int, goes_on: tuple[bool, bool]
) -> tuple[str, int, int]:
    """Do the same as `_cut` for a line of characters of one cell each.

    Most lines have only such characters.
    """
    right, wanted = len(text) - start, stop - start
    if not any(goes_on) and len(text) <= width:
        return text, start, wanted
    room = max(width // 3, width - 2 - max(min(wanted, width - 2), min(right, width // 2)))
    left = min(start, room)
    cut_left = left < start or goes_on[0]
    kept = max(0, min(right, width - 1 - left - cut_left))
    cut_right = kept < right or goes_on[1]
    body = text[start - left : start + kept]
    return f"{ELLIPSIS * cut_left}{body}{ELLIPSIS * cut_right}", left + cut_left, min(wanted, kept)


def _pieces(text: str) -> list[tuple[str, int]]:
    """Return each character as it is shown, with its cells."""
    return [_cell(character) for character in text]


def _cell(character: str) -> tuple[str, int]:
    """Return a character as it is shown, and its cells."""
    if character == "\t":
        return " " * TAB, TAB
    shown = visible(character)
    return shown, cells(shown)


def _last(pieces: Sequence[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    """Return the last pieces that fit into `room` cells."""
    kept: list[tuple[str, int]] = []
    for piece in reversed(pieces):
        if piece[1] > room:
            break
        room -= piece[1]
        kept.append(piece)
    return kept[::-1]
