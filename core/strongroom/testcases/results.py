"""Hold the result of a test case."""

from enum import StrEnum
from typing import Any, NamedTuple

from strongroom.resolver.reports.report import Report
from strongroom.testcases.cases import Case
from strongroom.testcases.checking import Mismatch


class Outcome(StrEnum):
    """List the ends of a test. `ERROR` means that it could not be run at all."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class CaseResult(NamedTuple):
    """Hold one test, run or not.

    Holds no secret's value, because everything comes from the report.
    """

    case: Case
    outcome: Outcome
    mismatches: tuple[Mismatch, ...] = ()
    report: Report | None = None
    """None if nothing was run."""
    reason: str = ""
    """The reason why it was skipped or could not be run, in a sentence."""
    community: str = ""
    milliseconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Return True if it lets a build pass. A skipped test does."""
        return self.outcome in (Outcome.PASSED, Outcome.SKIPPED)

    def to_json(self) -> dict[str, Any]:
        """Return the result as data for `json.dumps`: the report's fields and the test's."""
        return {
            **({} if self.report is None else self.report.to_json()),
            "test": self.case.name,
            "connector": self.case.connector,
            "community": self.community,
            "file": self.case.file,
            "line": self.case.line,
            "tags": list(self.case.tags),
            "outcome": self.outcome.value,
            "passed": self.outcome is Outcome.PASSED,
            "reason": self.reason or ("" if self.report is None else self.report.reason),
            "mismatches": [mismatch._asdict() for mismatch in self.mismatches],
            "milliseconds": round(self.milliseconds, 3),
        }
