"""Keep the JSON text of a connector's diagnostics while the connector moves."""

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.validator.marks import Marked
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.positions import Position


class PlacedText:
    """Hold a text with a gap, `%d`, for each line and column.

    The numbers are counted from where the connector begins.
    """

    __slots__ = ("_filled", "_format", "_gaps", "_text")

    def __init__(self, written: str, gaps: Sequence[tuple[int, int]]) -> None:
        self._format = written
        self._gaps = gaps
        self._filled: Position | None = None
        self._text = ""

    def at(self, position: Position) -> str:
        """Return the text for a connector that begins at `position`."""
        if self._filled != position:
            self._text = self._format % tuple([position[axis] + number for axis, number in self._gaps])
            self._filled = position
        return self._text


class KeptText(NamedTuple):
    """Hold the text of a connector's diagnostics, and what it was made from."""

    marks: tuple[Marked, ...]
    client: Client
    text: PlacedText
