"""Answer questions about a template's text by the parser.

They are the names that it reads, its path parameters and the functions that it asks. Rules, runs, screens and reports
ask here. A text that Jinja2 refuses reads nothing, because it is never rendered.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from strongroom.document.template_members import Member, members_of_free_names
from strongroom.document.template_nodes import Node, ParsedTemplate, bodies
from strongroom.document.template_parser import parse_template
from strongroom.names import Kind

_KINDS: Final = {kind.function: kind for kind in Kind}
_WHOLE: Final = frozenset({"tenant_id", "body_text", "body_raw", "now"})
_OF_MEMBERS: Final = frozenset({"user", "pathParams", "steps", "request"})


class PathParameters(NamedTuple):
    """Hold the uses of `pathParams` in one template, in the order of the text.

    `is_open` says that it is also read in another way than by a literal name, so that any parameter may be used.
    """

    uses: tuple[Member, ...]
    is_open: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parameters, each once."""
        return tuple(dict.fromkeys(use.name for use in self.uses))


NO_PATH_PARAMETERS: Final = PathParameters((), is_open=False)


def path_parameters_of(parsed: ParsedTemplate) -> PathParameters:
    """Return the path parameters that a template reads."""
    if parsed.problem is not None:
        return NO_PATH_PARAMETERS
    # pathParams.get('x') is a method of the mapping.
    members = members_of_free_names(parsed, "pathParams")
    uses = tuple(member for member in members if not member.node.is_called)
    return PathParameters(uses, sum(node.value == "pathParams" for node in parsed.free) > len(uses))


def reads_name(data: object, name: str) -> bool:
    """Return True if a template in plain data, at any depth, reads `name`.

    The name comes from outside of the template.
    """
    templates = (parse_template(text) for text in texts_of(data) if name in text)
    return any(one.problem is None and any(node.value == name for node in one.free) for one in templates)


def context_reads(text: str) -> tuple[str, ...]:
    """Return the reads of a template's context, as they are written.

    Examples are `user.email`, `now()` and `steps.first`.
    """
    parsed = parse_template(text)
    if parsed.problem is not None:
        return ()
    owners = {node.children[0]: node for node in (*parsed.members, *parsed.calls)}
    found = []
    for name in parsed.free:
        if name.value in _WHOLE:
            found.append("now()" if name.value == "now" else name.value)
        elif name.value in _OF_MEMBERS and name in owners:
            node = _whole_read(owners[name], owners)
            found.append(text[node.start : node.end])
    return tuple(dict.fromkeys(found))


def _whole_read(member: Node, owners: Mapping[Node, Node]) -> Node:
    """Return the member; for a profile field its whole call.

    Such a call is `user.profile_fields.by_id(1)`.
    """
    by_id = owners.get(member) if member.value == "profile_fields" else None
    return owners[by_id] if by_id is not None and by_id.is_called else member


def texts_of(data: object) -> Iterator[str]:
    """Return every text of a connector's data. Any of them may be a template."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for item in data.values():
            yield from texts_of(item)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from texts_of(item)


def asked_names(expression: str) -> tuple[tuple[str, Kind], ...]:
    """Return the names in quotes that an expression asks for, each with its kind.

    `expression` is a call, or `{{ ... }}` around one, such as a report's unresolved expressions.
    """
    parsed = parse_template(expression if expression.startswith("{{") else f"{{{{ {expression} }}}}")
    calls = [call for call in parsed.calls if call.value in _KINDS]
    return tuple(
        (name, _KINDS[call.value]) for call in calls if (name := _literal_argument(call)) is not None
    )


def calls_that_may_miss(parsed: ParsedTemplate) -> frozenset[Node]:
    """Return the calls whose secret or variable may be missing by design.

    `default()` follows such a call, or follows the name that it is set to, or `is defined` asks for it (PLATFORM §3).
    """
    defaulted, tested = parsed.defaulted, parsed.tested
    if not defaulted and not tested:
        return frozenset()
    asked = {call for call in parsed.calls if call.value in _KINDS}
    allowed = {*defaulted, *(value for name, value in set_expressions(parsed) if name in parsed.guarded)}
    guarded = {_asked_for(node) for node in tested if node in asked}
    return frozenset(call for call in asked if call in allowed or _asked_for(call) in guarded)


def _asked_for(call: Node) -> tuple[str, str | None]:
    return call.value, _literal_argument(call)


def set_expressions(parsed: ParsedTemplate) -> Iterator[tuple[str, Node]]:
    """Yield each name that the template sets to one expression, and that expression."""
    for nodes in bodies(parsed.body):
        for node in nodes:
            if node.kind == "set" and len(node.children) == 2 and node.children[0].kind == "name":
                yield node.children[0].value, node.children[1]


def _literal_argument(call: Node) -> str | None:
    _function, *arguments = call.children
    is_literal = len(arguments) == 1 and arguments[0].kind == "const"
    value = arguments[0].value if is_literal else None
    return value if isinstance(value, str) else None
