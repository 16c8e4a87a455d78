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
from strongroom.validator.memory import Memories, Memory
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.rules.unused_ignore import stale
from strongroom.validator.shape_findings import ShapeFindings
from strongroom.validator.silencing import MARK, ignore_comments

NEEDS_NAMES = ("unknown-secret", "unknown-variable", "wrong-kind")
"""Rules that find nothing without a complete list of names."""


def validate(
    document: Document, names: Names | tuple[Names, ...] = NO_NAMES, levels: Levels = DEFAULT_LEVELS
) -> list[Finding]:
    """The findings of a document, in the order of the text. Never raises.

    With several lists of names, one of each community, these are the findings under any of them, each once.
    Findings of a connector are kept with it for the same `names` and `levels` objects; `Document.edit`
    carries the connectors over, so after an edit only the edited one is looked at again.
    """
    memory = memory_of(document, names, levels)
    found: list[Finding] = []
    for fragment, base, pointer in document.placed:
        kept = findings_in(fragment, memory)
        if kept:
            found.extend([finding.moved(base, pointer) for finding in kept])
    found.extend(findings_around(document, memory))
    found.sort(key=_PLACE)
    return found


def findings_around(document: Document, memory: Memory) -> list[Finding]:
    """The findings that no single connector has, with source offsets."""
    found: list[Finding] = []
    if document.outside.memo is not memory:
        for rule, check, level in memory.outside_checks:
            found.extend(_of_document(document, rule, level, check(document, memory.context)))
        # Only that there are none is remembered: those that there are may move.
        document.outside.memo = None if found else memory
    for rule, check, level in memory.document_checks:
        found.extend(_of_document(document, rule, level, check(document, memory.context)))
    return found


_PLACE = attrgetter("start", "end", "rule")


def memory_of(document: Document, names: Names | tuple[Names, ...], levels: Levels) -> Memory:
    """What is remembered for these names and levels, in this document and those that share its memory."""
    lists = (names,) if isinstance(names, Names) else names
    memories = document.memory.found
    if not isinstance(memories, Memories):
        memories = document.memory.found = Memories()
    return memories.of(lists, levels, document.memory.values)


def findings_in(fragment: Fragment, memory: Memory) -> tuple[Finding, ...]:
    """The findings of a connector by itself in their order, with offsets relative to its start."""
    kept = fragment.memo
    if kept is not None and kept[0] is memory:
        found: tuple[Finding, ...] = kept[1]
        return found
    found = tuple(sorted(_of_all_lists(fragment, memory), key=_PLACE))
    fragment.memo = (memory, found)
    return found


def _of_all_lists(fragment: Fragment, memory: Memory) -> Iterable[Finding]:
    """What is found under any list of names; what does not depend on them is in all, and reported once."""
    found = _of_shape(fragment, memory)
    if not memory.also:
        return found
    merged = {(f.start, f.end, f.rule, f.message): f for f in found}
    for other in memory.also:
        for finding in _of_shape(fragment, other):
            merged.setdefault((finding.start, finding.end, finding.rule, finding.message), finding)
    return [merged[place] for place in sorted(merged)]


def _of_shape(fragment: Fragment, memory: Memory) -> tuple[Finding, ...]:
    """What was found in a connector of the same shape, where what is known about the names is the same."""
    key = memory.class_of(fragment)
    known = memory.of_shapes.get(key) if key is not None else None
    if known is not None:
        return known.in_fragment(fragment)
    found = _look(fragment, memory)
    if key is not None:
        memory.keep(key, ShapeFindings.of(fragment, found))
    return found


def _look(fragment: Fragment, memory: Memory) -> tuple[Finding, ...]:
    if fragment.is_sound and memory.quick_look.finds_nothing(fragment):
        return ()
    return tuple(look_with_places(fragment.connector, memory))


def look_with_places(connector: Connector, memory: Memory) -> list[Finding]:
    """What the rules find in a connector by itself."""
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
