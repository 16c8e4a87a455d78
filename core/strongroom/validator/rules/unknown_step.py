r"""A template reads a step that does not exist or has not run yet.

## What it does

Finds `steps.name` and `steps['name']` where no earlier step of the composite has that name, and
`steps.fetch-user`, which Jinja2 reads as a subtraction.

## Why it is bad

Steps run in their order, and only the answers of earlier ones exist. Reading another one fails with status 422.

## Example

```json
{
  "name": "Forecast",
  "steps": [
    {"name": "place", "url": "https://api.example.com/place"},
    {"name": "forecast", "url": "https://api.example.com/forecast?at={{ steps['palce'].body | urlencode }}"}
  ]
}
```

## Use instead

```json
{
  "name": "Forecast",
  "steps": [
    {"name": "place", "url": "https://api.example.com/place"},
    {"name": "forecast", "url": "https://api.example.com/forecast?at={{ steps['place'].body | urlencode }}"}
  ]
}
```

## Fix safety

Safe for a step name that differs only in case, hyphens or underscores, and for a hyphenated name behind a dot.
Another near name is offered when it is the only one, and is unsafe.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import Connector, Template
from strongroom.document.template_members import Member, members_of_free_names
from strongroom.platform.template_names import DICT_METHODS
from strongroom.text.expressions import expression
from strongroom.text.suggest import ask_if_meant, is_slip, nearest
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.shared import in_quotes

_QUOTE: Final = "'"
_HYPHENATED: Final = expression(r"\w+(?:-\w+)+")


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the step's name."""
    if not connector.is_composite or connector.fragment.is_damaged:
        return
    names = [step.name for step in connector.steps]
    for index, step in enumerate(connector.steps):
        for template in step.own_templates:
            if "steps" not in template.text or template.is_damaged:
                continue
            usage = template.usage
            for _, member in members_of_free_names(template.parsed, "steps"):
                is_method = id(member.node) in usage.callees and member.name in DICT_METHODS
                if member.name not in names[:index] and not is_method:
                    yield _mark(template, member, names, index)


def _mark(template: Template, member: Member, names: list[str], index: int) -> Mark:
    name, end = member.name, member.end
    earlier = [other for other in names[:index] if other]
    is_dotted = member.node.kind == "getattr"
    if is_dotted:
        whole = _HYPHENATED.match(template.text, member.start)
        if whole is not None and whole.group() in names:
            name, end = whole.group(), whole.end()
    place = template.to_source(member.start), template.to_source(end)
    fixes: tuple[Fix, ...] = ()
    if name in earlier:
        message = f"`{name}` contains a hyphen: write steps['{name}']."
        fixes = (_fix(template, member, end, name, is_safe=True),)
    elif name in names:
        message = f"The step `{name}` has not run yet: only earlier steps can be read."
        if names.index(name) == index:
            message = f"`{name}` is this step itself: only earlier steps can be read."
            if template.field.place.value == "response_body":
                message += " Its own response is `response`."
    else:
        near = nearest(name, earlier)
        message = f"There is no step `{name}`."
        if near:
            message += f" {ask_if_meant(near)}"
        if len(near) == 1:
            fixes = (_fix(template, member, end, near[0], is_safe=is_slip(name, near[0])),)
    pointer = template.field.pointer
    return Mark(*place, message, fixes, data={"name": name}, pointer=pointer, field=template.field.label)


def _fix(template: Template, member: Member, end: int, name: str, *, is_safe: bool) -> Fix:
    place = template.to_source
    if member.node.kind == "getattr":
        owner_end = place(member.node.children[0].outer_end)
        edit = Edit(owner_end, place(end), f"['{in_quotes(name, _QUOTE)}']")
    else:
        quote = template.text[member.start - 1]
        edit = Edit(place(member.start), place(end), in_quotes(name, quote))
    return Fix(f"Change to steps['{name}']", (edit,), is_safe)


RULE = Rule("unknown-step", Severity.ERROR, __doc__, connector=check, has_fix=True)
