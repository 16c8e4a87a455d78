"""Show results of test runs as text."""

import json
import os

from strongroom.resolver import Report
from strongroom.testcases.results import CaseResult, Outcome
from strongroom.text.terminal import visible
from strongroom_cli.terminal.style import Style

_WORDS = {
    Outcome.PASSED: ("PASS", "good"),
    Outcome.FAILED: ("FAIL", "error"),
    Outcome.ERROR: ("ERROR", "error"),
    Outcome.SKIPPED: ("SKIP", "faint"),
}


def describe(result: CaseResult, verbose: bool, *, is_test: bool) -> list[str]:
    """Return the lines about one run, all of them with `verbose`."""
    style = Style()
    word, look = _WORDS[result.outcome]
    title = f"{style(word, look)} {style(visible(result.case.name), 'strong')}"
    report = result.report
    if report is None:
        return [f"{title}  {visible(result.reason)}".rstrip()]
    timing = f"{report.server_timing.get('total', 0):.0f} ms"
    status = f"{report.status} {report.reason}".strip() if report.status is not None else report.reason
    where = ""
    if is_test:
        place = f"  {os.path.relpath(result.case.file)}:{result.case.line}" if not result.passed else ""
        where = f"  {visible(result.case.connector)}{style(visible(place), 'faint')}"
    lines = [f"{title}{where}  {visible(status)}  {timing}"]
    if is_test:
        lines += [f"  {visible(str(mismatch))}" for mismatch in result.mismatches]
    lines += [f"  did not resolve: {visible(literal)}" for literal in report.unresolved]
    explained = report.explanation if verbose or not result.passed else report.notices
    lines += [f"  {visible(line)}" for line in explained]
    return lines + (_everything(report) if verbose else [])


def _everything(report: Report) -> list[str]:
    return [
        f"  Server-Timing: {visible(report.server_timing_header)}",
        f"  X-Request-ID: {report.request_id}",
        "  X-Debug-Request:",
        *_indented(json.dumps(dict(report.debug), indent=2)),
        *(f"  {visible(key)}: {visible(value)}" for key, value in report.headers.items()),
        "",
        *_indented(report.text),
    ]


def _indented(text: str) -> list[str]:
    return [f"  {visible(line)}" for line in text.split("\n")]
