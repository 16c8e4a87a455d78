"""Explain names, functions, filters and fields, and where they may be used."""

from typing import Final

from lsprotocol import types

from strongroom.document import Document
from strongroom.document.template_facts import calls_that_may_miss
from strongroom.names import Knowledge, Names
from strongroom.platform.availability import is_available, places_in_words
from strongroom.platform.places import FieldPlace
from strongroom_lsp.documents.json_places import field_at
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.documents.template_places import word_at
from strongroom_lsp.features.completing.template_words import document_word
from strongroom_lsp.features.name_texts import escaped, facts, headline, unknown_text
from strongroom_lsp.features.request_targets import markup, offers_keys, place_of
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.services import Services

WHY: Final = {
    FieldPlace.URL: "URLs end up in logs.",
    FieldPlace.REQUEST_BODY: "Bodies are forwarded.",
    FieldPlace.RESPONSE_BODY: "Responses go back to the browser.",
}
"""Field -> why secrets do not resolve there (PLATFORM §2)."""


def hover(services: Services, params: types.HoverParams) -> types.Hover | None:
    """Answer `textDocument/hover`."""
    place = place_of(services, params)
    if place is None:
        return None
    opened, offset = place
    names = services.context_of(opened).names
    return hover_at(opened, offset, names, services.client, with_keys=offers_keys(services, opened))


def hover_at(
    opened: OpenDocument, offset: int, names: Names, client: Client, *, with_keys: bool = True
) -> types.Hover | None:
    """Return what is known about the text at `offset`, or None."""
    found = _name(opened.document, offset, names, client.markdown_hover) or _word(
        opened.document, offset, client.markdown_hover
    )
    if found is None and with_keys:
        found = _field(opened.document, offset, client.markdown_hover)
    if found is None:
        return None
    text, start, end = found
    return types.Hover(markup(text, client.markdown_hover), opened.range(start, end))


def _name(document: Document, offset: int, names: Names, is_markdown: bool) -> tuple[str, int, int] | None:
    slot = document.string_slot_at(offset)
    if slot is None or not slot.text:
        return None
    known = names.get(slot.text)
    if known is None:
        text = unknown_text(slot.text, names)
        if names.knowledge is Knowledge.COMPLETE and _may_miss(document, slot.start):
            text += " The default is used in its place."
        text = escaped(text) if is_markdown else text
    else:
        name = f"`{known.name}`" if is_markdown else known.name
        head = headline(known, names)
        text = f"{name}: {escaped(head) if is_markdown else head}"
        if more := facts(known, is_markdown):
            text += f"\n\n{more}"
    if misplaced := why_not(slot.function, document, offset):
        text += "\n\n" + (escaped(misplaced) if is_markdown else misplaced)
    if elsewhere := _elsewhere(slot.text, names):
        text += "\n\n" + (escaped(elsewhere) if is_markdown else elsewhere)
    return text, slot.start, slot.end


def _may_miss(document: Document, offset: int) -> bool:
    """Return True if the name at an offset may be missing by design."""
    template = document.template_at(offset)
    if template is None:
        return False
    at, may_miss = template.from_source(offset), calls_that_may_miss(template.parsed)
    return any(call.argument[0] == at and call.node in may_miss for call in template.content.calls)


def why_not(function: str, document: Document, offset: int) -> str:
    """Return why a function does not work in the field at the offset, or ""."""
    template = document.template_at(offset)
    if template is None:
        return ""
    place, in_composite = template.field.place, template.in_composite
    if is_available(function, place, in_composite=in_composite):
        return ""
    where = places_in_words(function, in_composite=in_composite)
    return f"{function} does not work in {place.value}, only in {where}. {WHY.get(place, '')}".strip()


def _elsewhere(name: str, names: Names) -> str:
    """Return which other communities have the name.

    For example: "Also in staging, test; not in training."
    """
    lists = [other for other in names.others if other.knowledge is Knowledge.COMPLETE]
    have = [other.community for other in lists if other.get(name) is not None]
    missing = [other.community for other in lists if other.get(name) is None]
    parts = []
    if have:
        parts.append(f"{'Also in' if names.get(name) is not None else 'In'} {', '.join(have)}")
    if missing:
        parts.append(f"not in {', '.join(missing)}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def _word(document: Document, offset: int, is_markdown: bool) -> tuple[str, int, int] | None:
    found = word_at(document, offset)
    if found is None:
        return None
    name, signature, start, end = found
    text = document_word(name, is_markdown)
    if not text:
        return None
    head = f"```jinja\n{signature}\n```" if is_markdown else signature
    return f"{head}\n\n{text}", start, end


def _field(document: Document, offset: int, is_markdown: bool) -> tuple[str, int, int] | None:
    found = field_at(document, offset)
    if found is None:
        return None
    text = escaped(found.text) if is_markdown else found.text
    name = f"`{found.name}`" if is_markdown else found.name
    return f"{name}: {text}", found.start, found.end
