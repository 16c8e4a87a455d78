"""Suggest another place or function for a misplaced secret.

It is not a fix, because the person has to look at it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from strongroom.document import Call, Connector, Document, Template, encode
from strongroom.names import Kind
from strongroom.platform.places import FieldPlace
from strongroom.validator import Edit, Finding
from strongroom.validator.editing import add_member
from strongroom.validator.rules.shared import resolves

Rewrite = tuple[str, list[Edit]]

MISPLACED: Final = "misplaced-secret"
"""The rule whose findings suggest a rewrite."""

_QUERY: Final = re.compile(r"([?&])([A-Za-z0-9_.~-]+)=\Z")


def rewrites(document: Document, findings: Sequence[Finding]) -> list[Rewrite]:
    """Return the rewrites for each secret in a field where secrets do not resolve.

    They move it to a header or query parameter, or read a Variable in its place.
    """
    found: list[Rewrite] = []
    for finding in findings:
        if finding.rule != MISPLACED:
            continue
        template = document.template_at(finding.start)
        connector = document.connector_at(finding.start)
        call = _call_at(template, finding.start) if template is not None else None
        if template is None or connector is None or call is None:
            continue
        owner = _owner(connector, finding.start)
        found.extend(_moves(template, owner, call))
        if resolves(template.content, Kind.VARIABLE.function) and not finding.fixes:
            title = f"Make it a Variable: read {call.name or 'it'} with get_variable"
            start, end = (
                template.to_source(at) for at in (call.node.children[0].start, call.node.children[0].end)
            )
            found.append((title, [Edit(start, end, Kind.VARIABLE.function)]))
    return found


def _call_at(template: Template, start: int) -> Call | None:
    at = template.from_source(start)
    return next((call for call in template.content.calls if call.node.start == at), None)


def _owner(connector: Connector, offset: int) -> Connector:
    """Return the step that the offset is in, or the connector itself."""
    return next((step for step in connector.steps if step.start <= offset <= step.end), connector)


def _moves(template: Template, owner: Connector, call: Call) -> Iterator[Rewrite]:
    """Yield the moves of the tag that holds the call.

    A tag with more than the call stays, because it is the person's own work.
    """
    text = template.text
    start, end = call.node.start, call.node.end
    tag_start = text.rfind("{{", 0, start)
    tag_end = text.find("}}", end)
    if (
        tag_start < 0
        or tag_end < 0
        or text[tag_start + 2 : start].strip(" -")
        or text[end:tag_end].strip(" -")
    ):
        return
    tag_end += 2
    tag = text[tag_start:tag_end]
    if template.field.place is FieldPlace.URL:
        name = _QUERY.search(text[:tag_start])
        if name is not None and (tag_end == len(text) or text[tag_end] in "&#"):
            removal = _without_parameter(text, name.start(), tag_end)
            yield _move(template, owner, removal, ("query_parameters", name.group(2), tag))
            return
    removal = (tag_start, tag_end)
    yield _move(template, owner, removal, ("headers", "Authorization", f"Bearer {tag}"))


def _without_parameter(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of a query parameter with the mark before or after it.

    The mark after it is taken for the first of several parameters.
    """
    if text[start] == "?" and text[end : end + 1] == "&":
        return start + 1, end + 1
    return start, end


def _move(
    template: Template, owner: Connector, removal: tuple[int, int], row: tuple[str, str, str]
) -> Rewrite:
    rows, key, value = row
    where = "a query parameter" if rows == "query_parameters" else "a header"
    removed = Edit(template.to_source(removal[0]), template.to_source(removal[1]), "")
    return f"Move it to {where} ({key})", sorted([removed, _row(owner, rows, key, value)])


def _row(owner: Connector, rows: str, key: str, value: str) -> Edit:
    """Return the edit that adds a row to a list of rows, or adds the list with it."""
    row = f'{{"key": "{encode(key)}", "value": "{encode(value)}"}}'
    source, base = owner.fragment.source, owner.base
    there = owner.value.get(rows)
    if there is None or there.kind != "array":
        edit = add_member(source, owner.value, rows, f"[{row}]", after="url")
    elif there.items:
        last = there.items[-1]
        between = source[there.start + 1 : there.items[0].start]
        edit = Edit(last.end, last.end, f",{between if not between.strip() and between else ' '}{row}")
    else:
        edit = Edit(there.start + 1, there.start + 1, row)
    return Edit(base + edit.start, base + edit.end, edit.new)
