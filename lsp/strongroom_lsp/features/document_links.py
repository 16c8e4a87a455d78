"""Link addresses in fields, and rules in comments to their pages."""

import re
from collections.abc import Iterator
from typing import Final

from lsprotocol import types

from strongroom.document import Document
from strongroom.validator.silencing import MARK, ignore_comments
from strongroom_lsp.diagnostics.rule_pages import page_uri
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.services import Services

_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>{}|\\^`]+")

Link = tuple[int, int, str, str]


def document_link(services: Services, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Answer `textDocument/documentLink`."""
    opened = document_of(services, params)
    if opened is None:
        return None
    return [
        types.DocumentLink(opened.range(start, end), target, tooltip)
        for start, end, target, tooltip in sorted({*_addresses(opened.document), *_rules(opened.document)})
    ]


def _addresses(document: Document) -> Iterator[Link]:
    """Yield the addresses anywhere in the file's text.

    Going through every template takes ten times as long.
    """
    for found in _ADDRESS.finditer(document.text):
        # A template is filled in later. Only the part before it can be opened.
        address = found.group().rstrip(".,;:!?)")
        if "." in address[8:]:
            yield found.start(), found.start() + len(address), address, "Open the address"


def _rules(document: Document) -> Iterator[Link]:
    at = document.text.find(MARK)
    while at >= 0:
        template = document.template_at(at)
        for comment in ignore_comments(template.parsed) if template is not None else ():
            for rule in comment.rules:
                if template is not None and (page := page_uri(rule.name)):
                    place = template.to_source
                    yield place(rule.start), place(rule.end), page, f"Open the page of {rule.name}"
        at = document.text.find(MARK, at + 1)
