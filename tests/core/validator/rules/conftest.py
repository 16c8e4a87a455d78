"""Compare all that each test of a rule finds with what was looked at before: message, level, fixes, data.

After a change that you want: `pytest tests/core/validator/rules --snapshot-update`, and look at the difference.
"""

import re
from collections.abc import Iterator

import pytest
from syrupy.assertion import SnapshotAssertion

from strongroom.validator import Finding

_MARKS = re.compile(r"«[a-z-]+:|»")


def lines(text: str, findings: list[Finding]) -> Iterator[str]:
    """Yield the findings as a person would read them."""
    for one in findings:
        yield f"{one.rule} {one.severity.value} {one.pointer} {one.field} {text[one.start : one.end]!r}"
        yield f"  {one.message}"
        yield from (f"  {key}: {value}" for key, value in one.data.items())
        for fix in one.fixes:
            yield f"  {'fix' if fix.is_safe else 'unsafe fix'}: {fix.title}"
            yield from (f"    {text[e.start : e.end]!r} -> {e.new!r}" for e in fix.edits)
        yield from (f"  {near.message} {near.start} {text[near.start : near.end]!r}" for near in one.related)


def _compared(check, snapshot: SnapshotAssertion):
    def compared(marked: str, **options) -> list[Finding]:
        found = check(marked, **options)
        assert "\n".join(lines(_MARKS.sub("", marked), found)) == snapshot
        return found

    return compared


@pytest.fixture
def check(check, snapshot: SnapshotAssertion):
    """As elsewhere, and each of its answers is compared with its snapshot."""
    return _compared(check, snapshot)


@pytest.fixture
def check_code(check_code, snapshot: SnapshotAssertion):
    """As elsewhere, and each of its answers is compared with its snapshot."""
    return _compared(check_code, snapshot)
