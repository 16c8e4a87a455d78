"""Ask the rules about each call in the code of a widget."""

from collections.abc import Iterator

from strongroom.text.edits import Edit
from strongroom.validator.calls.checked_call import CheckedCall
from strongroom.validator.findings import Finding, Fix
from strongroom.validator.levels import DEFAULT_LEVELS, Levels
from strongroom.validator.registry import RULES
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.silencing import IgnoreComment, IgnoredRule, code_comments, mistakes
from strongroom.widgets.calls import Call
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnectors

NO_CONNECTORS = KnownConnectors()


class CallValidator:
    """Hold the rules about calls for one choice of levels."""

    def __init__(self, levels: Levels = DEFAULT_LEVELS) -> None:
        self._levels = levels
        self._checks = levels.checks(lambda rule: rule.call)

    def findings(self, code: WidgetCode, connectors: KnownConnectors | None = None) -> list[Finding]:
        """Return the findings of a file, in the order of the text. Never raises."""
        known = connectors or NO_CONNECTORS
        found: dict[tuple[str, int, int], tuple[Finding, Call]] = {}
        for call in code.calls:
            for finding in self._of_call(CheckedCall(call, code, known)):
                found.setdefault((finding.rule, finding.start, finding.end), (finding, call))
        kept = list(self._silenced(code, known, list(found.values())))
        return sorted(kept, key=lambda finding: (finding.start, finding.end, finding.rule))

    def _of_call(self, call: CheckedCall) -> Iterator[Finding]:
        name = next((value.text for value in call.call.permalinks), None) or None
        for rule, level, check in self._checks:
            for mark in check(call):
                yield mark.finding(rule, level, name)

    def _silenced(
        self, code: WidgetCode, known: KnownConnectors, found: list[tuple[Finding, Call]]
    ) -> Iterator[Finding]:
        """Yield the findings that no comment silences, and those of stale comments.

        A stale comment silences nothing. A comment is for its own lines and the next one.
        """

        def line(offset: int) -> int:
            return code.lines.position(offset)[0]

        comments = list(code_comments(code.text, code.comments))
        used: set[IgnoredRule] = set()
        for finding, call in found:
            lines = line(finding.start), line(call.start)
            silencing = [
                ignored
                for comment in comments
                if any(line(comment.start) <= at <= line(comment.end) + 1 for at in lines)
                for ignored in comment.rules
                if ignored.name == finding.rule
            ]
            used.update(silencing)
            if not silencing:
                yield finding

        def is_stale(ignored: IgnoredRule) -> bool:
            """Return True if a rule is on, or never looks at code, and has found nothing."""
            rule = RULES[ignored.name]
            return (
                bool(known)
                and ignored not in used
                and (rule.call is None or self._levels.of(rule) is not None)
            )

        level = self._levels.of(STALE)
        if level is None:
            return
        for comment in comments:
            fixes = (_without(code, comment),) if len(comment.rules) < 2 else ()
            if not comment.rules:
                message = "This comment names no rule: write // strongroom: ignore[rule-name]."
                yield Finding(STALE.name, level, message, comment.start, comment.end, fixes=fixes)
            for ignored, message in mistakes(comment, RULES, is_stale):
                yield Finding(STALE.name, level, message, ignored.start, ignored.end, fixes=fixes)


def _without(code: WidgetCode, comment: IgnoreComment) -> Fix:
    """Return the fix that removes a comment, with the blanks before it."""
    before = code.text[: comment.start]
    start = len(before.rstrip(" \t"))
    return Fix("Remove it", (Edit(start, comment.end, ""),), True)
