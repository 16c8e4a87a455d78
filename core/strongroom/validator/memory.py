"""What the validator keeps between the checks of a document and of those edited from it."""

from collections.abc import Iterable, Sequence
from typing import Final

from strongroom.document import Template
from strongroom.document.connector import Fragment
from strongroom.document.plain_values import PlainValues
from strongroom.document.shapes import CALLED
from strongroom.document.template_parser import ParsedTemplate, has_tags
from strongroom.names import Names
from strongroom.validator.findings import Severity
from strongroom.validator.levels import Levels
from strongroom.validator.name_classes import NameClasses
from strongroom.validator.quick_look import QuickLook
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.shape_findings import ShapeFindings

_MOST: Final = 20_000
"""How many templates are kept. Past it everything is forgotten: long sessions must not grow without end."""

_MOST_MEMORIES: Final = 8

TemplateMarks = tuple[tuple[Rule, Severity, Mark], ...]


class Memory:
    """The rules that run for one list of names and one choice of levels, and what they found in templates.

    The same template in the same kind of field has the same marks wherever it stands, so each is looked at
    once: marks are kept relative to the template's start. `also` are the memories of the other communities that a
    document is checked for.
    """

    __slots__ = (
        "_classes",
        "_marks",
        "_parsed",
        "also",
        "connector_checks",
        "context",
        "document_checks",
        "levels",
        "levels_of_rules",
        "of_shapes",
        "outside_checks",
        "quick_look",
        "template_checks",
    )

    def __init__(self, names: Names, levels: Levels, rules: Iterable[Rule], values: PlainValues) -> None:
        self.context = Context(names)
        self.also: tuple[Memory, ...] = ()
        self.levels = levels
        active = [(rule, level) for rule in rules if (level := levels.of(rule.name, rule.severity))]
        self.levels_of_rules = {rule.name: level for rule, level in active}
        self.template_checks = [(rule, rule.template, level) for rule, level in active if rule.template]
        self.connector_checks = [(rule, rule.connector, level) for rule, level in active if rule.connector]
        self.document_checks = [(rule, rule.document, level) for rule, level in active if rule.document]
        self.outside_checks = [(rule, rule.outside, level) for rule, level in active if rule.outside]
        self._classes = NameClasses(self.context)
        self.quick_look = QuickLook(
            self.context,
            self._classes,
            values,
            [check for _, check, _ in self.connector_checks],
            [check for _, check, _ in self.template_checks],
        )
        self.of_shapes: dict[tuple[object, ...], ShapeFindings] = {}
        self._parsed: dict[str, ParsedTemplate] = {}
        self._marks: dict[tuple[str, str, bool], TemplateMarks] = {}

    def class_of(self, fragment: Fragment) -> tuple[object, ...] | None:
        """What decides what is found in a connector: its shape, and all that is known about the names that it asks
        for. None where a name is unknown: then its very letters count.
        """
        shape = fragment.shape
        if shape is None:
            return None
        found: list[object] = [shape]
        source, class_of = fragment.source, self._classes.of
        for kind, (start, end) in zip(shape.kinds, fragment.holes, strict=True):
            if kind == CALLED:
                known = class_of(source[start:end])
                if known is None:
                    return None
                found.append(known)
        return tuple(found)

    def keep(self, key: tuple[object, ...], found: ShapeFindings | None) -> None:
        """Keep what was found for a key of `class_of`; nothing where it holds for one connector only."""
        if found is not None:
            if len(self.of_shapes) >= _MOST:
                self.of_shapes.clear()
            self.of_shapes[key] = found

    def recall(self, template: Template) -> None:
        """Give the template the tree of an equal one, where there is one."""
        string = template.string
        if string.template is None and has_tags(template.text):
            known = self._parsed.get(template.text)
            if known is not None:
                string.template = known

    def marks(self, template: Template) -> TemplateMarks:
        """The marks of the rules about templates, relative to the connector, as `template` is."""
        if self.quick_look.has_nothing_in(template):
            return ()
        string = template.string
        # Escapes count: the same text written in another way has its marks elsewhere.
        source = string.raw if string.raw is not None else template.text
        key = source, template.field.place.value, template.in_composite
        found = self._marks.get(key)
        start = template.start
        if found is None:
            context = self.context
            marks = tuple(
                (rule, level, mark)
                for rule, check, level in self.template_checks
                for mark in check(template, context)
            )
            if len(self._marks) >= _MOST:
                self._marks.clear()
                self._parsed.clear()
            if isinstance(string.template, ParsedTemplate):
                self._parsed[template.text] = string.template
            self._marks[key] = tuple((rule, level, mark.moved(-start)) for rule, level, mark in marks)
            return marks
        return tuple((rule, level, mark.moved(start)) for rule, level, mark in found) if found else ()


class Memories:
    """The memories of several lists of names and choices of levels: communities and folders have their own."""

    __slots__ = ("_all",)

    def __init__(self) -> None:
        self._all: dict[tuple[tuple[int, ...], Levels], Memory] = {}

    def of(self, lists: Sequence[Names], levels: Levels, values: PlainValues) -> Memory:
        """The memory for these lists of names and equal levels; a new one uses `values`."""
        # A memory holds on to its list of names, so that no other can have its number.
        key = tuple(map(id, lists)), levels
        memory = self._all.get(key)
        if memory is None:
            if len(self._all) >= _MOST_MEMORIES:
                self._all.clear()
            memory, *also = [Memory(names, levels, RULES.values(), values) for names in lists]
            memory.also = tuple(also)
            self._all[key] = memory
        return memory
