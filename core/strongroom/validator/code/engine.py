"""Ask the rules about each call in the code of a widget."""

from collections.abc import Iterable, Iterator

from strongroom.names import NO_NAMES
from strongroom.text.edits import Edit
from strongroom.validator.calls.checked_call import CheckedCall
from strongroom.validator.code.comments import CodeComment, code_comments
from strongroom.validator.findings import Finding, Fix
from strongroom.validator.levels import DEFAULT_LEVELS, Levels
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Context
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.silencing import IgnoredRule, stale_rule, unknown_rule
from strongroom.widgets.calls import Call
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnectors

NO_CONNECTORS = KnownConnectors()


class CallValidator:
    """Hold the rules about calls for one choice of levels."""

    def __init__(self, levels: Levels = DEFAULT_LEVELS) -> None:
        self._rules = [
            (rule.name, level, rule.call)
            for rule in RULES.values()
            if rule.call and (level := levels.of(rule.name, rule.severity))
        ]
        self._names = {name for name, _, _ in self._rules}
        self._stale = levels.of(STALE.name, STALE.severity)
        self._context = Context(NO_NAMES, tuple(RULES))

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
        for rule, level, check in self._rules:
            for mark in check(call, self._context):
                yield mark.finding(rule, level, name)

    def _silenced(
        self, code: WidgetCode, known: KnownConnectors, found: list[tuple[Finding, Call]]
    ) -> Iterator[Finding]:
        """Yield the findings that no comment silences, and those of comments that silence nothing."""
        comments = list(code_comments(code))
        used: set[IgnoredRule] = set()
        for finding, call in found:
            lines = {code.lines.position(finding.start)[0], code.lines.position(call.start)[0]}
            silencing = [
                ignored
                for comment in comments
                if any(map(comment.covers, lines))
                for ignored in comment.rules
                if ignored.name == finding.rule
            ]
            used.update(silencing)
            if not silencing:
                yield finding
        if self._stale is not None:
            for comment in comments:
                for start, end, message in self._stale_in(comment, used, is_judging=bool(known)):
                    fixes = (_without(code, comment),) if len(comment.rules) < 2 else ()
                    yield Finding(STALE.name, self._stale, message, start, end, fixes=fixes)

    def _stale_in(
        self, comment: CodeComment, used: Iterable[IgnoredRule], *, is_judging: bool
    ) -> Iterator[tuple[int, int, str]]:
        if not comment.rules:
            message = "This comment names no rule: write // strongroom: ignore[rule-name]."
            yield comment.start, comment.end, message
        for ignored in comment.rules:
            if ignored.name not in RULES:
                yield ignored.start, ignored.end, unknown_rule(ignored.name, RULES)
            elif ignored not in used and is_judging and self._can_judge(ignored.name):
                yield ignored.start, ignored.end, stale_rule(ignored.name)

    def _can_judge(self, rule: str) -> bool:
        """Return True for a rule that is on, and for one that never looks at code."""
        return rule in self._names or RULES[rule].call is None


def _without(code: WidgetCode, comment: CodeComment) -> Fix:
    """Return the fix that removes a comment, with the blanks before it."""
    before = code.text[: comment.start]
    start = len(before.rstrip(" \t"))
    return Fix("Remove it", (Edit(start, comment.end, ""),), True)
