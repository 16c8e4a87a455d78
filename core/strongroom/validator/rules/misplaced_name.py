r"""A name is used in a field where it is not available.

## What it does

Finds `pathParams`, `body_text`, `body_raw`, `response`, `request` and `steps` in fields where the platform does
not define them. Standard connectors and composite steps follow different tables: a step reads the incoming body
as `request.body_text`. A name that the template itself defines, or tests with `is defined` or `default`, is left
alone.

## Why it is bad

An undefined name renders as nothing: the URL, header or body goes out with a hole in it.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "query_parameters": [{"key": "text", "value": "{{ body_text }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{\"text\": {{ body_text | tojson }}}"
}
```

## Fix safety

Safe for `body_text` and `body_raw` in a composite step, which become `request.body_text` and `request.body_raw`,
and for the reverse in a connector's `request_body`. There is no fix otherwise.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.platform.availability import places_in_words, places_of
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import CONTEXT_NAMES
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import follows_word, resolves

_BODIES = ("body_text", "body_raw")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name."""
    parsed = template.parsed
    for node in parsed.free:
        name = node.value
        if name not in CONTEXT_NAMES or name in parsed.guarded or resolves(template, name):
            continue
        yield Mark(
            _message(template, name),
            span=(node.start, node.start + len(name)),
            proposals=tuple(_proposals(template, node)),
            data={"name": name, "place": template.place.value},
        )


def _message(template: TemplateText, name: str) -> str:
    in_composite = template.in_composite
    if places_of(name, in_composite=in_composite):
        found = f"`{name}` does not exist in {template.place.value}, only in "
        hint = ""
        if in_composite and name == "response":
            hint = " Use steps['name'] for the response of an earlier step."
        return f"{found}{places_in_words(name, in_composite=in_composite)}.{hint}"
    if not in_composite:
        hint = " The incoming body is `body_text`, in request_body." if name == "request" else ""
        return f"`{name}` exists only in the steps of a composite connector.{hint}"
    if name in _BODIES:
        return f"`{name}` does not exist in a composite step: use `request.{name}`."
    return f"`{name}` does not exist in a composite step, which has no path parameters."


def _proposals(template: TemplateText, node: Node) -> Iterator[Proposal]:
    name, stores = node.value, template.parsed.stores
    if template.in_composite:
        if name in _BODIES and "request" not in stores:
            yield Proposal(f"Use request.{name}", (Edit(node.start, node.start, "request."),), True)
    elif name == "request" and template.place is FieldPlace.REQUEST_BODY:
        for member in template.parsed.members:
            is_body = member.kind == "getattr" and member.value in _BODIES and member.value not in stores
            if is_body and member.children[0] is node:
                blank = " " if follows_word(template.text, member.start) else ""
                change = Edit(member.start, member.inner_start, blank)
                yield Proposal(f"Use {member.value}", (change,), True)
                return


RULE = Rule("misplaced-name", Severity.ERROR, __doc__, template=check, has_fix=True)
