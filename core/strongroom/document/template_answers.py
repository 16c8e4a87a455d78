"""Find what a template reads of bodies and headers, and what comes of it for certain.

Rules say it of a file, and runs say it of what they sent, by these functions alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from strongroom.document.template import TemplateText
from strongroom.document.template_facts import set_expressions
from strongroom.document.template_members import member_of, members_of_free_names
from strongroom.document.template_nodes import Node
from strongroom.platform.availability import is_available
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import CALLER_HEADER, DICT_METHODS
from strongroom.text.expressions import expression

UNRENDERED: Final = expression(r"\{\{(?:(?!\}\}).)*(?:\}\})?|\{%(?:(?!%\}).)*(?:%\})?", re.DOTALL)
"""Match a template in a text that is never rendered (PLATFORM §2)."""

_TEXT_FIELDS: Final = {"response": "body", "request": "body_text", "steps": "body"}
"""The field of a context name, or of a step, that is a text (PLATFORM §2)."""
_HEADER_FIELDS: Final = dict.fromkeys(_TEXT_FIELDS, "headers")
_TRANSPARENT: Final = ("default", "d", "trim", "string", "e", "escape", "forceescape")
"""Filters that leave a text to be escaped when it is printed."""


class LostHeader(NamedTuple):
    """Hold a header that a template reads and that is always empty (PLATFORM §2).

    `start` and `end` enclose the name in the decoded text. `right` is the spelling that is there, "" if none is.
    """

    name: str
    start: int
    end: int
    right: str

    @property
    def message(self) -> str:
        """Return what is wrong, and the way out."""
        if self.right:
            return (
                f"`{self.name}` is always empty: the keys of headers are in lower case. Write `{self.right}`."
            )
        return f"`{self.name}` is always empty: of the caller's headers only `{CALLER_HEADER}` is there."


class EscapedText(NamedTuple):
    """Hold a body that a template prints, so that HTML escapes change its JSON.

    `is_whole` says that the template gives nothing else, so that a blank field forwards the same body as it is.
    """

    node: Node
    is_whole: bool
    has_default: bool

    def message(self, text: str) -> str:
        """Return what is wrong, and the way out. `text` is the template's."""
        cure = "leave the field blank" if self.is_whole else "add `| from_json | tojson`"
        source = text[self.node.start : self.node.end]
        return f"`{source}` is printed with HTML escapes, so that its JSON breaks: {cure}."


def body_texts(template: TemplateText) -> Mapping[int, Node]:
    """Return the expressions that give a body as text, by their id."""
    if "body" not in template.text:
        return {}
    found = {id(node): node for _, node in _fields(template, _TEXT_FIELDS)}
    if _resolves(template, "body_text"):
        found.update({id(node): node for node in template.usage.free if node.value == "body_text"})
    return found


