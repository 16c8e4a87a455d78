"""Describe the symbol at a place of a connector file.

A name has its state in each community, a function the fields that allow it, a field its limits.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.document.json_values import StringValue
from strongroom.names import Kind
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.availability import is_available, places_in_words, symbols_in
from strongroom.platform.fields import (
    AUTHENTICATION_FIELDS,
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    ROW_LISTS,
    FieldFact,
)
from strongroom.platform.template_names import (
    CONTEXT_NAMES,
    FUNCTIONS,
    JINJA_FILTERS,
    MEMBERS,
    PLATFORM_FILTERS,
    STEP_MEMBERS,
)
from strongroom_tui.model.connectors.highlight import SemanticToken, semantic_tokens
from strongroom_tui.model.text.words import one_line, shorten, visible

if TYPE_CHECKING:
    from strongroom.document import Connector, Document, Template
    from strongroom.store.rows.listing import Entry

Piece = tuple[str, str]
Line = list[Piece]
States = Mapping[str, "Entry | None"]
"""Community -> the entry that the community has of one name."""


class SymbolAtCursor(NamedTuple):
    """Hold the kind and the name of the symbol at a place."""

    sort: str
    """"name", "function", "filter", "context", "member", "keyword", "field" or ""."""
    text: str
    owner: str = ""
    """The owner of a member: "user", "steps", ..."""
    template: "Template | None" = None
    path: tuple[str | int, ...] = ()
    connector: "Connector | None" = None


NOTHING: Final = SymbolAtCursor("", "")


def symbol_at(document: "Document", offset: int) -> SymbolAtCursor:
    """Return the name or word of a template at `offset`, or else the field."""
    template = document.template_at(offset)
    if template is not None:
        slot = template.slot_at(offset)
        if slot is not None and slot.text:
            return SymbolAtCursor("name", slot.text, slot.function, template)
        found = _word_at(template, template.from_source(offset))
        if found is not None:
            return found
    connector = document.connector_at(offset)
    if connector is None:
        return NOTHING
    path = path_at(connector, offset)
    return SymbolAtCursor("field", str(path[-1]) if path else "", "", template, path, connector)


def _word_at(template: "Template", offset: int) -> SymbolAtCursor | None:
    tokens = [part for part in semantic_tokens(template) if part.role != "comment"]
    at = next((i for i, part in enumerate(tokens) if part.start <= offset < part.end), None)
    if at is None or tokens[at].token.type != "name":
        return None
    part = tokens[at]
    word = str(part.token.value)
    if at >= 2 and tokens[at - 1].token.type == ".":
        return SymbolAtCursor("member", word, _owner(tokens, at - 2), template)
    sorts = {"call": "function", "filter": "filter", "keyword": "keyword"}
    known = "context" if word in CONTEXT_NAMES else ""
    return SymbolAtCursor(sorts.get(part.role, known), word, "", template)


def _owner(tokens: Sequence[SemanticToken], at: int) -> str:
    """Return the name before a dot: "steps" for `body` in `steps['x'].body`."""
    while at >= 0 and tokens[at].token.type in (".", "name", "[", "]", "string"):
        if tokens[at].token.type == "name" and (at == 0 or tokens[at - 1].token.type != "."):
            return str(tokens[at].token.value)
        at -= 1
    return ""


def path_at(connector: "Connector", offset: int) -> tuple[str | int, ...]:
    """Return the keys and indexes to the member at `offset`, or () outside of all."""
    value, at = connector.value, offset - connector.base
    path: list[str | int] = []
    while True:
        found = next(
            ((str(key.data), member) for key, member in value.members if key.start <= at <= member.end), None
        )
        if found is not None:
            path.append(found[0])
            value = found[1]
            continue
        index = next((i for i, item in enumerate(value.items) if item.start <= at <= item.end), None)
        if index is None:
            return tuple(path)
        path.append(index)
        value = value.items[index]


def describe(symbol: SymbolAtCursor, states: States | None, shown: str, width: int) -> list[Line]:
    """Return the lines about a symbol, folded to `width`.

    `states` are those of a name.
    """
    if symbol.sort == "name":
        return _name(symbol, states, shown, width)
    if symbol.sort == "function":
        fact = FUNCTIONS[symbol.text]
        head: Line = [(fact.signature, "call")]
        return [head, *prose(fact.doc, width), *_availability(symbol, symbol.text, width)]
    if symbol.sort == "filter":
        return _filter(symbol.text, width)
    if symbol.sort == "context":
        fact = CONTEXT_NAMES[symbol.text]
        head = [(fact.signature, "code")]
        return [head, *prose(fact.doc, width), *_availability(symbol, symbol.text, width)]
    if symbol.sort == "member":
        return _member(symbol, width)
    return _field(symbol, width) if symbol.sort == "field" else []


def prose(text: str, width: int, style: str = "") -> list[Line]:
    """Return a folded sentence."""
    return [[(piece, style)] for piece in textwrap.wrap(visible(text), max(16, width))]


def _name(symbol: SymbolAtCursor, states: States | None, shown: str, width: int) -> list[Line]:
    wanted = Kind.VARIABLE if symbol.owner == "get_variable" else Kind.SECRET
    lines: list[Line] = [[(one_line(symbol.text), "strong"), (f"  read as a {wanted.value}", "muted")]]
    if not states:
        return lines
    ordered = sorted(states, key=lambda community: (community != shown, community))
    column = min(24, max(len(one_line(c)) for c in ordered))
    for community in ordered:
        entry = states[community]
        label = one_line(community)[:column]
        lines.append([(f"{label:<{column}}  ", "muted"), *_state(entry, wanted, width - column - 2)])
    return lines


def _state(entry: "Entry | None", wanted: Kind, room: int) -> Line:
    if entry is None:
        return [("✗ missing", "bad")]
    if entry.kind is not wanted:
        return [(f"✗ is a {entry.kind.value}", "bad"), (f"  {entry.kind.function}() reads it", "muted")]
    value = one_line(entry.value or "") if entry.kind is Kind.VARIABLE else ""
    facts = " · ".join(
        fact
        for fact in (value, f"expires {entry.expires[:10]}" if entry.expires else "", one_line(entry.note))
        if fact
    )
    head: Line = [("✓ ", "good"), (entry.kind.value, "")]
    return [*head, ("  " + shorten(facts, room - 4 - len(entry.kind.value)), "muted")] if facts else head


def _availability(symbol: SymbolAtCursor, name: str, width: int) -> list[Line]:
    template = symbol.template
    if template is None:
        return []
    composite = template.in_composite
    where = places_in_words(name, in_composite=composite)
    kind = "steps of composites" if composite else "connectors"
    lines = prose(f"In {kind} it works in {where}.", width, "muted")
    if not is_available(name, template.field.place, in_composite=composite):
        lines.append([("✗ ", "bad"), (f"not in {template.field.place.value}", "")])
    return lines


def _filter(name: str, width: int) -> list[Line]:
    fact = PLATFORM_FILTERS.get(name)
    if fact is not None:
        return [[(fact.signature, "code")], *prose(fact.doc, width)]
    if name in JINJA_FILTERS:
        return [[(name, "code"), ("  one of Jinja2's own filters", "muted")]]
    return [[("✗ ", "bad"), (f"no filter is named {one_line(name)}", "")]]


def _member(symbol: SymbolAtCursor, width: int) -> list[Line]:
    owner = CONTEXT_NAMES.get(symbol.owner)
    if owner is None:
        return []
    head: Line = [(f"{symbol.owner}", "code"), (f" … {one_line(symbol.text)}", "strong")]
    known = MEMBERS.get(symbol.owner) or (STEP_MEMBERS if symbol.owner == "steps" else ())
    fields = prose("Its fields: " + ", ".join(known) + ".", width, "muted") if known else []
    return [head, *prose(owner.doc, width), *fields, *_availability(symbol, symbol.owner, width)]


def _field(symbol: SymbolAtCursor, width: int) -> list[Line]:
    fact = _fact(symbol)
    lines: list[Line] = []
    if fact is not None:
        lines.append([(fact.name, "strong")])
        lines += prose(_limits(fact), width, "muted")
        lines += prose(fact.doc, width)
    if symbol.template is not None:
        here = symbols_in(symbol.template.field.place, in_composite=symbol.template.in_composite)
        lines += prose("Here: " + ", ".join(here) + ".", width, "muted")
    return lines


def _limits(fact: FieldFact) -> str:
    facts = [
        fact.type,
        "required" if fact.required else "",
        f"at most {fact.limit:,} characters" if fact.limit else "",
        f"default {fact.default}" if isinstance(fact.default, str) and fact.default else "",
        ", ".join(fact.allowed),
    ]
    return " · ".join(part for part in facts if part)


def _fact(symbol: SymbolAtCursor) -> FieldFact | None:
    path = list(symbol.path)
    composite = symbol.connector is not None and symbol.connector.is_composite
    if composite and path[:1] == ["steps"]:
        if len(path) < 3:
            return COMPOSITE_FIELDS["steps"]
        path, composite = path[2:], False
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return None
    table: Mapping[str, FieldFact] = COMPOSITE_FIELDS if composite else CONNECTOR_FIELDS
    if len(keys) == 1:
        return table.get(keys[0])
    if keys[0] in ROW_LISTS:
        return ROW_LISTS[keys[0]].get(keys[1])
    if keys[0] != "authentication":
        return None
    return AUTHENTICATION_FIELDS.get(keys[1]) if len(keys) == 2 else _config_fact(symbol, keys[2])


def _config_fact(symbol: SymbolAtCursor, key: str) -> FieldFact | None:
    owner = symbol.connector.value if symbol.connector else None
    for part in symbol.path[: symbol.path.index("authentication") + 1]:
        if owner is None:
            return None
        owner = owner.get(part) if isinstance(part, str) else owner.items[part]
    kind = owner.get("type") if owner is not None else None
    auth = AUTH_TYPES.get(kind.data) if isinstance(kind, StringValue) else None
    field = auth.fields.get(key) if auth else None
    if field is None:
        return None
    return FieldFact(
        field.name, "string", field.required, field.default, allowed=field.allowed, doc=field.doc
    )
