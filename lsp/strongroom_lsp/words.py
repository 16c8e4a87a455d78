"""Completion of what a template can call and read, by what is available in its field (PLATFORM §2)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from strongroom.document import Template
from strongroom.document.connector import Connector
from strongroom.platform.availability import places_in_words, symbols_in
from strongroom.platform.template_names import (
    CONTEXT_NAMES,
    FILTERS,
    FUNCTIONS,
    JINJA_TESTS,
    MEMBERS,
    PLATFORM_FILTERS,
    PROFILE_MEMBERS,
    STEP_MEMBERS,
)

from .capabilities import Client
from .expression import expression_before, written_before
from .jinja_filters import JINJA_FILTER_TEXTS
from .name_texts import escaped
from .open_documents import OpenDocument

# A filter after `|`, a test after `is`, a field after `name.` or `steps.name.`, else a function or name; nothing
# after any other dot.
_PLACE: Final = re.compile(
    r"(?:(?P<pipe>\|)\s*|\bis\s+(?P<test>)(?:not\s+)?|(?<![\w.'\])])(?P<owner>[A-Za-z_]\w*)\.|"
    r"(?<![\w.])steps(?:\.\w+|\[\s*''\s*\])(?P<step>)\.|"
    r"(?<![\w.])user\.profile_fields(?P<profile>)\.|(?P<dot>\.))?(?P<begun>[A-Za-z_]\w*)?\Z",
    re.ASCII,
)
_BRACKET: Final = re.compile(
    r"""(?<![\w.])(?P<owner>steps|pathParams)\[\s*['"](?P<begun>[\w-]*)\Z""", re.ASCII
)
_SNIPPETS: Final = {"get_secret": "get_secret('$1')", "get_variable": "get_variable('$1')"}

FUNCTION, FIELD, VARIABLE, OPERATOR, KEYWORD = 3, 5, 6, 24, 14
"""`CompletionItemKind`s."""


def complete_words(opened: OpenDocument, offset: int, client: Client) -> list[dict[str, Any]]:
    """Functions, context names, their fields, filters and tests; nothing outside an expression's braces."""
    template = opened.document.template_at(offset)
    if template is not None and (items := _quoted_members(opened, template, offset)):
        return items
    inside = None if template is None else expression_before(template, offset)
    if template is None or inside is None or (place := _PLACE.search(inside)) is None or place["dot"]:
        return []
    begun = template.from_source(offset) - len(place["begun"] or "")
    edited = opened.positions.range(template.to_source(begun), offset)
    return [_item(name, kind, edited, client) for name, kind in _words(opened, template, place)]


def _quoted_members(opened: OpenDocument, template: Template, offset: int) -> list[dict[str, Any]]:
    """The steps inside `steps['...']`, the parameters inside `pathParams['...']`."""
    inside = written_before(template, offset)
    found = None if inside is None else _BRACKET.search(inside)
    connector = opened.document.connector_at(template.start)
    if found is None or connector is None:
        return []
    known = (
        path_parameters(connector)
        if found["owner"] == "pathParams"
        else earlier_steps(connector, template.start)
    )
    begun = template.from_source(offset) - len(found["begun"])
    edited = opened.positions.range(template.to_source(begun), offset)
    return [_item(name, FIELD, edited, Client()) for name in known]


def document_word(name: str, is_markdown: bool) -> str:
    """What a function, name or filter is, and the fields where it exists."""
    described = FUNCTIONS.get(name) or CONTEXT_NAMES.get(name) or PLATFORM_FILTERS.get(name)
    if described is None:
        text = JINJA_FILTER_TEXTS.get(name, "")
        return escaped(text) if is_markdown else text
    lines = [described.doc]
    if name in FUNCTIONS or name in CONTEXT_NAMES:
        lines.append(f"In {places_in_words(name)}.")
        lines.append(f"In a composite's step: {places_in_words(name, in_composite=True)}.")
    return "\n\n".join(escaped(line) if is_markdown else line for line in lines)


def _words(opened: OpenDocument, template: Template, place: re.Match[str]) -> Iterator[tuple[str, int]]:
    if place["pipe"]:
        yield from ((name, OPERATOR) for name in sorted(FILTERS))
    elif place["test"] is not None:
        yield from ((name, KEYWORD) for name in sorted(JINJA_TESTS) if name.isidentifier())
    elif place["step"] is not None:
        yield from ((name, FIELD) for name in STEP_MEMBERS)
    elif place["profile"] is not None:
        yield from ((name, FIELD) for name in PROFILE_MEMBERS)
    elif place["owner"]:
        yield from ((name, FIELD) for name in _members(opened, template, place["owner"]))
    else:
        for name in symbols_in(template.field.place, in_composite=template.in_composite):
            yield name, FUNCTION if name in FUNCTIONS else VARIABLE


def _members(opened: OpenDocument, template: Template, owner: str) -> Iterable[str]:
    connector = opened.document.connector_at(template.start)
    if connector is not None and owner == "pathParams":
        return path_parameters(connector)
    if connector is not None and owner == "steps":
        return [step for step in earlier_steps(connector, template.start) if step.isidentifier()]
    return MEMBERS.get(owner, ())


def path_parameters(connector: Connector) -> list[str]:
    """The keys of the connector's path parameters."""
    rows = connector.value.get("path_parameters")
    keys = [row.get("key") for row in (rows.items if rows is not None else ())]
    return [key.data for key in keys if key is not None and isinstance(key.data, str) and key.data]


def earlier_steps(connector: Connector, offset: int) -> list[str]:
    """The names of the composite's steps that end before the offset: only those can be read there."""
    return [step.name for step in connector.steps if step.name and step.end <= offset]


def _item(name: str, kind: int, place: dict[str, Any], client: Client) -> dict[str, Any]:
    snippet = _SNIPPETS.get(name) if client.snippets and kind == FUNCTION else None
    described = FUNCTIONS.get(name) or PLATFORM_FILTERS.get(name) or CONTEXT_NAMES.get(name)
    item: dict[str, Any] = {
        "label": name,
        "kind": kind,
        "filterText": name,
        "textEdit": {"range": place, "newText": snippet or name},
    }
    if kind != FIELD:  # a field, step or parameter may be called as a function is, and is another thing
        item["data"] = {"kind": "word", "name": name}
        if described is not None:
            item["detail"] = described.signature
    if snippet:
        item["insertTextFormat"] = 2
    return item
