"""Draw a run's timing as a waterfall: a bar for each part, from where it began."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from strongroom_tui.model.text.words import visible

Piece = tuple[str, str]
Line = list[Piece]

FEWEST, MOST = 10, 60
"""Cells of the longest bar."""

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


class TimingBar(NamedTuple):
    """Hold one part, in milliseconds from the beginning of the run."""

    name: str
    start: float
    spent: float
    depth: int = 0


def bars(server_timing: Mapping[str, float], phases: Mapping[str, float]) -> tuple[list[TimingBar], float]:
    """Return the parts in their order, and the whole time.

    The steps of a composite follow each other. Below them are the sums over all steps.
    """
    spans = dict(server_timing)
    total = spans.pop("total", None) or sum(spans.values())
    steps = {name.removeprefix("step."): took for name, took in spans.items() if name.startswith("step.")}
    sums = {name: took for name, took in spans.items() if not name.startswith("step.")}
    if steps:
        return [*_sequence(steps), *(TimingBar(name, 0.0, took, 1) for name, took in sums.items())], total
    result: list[TimingBar] = []
    for bar in _sequence(sums):
        result.append(bar)
        if bar.name == "external":
            result += _sequence(phases, bar.start, 1)
    return result, total


def _sequence(spans: Mapping[str, float], begin: float = 0.0, depth: int = 0) -> list[TimingBar]:
    """Begin each part where the part before it ended."""
    result = []
    for name, spent in spans.items():
        result.append(TimingBar(name, begin, spent, depth))
        begin += spent
    return result


def waterfall(server_timing: Mapping[str, float], phases: Mapping[str, float], width: int) -> list[Line]:
    """Return the lines, at most `width` cells where names, bars and numbers fit."""
    rows, total = bars(server_timing, phases)
    if not total:
        return [[("Nothing was timed.", "muted")]]
    names = [visible("  " * row.depth + row.name) for row in rows]
    column = min(24, max(len(name) for name in ("total", *names)))
    cells = max(FEWEST, min(MOST, width - column - 19))
    lines: list[Line] = []
    for row, name in zip(rows, names, strict=True):
        share = f"{row.spent / total:>6.0%}"
        lines.append(
            [
                (f"{name[:column]:<{column}}  ", "" if not row.depth else "muted"),
                (_bar(row, total, cells), "accent" if not row.depth else "muted"),
                (f"{row.spent:>8,.1f} ms", ""),
                (share, "muted"),
            ]
        )
    line = "━" * cells
    lines.append([(f"{'total':<{column}}  ", "strong"), (line, "line"), (f"{total:>8,.1f} ms", "strong")])
    return lines


def _bar(row: TimingBar, total: float, cells: int) -> str:
    """Draw a bar in eighths of a cell. A part that took any time is visible."""
    start = min(cells - 1, int(cells * row.start / total))
    if not row.spent:
        return " " * cells
    length = min(cells - start, max(1 / 8, cells * row.spent / total))
    whole, rest = int(length), round((length - int(length)) * 8)
    return f"{' ' * start + '█' * whole + (EIGHTHS[rest] if rest else ''):<{cells}}"[:cells]
