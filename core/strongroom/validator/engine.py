"""Runs the rules over a document, connector by connector, and keeps what it found for connectors that
stay the same.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from strongroom.document import Connector, Document, Template
from strongroom.document.connector import Fragment
from strongroom.document.template_parser import has_tags
from strongroom.names import NO_NAMES, Names
from strongroom.validator.findings import Finding, Severity
from strongroom.validator.levels import DEFAULT_LEVELS, Levels
from strongroom.validator.memory import Memory
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
    memory = _memory(document, names, levels)
    found: list[Finding] = []
    for connector in document.connectors:
        kept = _of_fragment(connector.fragment, memory)
        if kept:
            base, pointer = connector.base, connector.pointer
            found.extend([finding.moved(base, pointer) for finding in kept])
    for rule, check, level in memory.document_checks:
        found.extend(_of_document(document, rule, level, check(document, memory.context)))
    found.sort(key=_PLACE)
    return found


_PLACE = attrgetter("start", "end", "rule")


def _memory(document: Document, names: Names, levels: Levels) -> Memory:
    """What is remembered in this document and those edited from it, for these names and levels."""
    memory = document.memory.found
    if not isinstance(memory, Memory) or memory.context.names is not names or memory.levels is not levels:
        memory = document.memory.found = Memory(names, levels, RULES.values())
    return memory


def _of_fragment(fragment: Fragment, memory: Memory) -> tuple[Finding, ...]:
    kept = fragment.memo
    if kept is not None and kept[0] is memory:
        found: tuple[Finding, ...] = kept[1]
        return found
    found = tuple(_look(fragment.connector, memory))
    fragment.memo = (memory, found)
    return found


def _look(connector: Connector, memory: Memory) -> list[Finding]:
    name = connector.name or connector.permalink or None
    templates = [template for template in connector.templates if _is_checked(template)]
    for template in templates:
        memory.recall(template)
    context = memory.context
    found = [
        _finding(rule, level, mark, name, (mark.pointer or "", mark.field))
        for rule, check, level in memory.connector_checks
        for mark in check(connector, context)
    ]
    for template in templates:
        at = template.field.pointer, template.field.label
        found.extend(_finding(rule, level, mark, name, at) for rule, level, mark in memory.marks(template))
    for template in templates:
        if MARK in template.text:
            found = _silenced(template, name, found, memory)
    return found


def _is_checked(template: Template) -> bool:
    return not template.is_damaged and (has_tags(template.text) or "get_" in template.text)


def _silenced(
    template: Template, connector: str | None, found: list[Finding], memory: Memory
) -> list[Finding]:
    """The findings without those that the template's comments silence, and with the stale comments."""
    here = [f for f in found if template.start <= f.start and f.end <= template.end]
    there = {finding.rule for finding in here}
    kept = list(found)
    levels = memory.levels_of_rules
    for comment in ignore_comments(template):
        for ignored in comment.rules:
            if ignored.name in there and ignored.name != STALE.name:
                silenced = {id(f) for f in here if f.rule == ignored.name}
                kept = [finding for finding in kept if id(finding) not in silenced]
            elif ignored.name in levels and STALE.name in levels and _is_judged(ignored.name, memory.context):
                mark = stale(template, comment, ignored)
                at = template.field.pointer, template.field.label
                kept.append(_finding(STALE, levels[STALE.name], mark, connector, at))
    return kept


def _is_judged(rule: str, context: Context) -> bool:
    """Whether the rule could have found something with what is known about names."""
    return context.is_strict or rule not in NEEDS_NAMES


def _of_document(document: Document, rule: Rule, level: Severity, marks: Iterable[Mark]) -> Iterator[Finding]:
    for mark in marks:
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
