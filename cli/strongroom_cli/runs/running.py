"""Run tests, with a progress bar, captures, and results."""

import asyncio
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.files.writing import write_whole
from strongroom.resolver.reports.capture import prune_captures, save_capture
from strongroom.testcases.results import CaseResult, Outcome
from strongroom.testcases.running import BatchOptions, Prepared, run_cases
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.workspace import UnreadableFile
from strongroom_cli.runs.consent import Asker
from strongroom_cli.runs.progress import ProgressBar
from strongroom_cli.runs.text import describe
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.session import print_json, print_lines
from strongroom_cli.terminal.style import Style, quoted

if TYPE_CHECKING:
    from strongroom_cli.runs.choice import ChosenTests
    from strongroom_cli.runs.plan import RunOptions

INTERRUPTED = 130

_NO_CONSENT = (
    "secrets would go to a new host, and there is no terminal to ask on. Run this once in a terminal, say "
    "--yes, or set STRONGROOM_TRUST=1 where you have chosen what is run."
)


def run_and_tell(
    prepared: Sequence[Prepared],
    batch: BatchOptions,
    asker: Asker,
    chosen: "ChosenTests",
    options: "RunOptions",
) -> int:
    """Run the tests and show the results.

    Return the exit status: 0, 1 for a failed test, or 130 if interrupted.
    """
    started = time.monotonic()
    running = _Running(prepared, batch, asker.folder)
    asker.before = running.clear
    is_interrupted = running.go()
    results = running.in_order()
    if options.junit:
        _write_junit(options.junit, prepared, results)
    if options.as_json:
        print_json([result.to_json() for result in results])
    else:
        # Of many tests only the failed ones are shown.
        is_quiet = chosen.are_tests and len(prepared) > 10 and not options.verbose
        for result in results:
            if not is_quiet or not result.passed:
                print_lines(describe(result, options.verbose, is_test=result.case.recorded != ""))
        if len(prepared) > 1 or is_interrupted:
            print(_summary(results, len(prepared), chosen, time.monotonic() - started))
        if batch.record:
            print(_recorded(results))
    if asker.withheld:
        say(_NO_CONSENT)
    if is_interrupted:
        say("interrupted.")
        return INTERRUPTED
    return int(any(not result.passed for result in results))


class _Running:
    def __init__(self, prepared: Sequence[Prepared], batch: BatchOptions, folder: str) -> None:
        self._prepared = prepared
        self._folder = folder
        self._keeps = not batch.replay
        self._batch = batch._replace(on_start=lambda case: self._bar.show(case.name), on_result=self._ended)
        self._bar = ProgressBar(len(prepared))
        self._results: list[CaseResult] = []
        self._capture_failed = ""

    def go(self) -> bool:
        """Run all tests. Return True if the run was interrupted."""
        is_interrupted = False
        try:
            asyncio.run(run_cases(self._prepared, self._batch))
        except KeyboardInterrupt:
            is_interrupted = True
        finally:
            self._bar.clear()
        if self._keeps:
            self._prune()
        if self._capture_failed:
            say(f"the capture was not saved: {self._capture_failed}.")
        return is_interrupted

    def clear(self) -> None:
        """Remove the progress bar from the screen before a question."""
        self._bar.clear()

    def in_order(self) -> list[CaseResult]:
        """Return the results, in the order of the tests."""
        by_case = {id(result.case): result for result in self._results}
        return [by_case[id(item.case)] for item in self._prepared if id(item.case) in by_case]

    def _ended(self, result: CaseResult) -> None:
        self._results.append(result)
        self._bar.step(is_failure=not result.passed)
        if result.report is None or not self._keeps:
            return
        is_test = result.case.recorded != ""
        try:
            save_capture(
                self._folder,
                result.report,
                community=result.community,
                test=result.case.name if is_test else "",
                outcome=result.outcome.value if is_test else "",
                keep=None,
            )
        except OSError as error:
            self._capture_failed = error.strerror or "it cannot be written"

    def _prune(self) -> None:
        try:
            prune_captures(self._folder)
        except OSError as error:
            self._capture_failed = self._capture_failed or error.strerror or "old ones cannot be removed"


def _summary(results: Sequence[CaseResult], total: int, chosen: "ChosenTests", seconds: float) -> str:
    style = Style()
    passed = sum(result.outcome is Outcome.PASSED for result in results)
    skipped = sum(result.outcome is Outcome.SKIPPED for result in results)
    thing = "test" if chosen.are_tests else "connector"
    ran = total - skipped
    summary = f"{passed} of {counted(ran, thing)} passed"
    parts = [style(summary, "good" if passed == ran else "error")]
    if skipped:
        parts.append(f"{skipped} skipped")
    if len(results) < total:
        parts.append(f"{total - len(results)} not run")
    end = f" in {seconds:.1f} s" if chosen.are_tests else ""
    return f"{', '.join(parts)}{end}."


def _recorded(results: Sequence[CaseResult]) -> str:
    """Return a sentence about the recorded answers: their folder, and the next step."""
    made = [result.case.recorded for result in results if os.path.isfile(result.case.recorded)]
    folders = ", ".join(dict.fromkeys(quoted(os.path.relpath(os.path.dirname(path))) for path in made))
    if not made:
        return "Nothing was recorded."
    return f"Recorded {counted(len(made), 'test')} in {folders}. Look at the answers before you commit them."


def _write_junit(path: str, prepared: Sequence[Prepared], results: Sequence[CaseResult]) -> None:
    from strongroom_cli.runs.junit import as_junit

    text = "\n".join(as_junit([item.case for item in prepared], results)) + "\n"
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace"), durable=False)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UnreadableFile(f"{visible(path)} cannot be written: {reason}.") from error
