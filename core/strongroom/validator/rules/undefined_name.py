r"""A template uses a name that is not defined.

## What it does

Finds names that neither the platform nor the template defines, and fields that `response`, `request`, `steps` and
`user` do not have. A body is text: `response.body.id` does not exist, `(response.body | from_json).id` may. Names made
by `set`, `for`, `with`, `macro`, `call` and `import` count where Jinja2 lets them count. What the template tests with
`is defined` or `default` is left alone, and so is a template with a syntax error.

## Why it is bad

An undefined name renders as nothing, without an error: a misspelt one sends an empty value. Reading a field of
it, or calling it, fails with status 422.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Tenant", "value": "{{ tennant_id }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Tenant", "value": "{{ tenant_id }}"}]
}
```

## Fix safety

The nearest name is offered when it is the only near one. It is safe where only case or underscores differ, and
unsafe otherwise.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import Member, members_of, members_of_free_names
from strongroom.document.template_nodes import Node
from strongroom.platform.availability import symbols_in
from strongroom.platform.template_names import (
    ALWAYS_DEFINED,
    DICT_METHODS,
    FILTERS,
    MEMBERS,
    NAME_HINTS,
    NAMED,
    PROFILE_MEMBERS,
    STEP_MEMBERS,
)
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.text.phrases import joined
from strongroom.text.suggest import ask_if_meant, is_slip, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal, Span
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves
from strongroom.validator.rules.text_members import fields_of_texts

_KNOWN: Final = NAMED | ALWAYS_DEFINED
_IN_STEP_NAME: Final = expression(r"\bsteps\.\w+(?:-\w+)*-\Z")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name, or the field's name."""
    parsed = template.parsed
    if parsed.problem is not None:
        return
    for node in parsed.free:
        name = node.value
        if name in _KNOWN or name in parsed.guarded:
            continue
        if (node.is_called and name in FILTERS) or _in_step_name(template, node.start):
            continue  # `unknown-filter` and `unknown-step` report it
        what = "function" if node.is_called else "name"
        yield _unknown((node.start, node.end), f"Unknown {what} `{name}`.", name, _near(template, name))
    yield from _members(template)


def _near(template: TemplateText, name: str) -> tuple[str, ...]:
    here = symbols_in(template.place, in_composite=template.in_composite)
    return nearest(name, [*here, *sorted(template.parsed.stores), *sorted(ALWAYS_DEFINED)])


def _members(template: TemplateText) -> Iterator[Mark]:
    parsed = template.parsed
    owned: dict[Node, tuple[str, tuple[str, ...]]] = {}
    for member in members_of_free_names(parsed, *MEMBERS):
        owner: str = member.owner.value
        is_method = member.node.is_called and member.name in DICT_METHODS
        if member.name == "profile_fields":
            owned[member.node] = "user.profile_fields", PROFILE_MEMBERS
        # If the name itself does not exist, `misplaced-name` reports it.
        if member.name in MEMBERS[owner] or is_method or not resolves(template, owner):
            continue
        if not _is_guarded(template, member.node):
            yield _unknown_member(owner, member, MEMBERS[owner])
    for member in members_of_free_names(parsed, "steps"):
        if member.name not in DICT_METHODS:
            owned[member.node] = f"steps['{member.name}']", STEP_MEMBERS
    for member in members_of(parsed, owned):
        name, known = owned[member.owner]
        if member.name in known or member.name in DICT_METHODS:
            continue
        if not _is_guarded(template, member.node):
            yield _unknown_member(name, member, known)
    for member in fields_of_texts(template):
        if not _is_guarded(template, member.node):
            yield _of_text(template, member)


def _source(template: TemplateText, node: Node) -> str:
    return template.text[node.start : node.end]


def _is_guarded(template: TemplateText, node: Node) -> bool:
    """Return True if the template allows for the absence of an expression.

    It does so here, or at another place with the same expression.
    """
    parsed, source = template.parsed, _source(template, node)
    return any(_source(template, other) == source for other in (*parsed.defaulted, *parsed.tested))


def _of_text(template: TemplateText, member: Member) -> Mark:
    body = member.owner
    source = _source(template, body)
    message = (
        f"`{source}` is text and has no field `{member.name}`: parse it first, as in "
        f"({source} | from_json)['{member.name}']."
    )
    changes = Edit(body.start, body.start, "("), Edit(body.end, body.end, " | from_json)")
    proposal = Proposal("Parse it with from_json", changes, False)
    span = member.start, member.end
    return Mark(message, span=span, proposals=(proposal,), data={"name": member.name})


def _unknown_member(owner: str, member: Member, known: tuple[str, ...]) -> Mark:
    name = member.name
    message = f"`{owner}` has no field `{name}`: it has {joined(known)}."
    return _unknown((member.start, member.end), message, name, nearest(name, known))


def _unknown(span: Span, message: str, name: str, near: tuple[str, ...]) -> Mark:
    if name in NAME_HINTS:
        message += f" {NAME_HINTS[name]}"
    elif near:
        message += f" {ask_if_meant(near)}"
    proposals: tuple[Proposal, ...] = ()
    if len(near) == 1:
        change = Edit(*span, near[0])
        proposals = (Proposal(f"Change to {near[0]}", (change,), is_slip(name, near[0])),)
    return Mark(message, span=span, proposals=proposals, data={"name": name})


def _in_step_name(template: TemplateText, start: int) -> bool:
    """Return True if a name is the rest of a hyphenated step name.

    An example is `steps.fetch-user`.
    """
    return template.in_composite and bool(_IN_STEP_NAME.search(template.text[max(start - 300, 0) : start]))


RULE = Rule("undefined-name", Severity.ERROR, __doc__, template=check, has_fix=True)
