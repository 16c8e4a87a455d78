"""Finds the values that a template prints."""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node


def printed(template: TemplateText) -> Iterator[Node]:
    """Yield the expression of each `{{ }}`, in the order of the text."""
    waiting = list(reversed(template.parsed.body))
    while waiting:
        node = waiting.pop()
        if node.kind == "print":
            yield from node.children[:1]
        elif node.kind not in ("data", "raw"):
            for part in reversed(node.children):
                if part.kind in ("body", "else"):
                    waiting.extend(reversed(part.children))
