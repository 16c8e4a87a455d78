"""Define the cells and columns of every list, and fit columns to a width."""

from collections.abc import Callable
from typing import Final, NamedTuple

GAP: Final = 2
"""Cells between two columns."""

ENOUGH: Final = 24
"""Cells of the rest, above which other columns may take more than their width."""


class Cell(NamedTuple):
    """Hold one cell of a list: its text, and the named style that it is drawn in.

    `theme.py` has the styles. `short` gives the text in so many cells if it is too long. None cuts its end.
    """

    text: str
    style: str = ""
    short: Callable[[int], str] | None = None


class Column(NamedTuple):
    """Describe one column.

    `width` is in cells, 0 for the rest. The highest `drop` goes first. If there is room, the column takes up to
    `most` cells.
    """

    title: str
    width: int
    drop: int = 0
    right: bool = False
    most: int = 0


def lay_out(width: int, wanted: tuple[Column, ...]) -> list[tuple[int, Column, int]]:
    """Return the columns that fit `width` cells: (number, column, width)."""
    columns = list(enumerate(wanted))
    room = width - 3  # the marker before, a blank after

    def rest(chosen: list[tuple[int, Column]]) -> int:
        return room - sum(c.width for _, c in chosen) - GAP * (len(chosen) - 1)

    while len(columns) > 1 and rest(columns) < 15 * sum(not column.width for _, column in columns):
        columns.remove(max(columns, key=lambda pair: pair[1].drop))
    flexible = [i for i, column in columns if not column.width]
    left = rest(columns)
    for at, (i, column) in enumerate(columns):
        more = max(0, min(column.most - column.width, left - ENOUGH))
        columns[at] = i, column._replace(width=column.width + more)
        left -= more
    # The first gets the larger part, up to 44 cells: few names are longer.
    first = left if len(flexible) < 2 else min(44, left * 3 // 5)
    share = {i: first if i == flexible[0] else (left - first) // (len(flexible) - 1) for i in flexible}
    return [(i, column, share.get(i, column.width)) for i, column in columns]
