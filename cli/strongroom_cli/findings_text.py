"""Findings for people: the place, the line with the wrong text underlined, the way to mend it, a summary."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from strongroom_cli.style import Style, cells, counted, visible

if TYPE_CHECKING:
    from strongroom.document import LineIndex
    from strongroom.validator import Finding

TAB: Final = 4
ELLIPSIS: Final = "…"


class CheckedFile:
    """One file that was checked. `path` is as the user named it."""

    __slots__ = ("findings", "lines", "path", "text")

    def __init__(self, path: str, text: str, lines: "LineIndex", findings: Sequence["Finding"]) -> None:
        self.path = path
        self.text = text
        self.lines = lines
        self.findings = findings


def report(files: Iterable[CheckedFile], style: Style, width: int) -> Iterator[str]:
    """The lines about every finding, a blank line after each. `width` is that of the terminal, in cells."""
    for file in files:
        for finding in file.findings:
            line, column = file.lines.position(finding.start)
            look = finding.severity.value
            place = style(f"{visible(file.path)}:{line + 1}:{column + 1}:", "strong")
            yield f"{place} {style(f'{look}[{finding.rule}]', look)} {visible(finding.message)}"
            yield from _excerpt(file, finding, style, width)
            for related in finding.related:
                at, beside = file.lines.position(related.start)
                where = f"(line {at + 1}, column {beside + 1})"
                yield f"  {style('note:', 'strong')} {visible(related.message)} {where}"
            for fix in finding.fixes:
                yield f"  {style('fix:' if fix.is_safe else 'help:', 'strong')} {visible(fix.title)}"
            yield ""


def summary(files: Sequence[CheckedFile], style: Style) -> str:
    """One line: how many findings of which severity in how many files, and how many `--fix` would mend."""
    findings = [finding for file in files for finding in file.findings]
    checked = counted(len(files), "file")
    if not findings:
        return f"{style('No findings', 'good')} in {checked}."
    parts = []
    for severity, things in (("error", "errors"), ("warning", "warnings"), ("info", "notes")):
        number = sum(finding.severity.value == severity for finding in findings)
        if number:
            parts.append(style(counted(number, things[:-1]), severity))
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    bad = sum(bool(file.findings) for file in files)
    fixable = sum(finding.fix is not None for finding in findings)
    mend = f" {style(str(fixable), 'strong')} can be fixed with --fix." if fixable else ""
    return f"{listed} in {bad} of {checked}.{mend}"


def _excerpt(file: CheckedFile, finding: "Finding", style: Style, width: int) -> Iterator[str]:
    """The finding's first line, cut to the terminal, with carets under the wrong text."""
    line, column = file.lines.position(finding.start)
    begin, end = file.lines.line_start(line), file.lines.line_end(line)
    text = file.text[begin:end]
    stop = max(column, min(finding.end, end) - begin)
    number = str(line + 1)
    shown, indent, carets = _cut(text, column, stop, max(20, width - len(number) - 4))
    bar = style("|", "faint")
    yield f" {style(number, 'faint')} {bar} {shown}".rstrip()
    yield f" {' ' * len(number)} {bar} {' ' * indent}{style('^' * max(1, carets), finding.severity.value)}"


def _cut(text: str, start: int, stop: int, width: int) -> tuple[str, int, int]:
    """What to show of a line: the text, the cells before the carets, and how many carets.

    The line is shown whole where it fits; else a window around `start`, so that a registry written on one
    line of a megabyte still shows the wrong text. Only characters near the window are looked at.
    """
    # A character takes at most TAB cells, so this many characters fill any window.
    near, far = max(0, start - width), min(len(text), start + width)
    before, after = _pieces(text[near:start]), _pieces(text[start:far])
    left = sum(width_ for _, width_ in before)
    right = sum(width_ for _, width_ in after)
    if near == 0 and far == len(text) and left + right <= width:
        shown, cut_left, cut_right = before, False, False
    else:
        wanted = sum(width_ for _, width_ in after[: stop - start])
        # The wrong text in the middle, as far as it fits; nothing wasted where the line ends early.
        room = max(width // 3, width - 2 - max(min(wanted, width - 2), min(right, width // 2)))
        shown, cut_left = _last(before, room), False
        cut_left = len(shown) < len(before) or near > 0
        left = sum(width_ for _, width_ in shown)
        cut_right = True
    kept, used = [], left + cut_left
    for piece in after:
        if used + piece[1] > width - cut_right:
            break
        kept.append(piece)
        used += piece[1]
    cut_right = cut_right and (len(kept) < len(after) or far < len(text))
    carets = sum(width_ for _, width_ in kept[: stop - start])
    body = "".join(piece for piece, _ in [*shown, *kept])
    return f"{ELLIPSIS * cut_left}{body}{ELLIPSIS * cut_right}", left + cut_left, carets


def _pieces(text: str) -> list[tuple[str, int]]:
    """Each character as it is shown, with its cells."""
    if text.isascii() and text.isprintable():
        return [(character, 1) for character in text]
    return [_cell(character) for character in text]


def _cell(character: str) -> tuple[str, int]:
    """A character as it is shown, and its cells."""
    if character == "\t":
        return " " * TAB, TAB
    shown = visible(character)
    return shown, cells(shown)


def _last(pieces: Sequence[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    """The last pieces that fit into `room` cells."""
    kept: list[tuple[str, int]] = []
    for piece in reversed(pieces):
        if piece[1] > room:
            break
        room -= piece[1]
        kept.append(piece)
    return kept[::-1]
