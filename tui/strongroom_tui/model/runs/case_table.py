"""Arrange the test cases of a folder and their outcomes as rows of a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from strongroom.text.phrases import counted
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom.testcases.cases import Case
    from strongroom.testcases.results import CaseResult

WAITING, RUNNING = "waiting", "running"

LOOKS: Final = {
    WAITING: ("·", "muted"),
    RUNNING: ("…", "accent"),
    "passed": ("✓", "good"),
    "failed": ("✗", "bad"),
    "error": ("✗", "bad"),
    "skipped": ("–", "muted"),
}
"""State -> sign and style."""


class CaseTable:
    """Hold one row a test. `at` is the row that was opened last."""

    columns = (
        Column("", 9),
        Column("test", 0),
        Column("what", 0, drop=2),
        Column("took", 9, drop=1, right=True),
    )

    def __init__(self, cases: "Sequence[Case]") -> None:
        self.only_failures = False
        self.results: list[CaseResult | None] = []
        self.load(cases)

    def load(self, cases: "Sequence[Case]") -> None:
        """Show these cases, none of which ran."""
        self.cases = tuple(cases)
        self.at = 0
        self.running: set[int] = set()
        # By identity: two tests may be equal.
        self._numbers = {id(case): number for number, case in enumerate(self.cases)}
        self.clear()

    def __len__(self) -> int:
        return len(self.view)

    def begin(self, case: "Case") -> None:
        """Note that a test runs."""
        self.running.add(self._numbers[id(case)])

    def put(self, result: "CaseResult") -> None:
        """Note that a test ended."""
        number = self._numbers[id(result.case)]
        self.running.discard(number)
        self.results[number] = result
        self.arrange()

    def clear(self) -> None:
        """Forget all results."""
        self.results = [None] * len(self.cases)
        self.running.clear()
        self.arrange()

    def arrange(self) -> None:
        """Show all rows, or the failures."""
        every = range(len(self.cases))
        self.view = [i for i in every if not self.only_failures or self.state(i) in ("failed", "error")]

    def state(self, number: int) -> str:
        """Return a test's state: an outcome's value, or that it waits or runs."""
        result = self.results[number]
        if result is not None:
            return result.outcome.value
        return RUNNING if number in self.running else WAITING

    def result(self, index: int) -> "CaseResult | None":
        """Return the result of the row at `index` of the view."""
        return self.results[self.view[index]] if 0 <= index < len(self.view) else None

    def next_failure(self, index: int) -> int | None:
        """Return the next row with a failure, going round."""
        found = [i for i, number in enumerate(self.view) if self.state(number) in ("failed", "error")]
        return next((i for i in found if i > index), found[0] if found else None)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one row."""
        number = self.view[index]
        case, result, state = self.cases[number], self.results[number], self.state(number)
        sign, style = LOOKS[state]
        took = f"{result.milliseconds:,.0f} ms" if result is not None and result.report is not None else ""
        return (
            Cell(f"{sign} {state}", style),
            Cell(one_line(case.name)),
            Cell(one_line(reason(result) if result else case.connector), "muted"),
            Cell(took, "muted"),
        )

    @property
    def done(self) -> int:
        """Return the number of ended tests."""
        return sum(result is not None for result in self.results)

    def tally(self) -> list[tuple[str, str]]:
        """Return the number of each outcome as pieces of a line."""
        states = [result.outcome.value for result in self.results if result is not None]
        pieces: list[tuple[str, str]] = []
        for state, (sign, style) in LOOKS.items():
            if number := states.count(state):
                pieces.append((f"{sign} {number:,} {state}   ", style))
        return pieces or [(f"{counted(len(self.cases), 'test')}", "muted")]


def reason(result: "CaseResult") -> str:
    """Return why a test did not pass, or the status of a test that passed."""
    if result.mismatches:
        more = len(result.mismatches) - 1
        return str(result.mismatches[0]) + (f" (and {more} more)" if more else "")
    if result.reason:
        return result.reason
    return f"{result.report.status} {result.report.reason}" if result.report is not None else ""
