"""What several rules about calls of get_secret and get_variable ask."""

from collections.abc import Iterator

from strongroom.document import Call, TemplateText
from strongroom.document.template_facts import calls_that_may_miss
from strongroom.document.template_nodes import Node
from strongroom.names import Kind, Name
from strongroom.platform.availability import is_available
from strongroom.platform.naming import is_valid_name
from strongroom.platform.template_names import ARGUMENTS
from strongroom.text.edits import Edit
from strongroom.text.suggest import ask_if_meant, is_case_slip
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context

NAMED_FUNCTIONS = {kind.function: kind for kind in Kind}
"""The functions that take a name, and the kind that each reads."""


def named_calls(template: TemplateText) -> Iterator[tuple[Call, str]]:
    """Yield the calls of get_secret and get_variable with one literal name.

    Each comes with that name.
    """
    if "get_" not in template.text:
        return
    for call in template.calls:
        if call.name is not None and call.function in NAMED_FUNCTIONS:
            yield call, call.name


def resolves(template: TemplateText, function: str) -> bool:
    """Return True if `function` exists in the template's place."""
    return is_available(function, template.place, in_composite=template.in_composite)


def signings(template: TemplateText) -> Iterator[Node]:
    """Yield the calls of `jwt_encode`."""
    parsed = template.parsed
    if "jwt_encode" not in parsed.stores:
        yield from (call for call in parsed.calls if call.value == "jwt_encode")


def jwt_argument(call: Node, name: str) -> Node | None:
    """Return the expression that a call of `jwt_encode` gives for an argument.

    It is given by place or by name. Return None if it is missing.
    """
    arguments = ARGUMENTS["jwt_encode"]
    at = (*arguments.needed, *arguments.optional).index(name)
    given = call.children[1:]
    for argument in given:
        if argument.kind == "keyword" and argument.value == name:
            return argument.children[0]
    placed = [argument for argument in given if argument.kind != "keyword"]
    return placed[at] if at < len(placed) else None


def rename(call: Call, name: str) -> Proposal:
    """Return the proposal to put another name between the quotes."""
    change = Edit(*call.argument, in_quotes(name, call.quote))
    return Proposal(f"Change to '{name}'", (change,), False)


def swap_function(template: TemplateText, call: Call, function: str) -> tuple[Proposal, ...]:
    """Return the proposal to call another function with the same name.

    There is none if the template gives that function's name a meaning of its own.
    """
    if function in template.parsed.stores:
        return ()
    called = call.node.children[0]
    change = Edit(called.start, called.end, function)
    return (Proposal(f"Use {function}", (change,), True),)


def follows_word(text: str, at: int) -> bool:
    """Return True if a word at an offset would run into the word before it.

    An example is `not(a)`.
    """
    return bool(at) and (text[at - 1].isalnum() or text[at - 1] == "_")


def in_quotes(text: str, quote: str) -> str:
    """Return a text as it is written between these quotes in a template."""
    written = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return written.replace("\r\n", "\n").replace("\r", "\n")


def missing_names(
    template: TemplateText, context: Context, kind: Kind, *, covered: bool
) -> Iterator[tuple[Call, str]]:
    """Yield the calls for names that a complete list does not have, each with its name.

    With `covered`, only those whose name may be missing by design, and without it only the others.
    """
    if not context.is_strict or not resolves(template, kind.function):
        return
    calls = [
        (call, name)
        for call, name in named_calls(template)
        if call.function == kind.function and context.names.get(name) is None and is_valid_name(name)
    ]
    may_miss = calls_that_may_miss(template.parsed) if calls else frozenset()
    yield from ((call, name) for call, name in calls if (call.node in may_miss) is covered)


def wrong_kinds(template: TemplateText, context: Context, *, covered: bool) -> Iterator[tuple[Call, Name]]:
    """Yield the calls for names of the other kind, each with the known entry.

    `covered` chooses as for `missing_names`.
    """
    if not context.names.by_name:
        return
    may_miss: frozenset[Node] | None = None
    for call, name in named_calls(template):
        entry = context.names.get(name)
        is_right = entry is None or entry.kind is NAMED_FUNCTIONS[call.function]
        if entry is None or is_right or not resolves(template, call.function):
            continue
        if may_miss is None:
            may_miss = calls_that_may_miss(template.parsed)
        if (call.node in may_miss) is covered:
            yield call, entry


def in_community(context: Context) -> str:
    """Return " in community ..." if the list of names has one."""
    return f" in community `{context.names.community}`" if context.names.community else ""


def about(name: str, near: tuple[str, ...]) -> dict[str, str]:
    """Return the data of a finding about a name: `name`, and the nearest known one as `near`.

    A report shows both with the characters that differ marked. Because of that, a name that cannot be shown as it is
    written comes without `near`.
    """
    return {"name": name} | ({"near": near[0]} if near and name.isprintable() else {})


def unknown_name(template: TemplateText, context: Context, kind: Kind) -> Iterator[Mark]:
    """Mark names that a complete list does not have.

    They are asked for in a place in which the function exists, and no default covers them (see the rules' pages).
    """
    for call, name in missing_names(template, context, kind, covered=False):
        names = context.names
        near = context.near(name, kind)
        message = f"Unknown {kind.value} `{name}`{in_community(context)}."
        if len(near) == 1 and is_case_slip(name, near[0]):
            message += f" Names are case-sensitive: `{near[0]}` exists."
        elif near:
            message += f" {ask_if_meant(near)}"
        elsewhere = [other.community for other in names.others if other.get(name) is not None]
        if elsewhere:
            message += f" It exists in {', '.join(f'`{community}`' for community in elsewhere)}."
        yield Mark(
            message,
            span=call.argument,
            proposals=(rename(call, near[0]),) if len(near) == 1 else (),
            data={"kind": kind.value} | about(name, near),
        )
