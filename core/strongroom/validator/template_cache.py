"""Keep the findings of templates.

The same text in the same kind of field has the same marks in every file.
"""

from collections.abc import Callable
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import ParsedTemplate
from strongroom.document.template_parser import parse_template
from strongroom.platform.places import FieldPlace
from strongroom.validator.marks import Marked

_MOST: Final = 20_000
"""Limit the number of templates that are kept.

Past it all are dropped, because long sessions must not grow without end.
"""

Marks = tuple[Marked, ...]
Look = Callable[[TemplateText], Marks]


class TemplateCache:
    """Keep the trees of templates by text, and their marks.

    Marks are kept by text and place, and apart for templates that a composite holds.
    """

    __slots__ = ("_marks", "_most", "_parsed")

    def __init__(self, *, is_on: bool) -> None:
        self._most = _MOST if is_on else 0
        self._parsed: dict[str, ParsedTemplate] = {}
        self._marks: dict[tuple[str, FieldPlace, bool], Marks] = {}

    def parsed(self, text: str) -> ParsedTemplate:
        """Return the tree of a template."""
        found = self._parsed.get(text)
        if found is None:
            found = self._parsed[text] = parse_template(text)
            if len(self._parsed) > self._most:
                self._parsed.clear()
        return found

    def marks(self, text: str, place: FieldPlace, *, in_composite: bool, look: Look) -> Marks:
        """Return the marks of a template, by `look` if they are not known."""
        key = text, place, in_composite
        found = self._marks.get(key)
        if found is None:
            template = TemplateText(text, place, in_composite=in_composite, parsed=self.parsed(text))
            found = self._marks[key] = look(template)
            if len(self._marks) > self._most:
                self._marks.clear()
        return found
