"""Report findings as JUnit: a test suite per file, a test case per finding.

Findings of severity error are failures, and an unreadable file is an error. Warnings and notes do not fail a
build, as in the exit status: they are passed cases with their text in `system-out`.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from strongroom.text.terminal import visible
from strongroom.validator import Finding
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.findings_machine import place
from strongroom_cli.terminal.junit_xml import attribute


def as_junit(files: Sequence[CheckedFile]) -> Iterator[str]:
    """Yield the lines of the report."""
    tests = sum(_tests(file) for file in files)
    failures = sum(_failures(file) for file in files)
    errors = sum(file.problem is not None for file in files)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="strongroom" tests="{tests}" failures="{failures}" errors="{errors}">'
    for file in files:
        errors = int(file.problem is not None)
        counts = f'tests="{_tests(file)}" failures="{_failures(file)}" errors="{errors}"'
        yield f"  <testsuite name={attribute(file.path)} {counts}>"
        if file.problem is not None:
            yield f'    <testcase name="readable" classname={attribute(file.path)}>'
            yield f"      <error message={attribute(str(file.problem))}/>"
            yield "    </testcase>"
        elif not file.findings:
            yield f'    <testcase name="no findings" classname={attribute(file.path)}/>'
        for finding in file.findings:
            yield from _case(file, finding)
        yield "  </testsuite>"
    yield "</testsuites>"


def _tests(file: CheckedFile) -> int:
    return max(1, len(file.findings))


def _failures(file: CheckedFile) -> int:
    return sum(finding.severity.value == "error" for finding in file.findings)


def _case(file: CheckedFile, finding: Finding) -> Iterator[str]:
    line, column, _, _ = place(file, finding)
    name = attribute(f"{finding.rule} at {line}:{column}")
    where = f"{file.path}:{line}:{column}: {finding.severity.value}[{finding.rule}] {finding.message}"
    yield f'    <testcase name={name} classname={attribute(file.path)} file={attribute(file.path)} line="{line}">'
    if finding.severity.value == "error":
        kind, message = attribute(finding.rule), attribute(finding.message)
        yield f"      <failure type={kind} message={message}>{escape(visible(where))}</failure>"
    else:
        yield f"      <system-out>{escape(visible(where))}</system-out>"
    yield "    </testcase>"
