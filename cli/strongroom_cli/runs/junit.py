"""Report results of tests as JUnit, with a suite per file."""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from strongroom.testcases.cases import Case
from strongroom.testcases.results import CaseResult, Outcome
from strongroom.text.terminal import visible
from strongroom_cli.terminal.junit_xml import attribute


def as_junit(cases: Sequence[Case], results: Sequence[CaseResult]) -> Iterator[str]:
    """Yield the lines of the report, in which a test without a result is skipped."""
    by_case = {id(result.case): result for result in results}
    all_results = [
        by_case.get(id(case)) or CaseResult(case, Outcome.SKIPPED, reason="not run") for case in cases
    ]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="strongroom test" {_counts(all_results)}>'
    by_file = sorted(all_results, key=lambda result: result.case.file)
    for file, group in groupby(by_file, key=lambda result: result.case.file):
        suite = list(group)
        yield f"  <testsuite name={attribute(_place(file))} {_counts(suite)}>"
        for result in suite:
            yield from _case(result)
        yield "  </testsuite>"
    yield "</testsuites>"


def _counts(results: Sequence[CaseResult]) -> str:
    outcomes = [result.outcome for result in results]
    seconds = sum(result.milliseconds for result in results) / 1000
    counts = {
        "tests": len(results),
        "failures": outcomes.count(Outcome.FAILED),
        "errors": outcomes.count(Outcome.ERROR),
        "skipped": outcomes.count(Outcome.SKIPPED),
    }
    return " ".join([*(f'{name}="{count}"' for name, count in counts.items()), f'time="{seconds:.3f}"'])


def _place(file: str) -> str:
    return os.path.relpath(file).replace(os.sep, "/")


def _case(result: CaseResult) -> Iterator[str]:
    case = result.case
    place = f'file={attribute(_place(case.file))} line="{case.line}"'
    name = f"name={attribute(case.name)} classname={attribute(case.connector)}"
    yield f'    <testcase {name} {place} time="{result.milliseconds / 1000:.3f}">'
    if result.outcome is Outcome.SKIPPED:
        yield f"      <skipped message={attribute(result.reason)}/>"
    elif result.outcome is Outcome.ERROR:
        yield f"      <error message={attribute(result.reason)}/>"
    elif result.outcome is Outcome.FAILED:
        lines = [str(mismatch) for mismatch in result.mismatches]
        text = escape("\n".join(visible(line) for line in [*lines, *_explained(result)]))
        yield f"      <failure message={attribute(lines[0])}>{text}</failure>"
    yield "    </testcase>"


def _explained(result: CaseResult) -> Sequence[str]:
    return () if result.report is None else result.report.explanation
