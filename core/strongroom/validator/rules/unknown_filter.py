"""A filter or test does not exist, or a filter is called as a function.

## What it does

Finds `| name` and `is name` with a name that neither Jinja2 nor the platform has, also where it is an argument as in
`map('name')`; a filter called as a function such as `json_encode(x)`; and a function used as a filter.

## Why it is bad

The template cannot be compiled: the run fails with status 422.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ json_encode(body_text) }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ body_text | json_encode }}"
}
```

## Fix safety

Safe for a filter called as a function with positional arguments, and for a name that differs only in case or
underscores. Another near name is offered when it is the only one, and is unsafe.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.platform.template_names import FILTER_HINTS, FILTERS, FUNCTIONS, JINJA_TESTS, NAMING_FILTERS
from strongroom.text.edits import Edit
from strongroom.text.suggest import ask_if_meant, is_slip, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal, Span
from strongroom.validator.rule import Context, Rule

_SIMPLE = ("name", "const", "getattr", "getitem", "call", "filter", "list", "dict")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name of the filter or test."""
    parsed = template.parsed
    for node in parsed.filters:
        if node.value not in FILTERS:
            yield _unknown(node, "filter", FILTERS)
    for node in parsed.tests:
        if node.value not in JINJA_TESTS:
            yield _unknown(node, "test", JINJA_TESTS)
    for named, kind in _named(parsed.filters):
        known = FILTERS if kind == "filter" else JINJA_TESTS
        if named.value not in known:
            yield _unknown(named, kind, known, (named.start + 1, named.end - 1))
    if parsed.problem is None and any(call.value in FILTERS for call in parsed.calls):
        for call in parsed.calls:
            if call.value in FILTERS and call.children[0].is_free:
                yield _called(template, call)


def _named(filters: list[Node]) -> Iterator[tuple[Node, str]]:
    """Yield (text, "filter" or "test") for each one whose name is an argument.

    An example is `map('upper')`.
    """
    for node in filters:
        at, kind = NAMING_FILTERS.get(node.value, (0, ""))
        arguments = [child for child in node.children[1:] if child.kind not in ("keyword", "star", "pairs")]
        if not kind or len(arguments) < at:
            continue
        text = arguments[at - 1]
        # Several literals side by side are one text, which does not have one place.
        if text.kind == "const" and isinstance(text.value, str) and text.inner_start != text.inner_end:
            yield text, kind


def _unknown(node: Node, kind: str, known: frozenset[str], in_quotes: Span | None = None) -> Mark:
    name = node.value
    span = in_quotes or (node.inner_start, node.inner_end)
    message = f"Unknown {kind} `{name}`."
    near: tuple[str, ...] = ()
    if kind == "filter" and name in FUNCTIONS:
        message = f"`{name}` is a function, not a filter: write {FUNCTIONS[name].signature}."
    elif kind == "filter" and name in FILTER_HINTS:
        near = (FILTER_HINTS[name],)
        message += f" Use `{near[0]}`."
    else:
        near = nearest(name, sorted(known))
        if near:
            message += f" {ask_if_meant(near)}"
    proposals: tuple[Proposal, ...] = ()
    # Some tests are signs (`==`): they can be in quotes, and nowhere else.
    if len(near) == 1 and (near[0].isidentifier() or in_quotes is not None):
        change = Edit(*span, near[0])
        proposals = (Proposal(f"Change to {near[0]}", (change,), is_slip(name, near[0])),)
    return Mark(message, span=span, proposals=proposals, data={"name": name})


def _called(template: TemplateText, call: Node) -> Mark:
    function, *arguments = call.children
    name = function.value
    proposals: tuple[Proposal, ...] = ()
    message = f"`{name}` is a filter, not a function: write `value | {name}`."
    if arguments and arguments[0].kind not in ("keyword", "star", "pairs"):
        proposals = (Proposal(f"Use {name} as a filter", _as_filter(template, call), True),)
    return Mark(message, span=(function.start, function.end), proposals=proposals, data={"name": name})


def _as_filter(template: TemplateText, call: Node) -> tuple[Edit, ...]:
    """Return the changes from `name(first, rest)` to `first | name(rest)`."""
    first, rest = call.children[1], call.children[2:]
    # Parentheses go around the whole, unless nothing is beside it, and around an argument of operators.
    outer = ("", "") if _is_alone(template, call) else ("(", ")")
    inner = ("", "") if first.kind in _SIMPLE or first.is_parenthesised else ("(", ")")
    opening = Edit(call.start, first.outer_start, outer[0] + inner[0])
    pipe = f"{inner[1]} | {call.value}"
    if not rest:
        return opening, Edit(first.outer_end, call.end, pipe + outer[1])
    between = Edit(first.outer_end, rest[0].outer_start, f"{pipe}(")
    return (opening, between, Edit(call.end, call.end, outer[1])) if outer[1] else (opening, between)


def _is_alone(template: TemplateText, call: Node) -> bool:
    """Return True if only the braces are around the call.

    Then no parentheses are needed.
    """
    text = template.text
    return text[: call.start].rstrip().endswith("{{") and text[call.end :].lstrip().startswith("}}")


RULE = Rule("unknown-filter", Severity.ERROR, __doc__, template=check, has_fix=True)
