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

from strongroom.document import TemplateText
from strongroom.document.template_members import Member, members_of_free_names
from strongroom.platform.template_names import DICT_METHODS
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.text.suggest import ask_if_meant, is_slip, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import CheckedConnector
from strongroom.validator.plain import sound_text
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import in_quotes

_QUOTE: Final = "'"
_HYPHENATED: Final = expression(r"\w+(?:-\w+)+")


def check(connector: CheckedConnector, context: Context) -> Iterator[Mark]:
    """Mark the step's name."""
    if connector.is_damaged:
        return
    names = [name if isinstance(name := step.data.get("name"), str) else "" for step in connector.steps]
    for index, step in enumerate(connector.steps):
        for path, text, place in step.templates:
            if "steps" not in text or sound_text(text) is None:
                continue
            template = TemplateText(text, place, in_composite=True, parsed=context.parsed(text))
            for member in members_of_free_names(template.parsed, "steps"):
                is_method = member.node.is_called and member.name in DICT_METHODS
                if member.name not in names[:index] and not is_method:
                    yield _mark(template, member, names, index)._replace(path=path)


def _mark(template: TemplateText, member: Member, names: list[str], index: int) -> Mark:
    name, end = member.name, member.end
    earlier = [other for other in names[:index] if other]
    if member.node.kind == "getattr":
        whole = _HYPHENATED.match(template.text, member.start)
        if whole is not None and whole.group() in names:
            name, end = whole.group(), whole.end()
    proposals: tuple[Proposal, ...] = ()
    if name in earlier:
        message = f"`{name}` contains a hyphen: write steps['{name}']."
        proposals = (_proposal(template, member, end, name, is_safe=True),)
    elif name in names:
        message = f"The step `{name}` has not run yet: only earlier steps can be read."
        if names.index(name) == index:
            message = f"`{name}` is this step itself: only earlier steps can be read."
            if template.place.value == "response_body":
                message += " Its own response is `response`."
    else:
        near = nearest(name, earlier)
        message = f"There is no step `{name}`."
        if near:
            message += f" {ask_if_meant(near)}"
        if len(near) == 1:
            proposals = (_proposal(template, member, end, near[0], is_safe=is_slip(name, near[0])),)
    return Mark(message, span=(member.start, end), proposals=proposals, data={"name": name})


def _proposal(template: TemplateText, member: Member, end: int, name: str, *, is_safe: bool) -> Proposal:
    if member.node.kind == "getattr":
        owner_end = member.node.children[0].outer_end
        change = Edit(owner_end, end, f"['{in_quotes(name, _QUOTE)}']")
    else:
        change = Edit(member.start, end, in_quotes(name, template.text[member.start - 1]))
    return Proposal(f"Change to steps['{name}']", (change,), is_safe)


RULE = Rule("unknown-step", Severity.ERROR, __doc__, connector=check, has_fix=True)
