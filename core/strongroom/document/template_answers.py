"""Find what a template reads of bodies and headers, and its certain results.

Rules say it of a file, and runs say it of what they sent, by these functions alone.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from strongroom.document.template import TemplateText
from strongroom.document.template_facts import set_expressions
from strongroom.document.template_members import Member, members_of, members_of_free_names
from strongroom.document.template_nodes import Node, ParsedTemplate, bodies
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


def body_texts(template: TemplateText) -> set[Node]:
    """Return the expressions that give a body as text."""
    if "body" not in template.text:
        return set()
    found = {member.node for _, member in _fields(template, _TEXT_FIELDS)}
    if _resolves(template, "body_text"):
        found.update(node for node in template.parsed.free if node.value == "body_text")
    return found


def _fields(template: TemplateText, fields: Mapping[str, str]) -> Iterator[tuple[str, Member]]:
    """Yield each read of the field of a context name or of a step, with the name.

    `fields` has the field of each name: {"response": "body"}.
    """
    steps: set[Node] = set()
    for member in members_of_free_names(template.parsed, *fields):
        owner: str = member.owner.value
        if not _resolves(template, owner):
            continue
        if owner == "steps":
            steps.add(member.node)
        elif member.name == fields[owner]:
            yield owner, member
    for member in members_of(template.parsed, steps):
        if member.name == fields["steps"]:
            yield "steps", member


def lost_headers(template: TemplateText) -> Iterator[LostHeader]:
    """Yield the headers that are always empty.

    Headers that are attributes or items come first, then those in `get`. Keys of answers' headers are in
    lower case, and of the caller's headers only Content-Type is there.
    """
    if "headers" not in template.text or template.parsed.problem is not None:
        return
    owners = {member.node: name for name, member in _fields(template, _HEADER_FIELDS)}
    if not owners:
        return
    owners.update({name: owners[value] for name, value in _set_once(template).items() if value in owners})
    for member in _keys(template.parsed, owners):
        owner, name = owners[member.owner], member.name
        if owner == "request":
            if name.lower() != CALLER_HEADER.lower():
                yield LostHeader(name, member.start, member.end, "")
        elif name != name.lower():
            yield LostHeader(name, member.start, member.end, name.lower())


def _keys(parsed: ParsedTemplate, owners: Collection[Node]) -> Iterator[Member]:
    """Yield the keys that are read of dicts."""
    for member in members_of(parsed, owners):
        if not (member.node.is_called and member.name in DICT_METHODS):
            yield member
    for call in parsed.calls:
        function, *arguments = call.children
        if function.kind == "getattr" and function.value == "get" and function.children[0] in owners:
            for key in arguments[:1]:
                if key.kind == "const" and isinstance(key.value, str):
                    yield Member(function, key.value, key.start + 1, key.end - 1)


def _set_once(template: TemplateText) -> dict[Node, Node]:
    """Return read -> expression for the names that the template sets once."""
    values = list(set_expressions(template.parsed))
    times = Counter(name for name, _ in values)
    once = {name: value for name, value in values if times[name] == 1}
    return {
        name: once[name.value] for name in template.parsed.names if name.value in once and not name.is_free
    }


def escaped_texts(template: TemplateText) -> Iterator[EscapedText]:
    """Yield the bodies that a body's template prints as is, outside JSON strings."""
    is_body = template.place in (FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY)
    texts = body_texts(template) if is_body and template.parsed.problem is None else ()
    if not texts:
        return
    values = _set_once(template)
    for nodes in bodies(template.parsed.body):
        for at, node in enumerate(nodes):
            if node.kind == "print" and node.children:
                printed = _printed_as_they_are(node.children[0], values)
                found = next((part for part in printed if part in texts), None)
                if found is not None:
                    yield from _escaped(template, nodes, at, found)


def _escaped(template: TemplateText, nodes: Sequence[Node], at: int, found: Node) -> Iterator[EscapedText]:
    """Yield the tag `nodes[at]`, which prints `found`, unless it is in a JSON string."""
    before, after = _around(template, nodes[:at])[-1:], _around(template, nodes[at + 1 :])[:1]
    others = (node for node in nodes if node is not nodes[at])
    is_alone = not before and not after and all(node.kind in ("set", "data") for node in others)
    is_member = before in list(":[,") and after in list(",]}")
    if is_alone or is_member:
        printed = nodes[at].children[0]
        # A blank field gives the incoming body, or the API's own answer.
        own = "request" if template.place is FieldPlace.REQUEST_BODY else "response"
        is_own = found.is_free or (found.children[0].is_free and found.children[0].value == own)
        is_whole = is_alone and nodes is template.parsed.body and is_own
        yield EscapedText(printed, is_whole, printed is not found)


def _printed_as_they_are(node: Node, values: Mapping[Node, Node]) -> Iterator[Node]:
    """Yield the names and members of which one is printed.

    None of them goes through a filter that changes its escaping. `values` are the expressions that names are
    set to.
    """
    waiting, seen = [node], set()
    while waiting:
        part = waiting.pop()
        part = values.get(part, part)
        if part in seen:
            continue  # in a loop or a macro a name can be set to itself
        seen.add(part)
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


def _resolves(template: TemplateText, name: str) -> bool:
    return is_available(name, template.place, in_composite=template.in_composite)
