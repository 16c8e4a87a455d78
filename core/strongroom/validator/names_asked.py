"""Find out if a document asks for secrets or variables, known or not."""

from typing import Final

from strongroom.document import Document, TemplateText
from strongroom.document.connector import Fragment
from strongroom.document.template_parser import parse_template
from strongroom.names import Kind
from strongroom.validator.parts import CheckedConnector

_FUNCTIONS: Final = frozenset(kind.function for kind in Kind)


def asks_for_names(document: Document) -> bool:
    """Return True if a template of the document asks for a secret or a variable."""
    return any(_asks(fragment) for fragment, _, _ in document.placed)


def _asks(fragment: Fragment) -> bool:
    if "get_" not in fragment.source and "\\u" not in fragment.source:
        return False
    return any(
        call.function in _FUNCTIONS
        for request in CheckedConnector(fragment, parse_template).requests
        for template in request.templates
        if "get_" in template.text
        for call in TemplateText(template.text, template.place, in_composite=request.is_step).calls
    )
