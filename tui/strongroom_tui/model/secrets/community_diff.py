"""Compare the names of two communities, as rows of a table."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rich.cells import cell_len

from strongroom.names import Kind, Name, Names
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import one_line

MISSING_LEFT, MISSING_RIGHT, KINDS, VALUES, SAME = "missing left", "missing right", "kinds", "values", "same"

ORDER: Final = (KINDS, MISSING_RIGHT, MISSING_LEFT, VALUES, SAME)


class Pair(NamedTuple):
    """Hold one name in both communities."""

    name: str
    left: Name | None
    right: Name | None
    used: bool = False
    """True if a connector of this folder uses the name."""

    @property
    def state(self) -> str:
        """Return the relation of both entries. Values of secrets are not compared."""
        if self.left is None:
            return MISSING_LEFT
        if self.right is None:
            return MISSING_RIGHT
        if self.left.kind is not self.right.kind:
            return KINDS
        return VALUES if self.left.value != self.right.value else SAME


class CommunityDiff:
    """Hold the rows: differing names first. `shows_same` adds the others."""

    def __init__(self, left: Names, right: Names, uses: Mapping[str, object]) -> None:
        self.left, self.right = left, right
        names = {**left.by_name, **right.by_name}
        pairs = [Pair(name, left.get(name), right.get(name), name in uses) for name in names]
        self.pairs = sorted(pairs, key=lambda p: (ORDER.index(p.state), not p.used, p.name))
        self.shows_same = False
        self.query = ""
        self.view: list[Pair] = []
        self.arrange()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns: the name and both communities."""
        return Column("name", 0), _column(self.left.community), _column(self.right.community)

    def arrange(self) -> None:
        """Show the differing names, or all, that hold the query."""
        words = self.query.lower().split()
        self.view = [
            pair
            for pair in self.pairs
            if (self.shows_same or pair.state not in (SAME, VALUES))
            and all(w in pair.name.lower() for w in words)
        ]

    def __len__(self) -> int:
        return len(self.view)

    def pair(self, index: int) -> Pair | None:
        """Return the pair at `index`, or None."""
        return self.view[index] if 0 <= index < len(self.view) else None

    def missing_in(self, pair: Pair) -> tuple[str, Name] | None:
        """Return the community without the name, and the other's entry, or None."""
        if pair.right is None and pair.left is not None:
            return self.right.community, pair.left
        if pair.left is None and pair.right is not None:
            return self.left.community, pair.right
        return None

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one row."""
        pair = self.view[index]
        look = {KINDS: "bad", SAME: "muted", VALUES: ""}.get(pair.state, "bad" if pair.used else "")
        return (
            Cell(one_line(pair.name), look),
            self._cell(pair.left, pair),
            self._cell(pair.right, pair),
        )

    @staticmethod
    def _cell(name: Name | None, pair: Pair) -> Cell:
        if name is None:
            return Cell("✗ missing", "bad" if pair.used else "warn")
        if pair.state == KINDS:
            return Cell(f"! {name.kind.value}", "bad")
        if name.kind is Kind.VARIABLE and pair.state == VALUES:
            return Cell(one_line(name.value or ""), "")
        return Cell(f"✓ {name.kind.value}", "muted")

    def summary(self) -> str:
        """Return a line about all names."""
        states = [pair.state for pair in self.pairs]
        parts = [
            (states.count(MISSING_RIGHT), f"missing in {self.right.community}"),
            (states.count(MISSING_LEFT), f"missing in {self.left.community}"),
            (states.count(KINDS), "of different kinds"),
        ]
        counts = ", ".join(f"{number:,} {words}" for number, words in parts if number)
        same = states.count(SAME) + states.count(VALUES)
        return f"{counts or 'Nothing is missing'}; {same:,} in both."


def _column(community: str) -> Column:
    title = one_line(community)
    return Column(title, 14, most=cell_len(title))