def _fields(template: TemplateText, fields: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    """Yield each read of the field of a context name, or of a step, with the name: {"response": "body"}."""
    steps: set[int] = set()
    for owner, member in members_of_free_names(template.parsed, *fields):
        if not _resolves(template, owner.value):
            continue
        if owner.value == "steps":
            steps.add(id(member.node))
        elif member.name == fields[owner.value]:
            yield owner.value, member.node
    for node in template.parsed.members if steps else ():
        field = member_of(node) if id(node.children[0]) in steps else None
        if field is not None and field.name == fields["steps"]:
            yield "steps", node


def lost_headers(template: TemplateText) -> Iterator[LostHeader]:
    """Yield the headers that are always empty, in the order of reading.

    Keys of answers' headers are in lower case, and of the caller's headers only Content-Type is there.
    """
    if "headers" not in template.text or template.parsed.problem is not None:
        return
    owners = {id(node): name for name, node in _fields(template, _HEADER_FIELDS)}
    callees = template.usage.callees
    for node in template.parsed.members if owners else ():
        owner = owners.get(_target(node, template))
        member = member_of(node) if owner is not None else None
        if owner is None or member is None or (id(node) in callees and member.name in DICT_METHODS):
            continue
        yield from _lost(owner, member.name, member.start, member.end)
    for call in template.parsed.calls if owners else ():
        function, *arguments = call.children
        is_get = function.kind == "getattr" and function.value == "get" and arguments
        owner = owners.get(_target(function, template)) if is_get else None
        key = arguments[0] if owner is not None else None
        if owner is not None and key is not None and isinstance(key.value, str) and key.kind == "const":
            yield from _lost(owner, key.value, key.start + 1, key.end - 1)


def _lost(owner: str, name: str, start: int, end: int) -> Iterator[LostHeader]:
    if owner == "request":
        if name.lower() != CALLER_HEADER.lower():
            yield LostHeader(name, start, end, "")
    elif name != name.lower():
        yield LostHeader(name, start, end, name.lower())


def _target(node: Node, template: TemplateText) -> int:
    """Return the id of the expression that a member is read from, through a name that it is set to."""
    return id(_unnamed(node.children[0], template))


def _unnamed(node: Node, template: TemplateText) -> Node:
    """Return the expression that a name of the template stands for, if it is set once."""
    if node.kind != "name" or node.value not in template.parsed.stores:
        return node
    values = [value for name, value in set_expressions(template.parsed) if name == node.value]
    return values[0] if len(values) == 1 else node


def escaped_texts(template: TemplateText) -> Iterator[EscapedText]:
    """Yield the bodies that a body's template prints as they are, outside of a JSON string."""
    if (
        template.place not in (FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY)
        or "body" not in template.text
    ):
        return
    printed = list(_printed_texts(template))
    texts = body_texts(template) if printed and template.parsed.problem is None else {}
    for one in printed:
        found = next((node for node in one.candidates if id(node) in texts), None)
        if found is not None:
            yield from _escaped(template, one, found)


class _Printed(NamedTuple):
    """Hold a `{{ }}` among its neighbours, and the expressions of which it prints one as it is."""

    nodes: Sequence[Node]
    at: int
    is_top: bool
    candidates: tuple[Node, ...]


def _printed_texts(template: TemplateText) -> Iterator[_Printed]:
    """Yield the tags that may print a body."""
    waiting: list[tuple[Sequence[Node], bool]] = [(template.parsed.body, True)]
    while waiting:
        nodes, is_top = waiting.pop()
        for at, node in enumerate(nodes):
            if node.kind == "print" and node.children:
                candidates = tuple(_printed_as_they_are(node.children[0], template))
                if candidates:
                    yield _Printed(nodes, at, is_top, candidates)
            elif node.kind not in ("data", "raw"):
                waiting.extend(
                    (part.children, False) for part in node.children if part.kind in ("body", "else")
                )


def _escaped(template: TemplateText, one: _Printed, found: Node) -> Iterator[EscapedText]:
    nodes, at = one.nodes, one.at
    before, after = _around(template, nodes[:at])[-1:], _around(template, nodes[at + 1 :])[:1]
    others = (node for node in nodes if node is not nodes[at])
    is_alone = not before and not after and all(_is_blank(node, template) for node in others)
    is_member = before in list(":[,") and after in list(",]}")
    if is_alone or is_member:
        printed = nodes[at].children[0]
        is_own = found.kind == "name" or _is_forwarded(found, template.place)
        yield EscapedText(printed, is_alone and one.is_top and is_own, printed is not found)


def _is_forwarded(node: Node, place: FieldPlace) -> bool:
    """Return True if a blank field gives the same body: the incoming one, or the API's own answer."""
    owner = node.children[0]
    name = owner.value if owner.kind == "name" else ""
    return name == ("request" if place is FieldPlace.REQUEST_BODY else "response")


def _printed_as_they_are(node: Node, template: TemplateText) -> Iterator[Node]:
    """Yield the names and members of which one is printed, without a filter that changes their escaping."""
    waiting = [node]
    while waiting:
        part = _unnamed(waiting.pop(), template)
        if part.kind == "filter" and part.value in _TRANSPARENT and part.children:
            waiting.append(part.children[0])
        elif part.kind == "binary" and part.value == "or":
            waiting.extend(reversed(part.children))
        elif part.kind == "condition":
            waiting.extend(reversed(part.children[::2]))
        elif part.kind in ("name", "getattr", "getitem"):
            yield part


def _around(template: TemplateText, nodes: Sequence[Node]) -> str:
    """Return the texts of some nodes without the blanks at their ends."""
    return "".join(
        template.text[node.start : node.end] for node in nodes if node.kind in ("data", "raw")
    ).strip()


def _is_blank(node: Node, template: TemplateText) -> bool:
    return node.kind == "set" or (node.kind == "data" and not template.text[node.start : node.end].strip())


def _resolves(template: TemplateText, name: str) -> bool:
    return is_available(name, template.place, in_composite=template.in_composite)
