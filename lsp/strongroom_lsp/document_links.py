"""Links: an address written in a field, and the page of a rule that a comment silences."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from strongroom.document import Template
from strongroom.validator.silencing import MARK, ignore_comments

from .asking import document_of
from .rule_pages import page_uri

if TYPE_CHECKING:
    from .session import Session

_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>{}|\\^`]+")

Link = tuple[int, int, str, str]


def answer(session: "Session", params: Any) -> object:
    """`textDocument/documentLink`."""
    opened = document_of(session, params)
    if opened is None:
        return None
    return [
        {"range": opened.positions.range(start, end), "target": target, "tooltip": tooltip}
        for template in opened.document.templates
        for start, end, target, tooltip in _links(template)
    ]


def _links(template: Template) -> Iterator[Link]:
    place = template.to_source
    if "://" in template.text:
        for found in _ADDRESS.finditer(template.text):
            # What follows in braces is filled in later: only the part before it can be opened.
            text = found.group().rstrip(".,;:!?)")
            if "." in text[8:]:
                yield place(found.start()), place(found.start() + len(text)), text, "Open the address"
    if MARK in template.text:
        for comment in ignore_comments(template):
            for rule in comment.rules:
                if page := page_uri(rule.name):
                    yield place(rule.start), place(rule.end), page, f"What {rule.name} finds"
