"""Keep the findings of templates.

The same text in the same kind of field has the same marks in every file.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_parser import parse_template
from strongroom.platform.places import FieldPlace
from strongroom.validator.marks import Marked

_MOST: Final = 20_000
"""Limit the number of templates that are kept, because long sessions must not grow without end."""


class TemplateCache:
    """Keep the trees of templates by text, and their marks, which `look` finds.

    Marks are kept by text and place, and apart for templates that a composite holds.
    """

    def __init__(self, look: Callable[[TemplateText], tuple[Marked, ...]], *, is_on: bool) -> None:
        most = _MOST if is_on else 0
        self._look = look
        self.parsed = lru_cache(most)(parse_template)
        self.marks = lru_cache(most)(self._marks)

    def _marks(self, text: str, place: FieldPlace, in_composite: bool) -> tuple[Marked, ...]:
        return self._look(TemplateText(text, place, in_composite=in_composite, parsed=self.parsed(text)))
