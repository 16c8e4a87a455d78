"""Runs the rules over a document, connector by connector, and keeps what it found for connectors that
stay the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from strongroom.document import Connector, Document, Template
from strongroom.document.connector import Fragment
from strongroom.document.template_parser import has_tags
from strongroom.names import NO_NAMES, Names
from strongroom.validator.findings import Finding, Severity
from strongroom.validator.levels import DEFAULT_LEVELS, Levels
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.rules.unused_ignore import stale
from strongroom.validator.silencing import MARK, ignore_comments

NEEDS_NAMES = ("unknown-secret", "unknown-variable", "wrong-kind")
"""Rules that find nothing without a complete list of names."""


def validate(document: Document, names: Names = NO_NAMES, levels: Levels = DEFAULT_LEVELS) -> list[Finding]:
    """The findings of a document, in the order of the text. Never raises.

    Findings of a connector are kept with it for the same `names` and `levels` objects; `Document.edit`
    carries the connectors over, so after an edit only the edited one is looked at again.
    """
    context = Context(names)
    active = [(rule, level) for rule in RULES.values() if (level := levels.of(rule.name, rule.severity))]
    found: list[Finding] = []
    for connector in document.connectors:
        for finding in _of_fragment(connector.fragment, context, levels, active):
            found.append(finding.moved(connector.base, connector.pointer))
    for rule, level in active:
        if rule.document is not None:
            found.extend(_of_document(document, rule, level, context))
    found.sort(key=_PLACE)
    return found


_PLACE = attrgetter("start", "end", "rule")
_Active = list[tuple[Rule, Severity]]


def _of_fragment(fragment: Fragment, context: Context, levels: Levels, active: _Active) -> Iterable[Finding]:
    memo = fragment.memo
    if memo is not None and memo[0] is context.names and memo[1] is levels:
        kept: tuple[Finding, ...] = memo[2]  # type: ignore[assignment]
        return kept
    found = tuple(_look(fragment.connector, context, active))
    fragment.memo = (context.names, levels, found)
    return found


def _look(connector: Connector, context: Context, active: _Active) -> Iterable[Finding]:
    name = connector.name or connector.permalink or None
    found = [
        _finding(rule, level, mark, name, (mark.pointer or "", mark.field))
        for rule, level in active
        if rule.connector is not None
        for mark in rule.connector(connector, context)
    ]
    checks = [(rule, rule.template, level) for rule, level in active if rule.template is not None]
    silencing = []
    for template in connector.templates:
        text = template.text
        if template.is_damaged or not (has_tags(text) or "get_" in text):
            continue
        at = template.field.pointer, template.field.label
        for rule, check, level in checks:
            found.extend(_finding(rule, level, mark, name, at) for mark in check(template, context))
        if MARK in text:
            silencing.append(template)
    for template in silencing:
        found = _silenced(template, name, found, context, {rule.name: level for rule, level in active})
    return found


def _silenced(
    template: Template,
    connector: str | None,
    found: list[Finding],
    context: Context,
    levels: Mapping[str, Severity],
) -> list[Finding]:
    """The findings without those that the template's comments silence, and with the stale comments."""
    here = [f for f in found if template.start <= f.start and f.end <= template.end]
    there = {finding.rule for finding in here}
    kept = list(found)
    for comment in ignore_comments(template):
        for ignored in comment.rules:
            if ignored.name in there and ignored.name != STALE.name:
                silenced = {id(f) for f in here if f.rule == ignored.name}
                kept = [finding for finding in kept if id(finding) not in silenced]
            elif ignored.name in levels and STALE.name in levels and _is_judged(ignored.name, context):
                mark = stale(template, comment, ignored)
                at = template.field.pointer, template.field.label
                kept.append(_finding(STALE, levels[STALE.name], mark, connector, at))
    return kept


def _is_judged(rule: str, context: Context) -> bool:
    """Whether the rule could have found something with what is known about names."""
    return context.is_strict or rule not in NEEDS_NAMES


def _of_document(document: Document, rule: Rule, level: Severity, context: Context) -> Iterator[Finding]:
    assert rule.document is not None
    for mark in rule.document(document, context):
        connector = document.connector_at(mark.start)
        name = (connector.name or connector.permalink) if connector is not None else None
        pointer = (
            mark.pointer if mark.pointer is not None else connector.pointer if connector is not None else ""
        )
        yield _finding(rule, level, mark, name or None, (pointer, mark.field))


def _finding(rule: Rule, level: Severity, mark: Mark, connector: str | None, at: tuple[str, str]) -> Finding:
    """A finding of a mark; `at` is the pointer and the label of the field."""
    pointer, field = at
    return Finding(
        rule.name,
        level,
        mark.message,
        mark.start,
        mark.end,
        pointer,
        connector,
        field,
        mark.fixes,
        mark.related,
        mark.data,
    )
