"""Show the state of each name behind its quotes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from lsprotocol import types

from strongroom.document import Document
from strongroom.document.template_facts import calls_that_may_miss
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator.rules.shared import NAMED_FUNCTIONS
from strongroom_lsp.features.name_texts import facts, headline, unknown_text
from strongroom_lsp.features.request_targets import document_of, markup
from strongroom_lsp.services import Services

_LONGEST: Final = 40
"""Characters of a variable's value in a hint. Hover shows all of it."""

_SOON: Final = 30
"""Days before the end from which an expiry is shown."""


def inlay_hint(services: Services, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Answer `textDocument/inlayHint`."""
    opened = document_of(services, params)
    if opened is None or not services.contexts.options.inlay_hints:
        return None
    names = services.context_of(opened).names
    if names.knowledge is Knowledge.NONE:
        return []
    first, last = opened.offsets_of_range(params.range)
    today = datetime.now(UTC).date()
    return [
        _hint_at(opened.position_at_offset(use.end), label, use.name, names)
        for use in _uses(opened.document, first, last)
        if (label := hint(use.name, use.kind, names, today, may_miss=use.may_miss))
    ]


class _Use(NamedTuple):
    """Hold a name that a template reads, and the offset behind its quotes."""

    name: str
    kind: Kind
    end: int
    may_miss: bool


def _uses(document: Document, first: int, last: int) -> Iterator[_Use]:
    """Yield the names that templates read between two offsets."""
    for connector in document.connectors:
        if connector.end < first or connector.start > last:
            continue
        for template in connector.templates:
            if template.is_damaged or "get_" not in template.text:
                continue
            for call in template.content.calls:
                kind = NAMED_FUNCTIONS.get(call.function)
                end = template.to_source(call.literal[1])
                if call.name is not None and kind is not None and first <= end <= last:
                    may_miss = call.node in calls_that_may_miss(template.parsed)
                    yield _Use(call.name, kind, end, may_miss)


def _hint_at(position: types.Position, label: str, name: str, names: Names) -> types.InlayHint:
    tooltip = markup(_tooltip(name, names), is_markdown=False)
    return types.InlayHint(position, label, tooltip=tooltip, padding_left=True)


def hint(name: str, kind: Kind, names: Names, today: date, *, may_miss: bool = False) -> str:
    """Return the state of a name in a word or two, or "" if nothing is known."""
    known = names.get(name)
    if known is None:
        if names.knowledge is not Knowledge.COMPLETE:
            return ""
        if may_miss:
            return "→ default"
        elsewhere = [other.community for other in names.others if other.get(name) is not None]
        return f"✗ only in {', '.join(elsewhere)}" if elsewhere else "✗ unknown"
    if known.kind is not kind:
        return f"✗ is a {known.kind.value}"
    if ends := _expiry(known, today):
        return ends
    if known.kind is Kind.VARIABLE and known.value is not None:
        value = " ".join(known.value.split())
        return f"= {value[: _LONGEST - 1]}…" if len(value) > _LONGEST else f"= {value}"
    return "✓"


def _expiry(name: Name, today: date) -> str:
    try:
        ends = date.fromisoformat(name.expires[:10])
    except ValueError:
        return ""
    days = (ends - today).days
    if days < 0:
        return f"✗ expired {name.expires}"
    return f"! expires {name.expires}" if days <= _SOON else ""


def _tooltip(name: str, names: Names) -> str:
    known = names.get(name)
    if known is None:
        return unknown_text(name, names)
    more = facts(known, is_markdown=False)
    return headline(known, names) + (f"\n{more}" if more else "")
