"""A few lines of a file around a finding, with its text marked by style and by a line of carets."""

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from strongroom_tui.words import visible

if TYPE_CHECKING:
    from strongroom.document import LineIndex

Piece = tuple[str, str]
CONTEXT: Final = 3
"""Lines before and after."""


def excerpt(text: str, lines: "LineIndex", start: int, end: int, width: int) -> list[list[Piece]]:
    """The lines around `start`..`end` (code points), in at most `width` cells each.

    A line that is too long is cut so that the marked text stays in sight; cut ends show `…`.
    """
    first, _ = lines.position(start)
    last, _ = lines.position(max(start, end))
    top, bottom = max(0, first - CONTEXT), min(lines.line_count - 1, min(last, first + 8) + CONTEXT)
    gutter = len(str(bottom + 1))
    room = max(20, width - gutter - 3)
    dedent = min((_indent(text, lines, number) for number in range(top, bottom + 1)), default=0)
    result: list[list[Piece]] = []
    for number in range(top, bottom + 1):
        begin, stop = lines.line_start(number) + dedent, lines.line_end(number)
        begin = min(begin, stop)
        if not first <= number <= last:
            shown = visible(text[begin:stop])
            cut = shown[: room - 1] + "…" if cell_len(shown) > room else shown
            result.append([(f"{number + 1:>{gutter}} ", "muted"), ("│ ", "line"), (cut, "muted")])
            continue
        marked_from = max(start, begin)
        marked_to = max(min(end, stop), marked_from)
        before, inside, after = _window(text[begin:stop], marked_from - begin, marked_to - begin, room)
        head: list[Piece] = [(f"{number + 1:>{gutter}} ", "accent"), ("│ ", "line")]
        result.append([*head, (before, ""), (inside, "mark"), (after, "")])
        carets = "^" * max(1, cell_len(inside))
        result.append([(" " * (gutter + 1), ""), ("│ ", "line"), (" " * cell_len(before) + carets, "bad")])
    return result


def _indent(text: str, lines: "LineIndex", number: int) -> int:
    line = text[lines.line_start(number) : lines.line_end(number)]
    return len(line) - len(line.lstrip(" \t")) if line.strip() else len(text)


def _window(line: str, start: int, end: int, room: int) -> tuple[str, str, str]:
    """The part of a line that fits into `room`, in three: before, in and after the marked text."""
    if cell_len(visible(line)) <= room:
        return visible(line[:start]), visible(line[start:end]), visible(line[end:])
    # Some of what stands before stays in sight, unless the marked text needs the room.
    left = max(0, start - max(4, room - (end - start) - 8))
    right = left + room - 2
    lead = "…" if left else ""
    tail = "…" if right < len(line) else ""
    return (
        lead + visible(line[left:start]),
        visible(line[start : min(end, right)]),
        visible(line[max(start, min(end, right)) : right]) + tail,
    )
