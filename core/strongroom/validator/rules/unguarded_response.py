"""A response is parsed as JSON whatever its status.

## What it does

Finds the first `response.body | from_json` in the `response_body` of a standard connector whose template looks
neither at `response.status_code` nor at `response.headers`. Steps of a composite are left alone: a step that
answers with an error ends the run before its template.

## Why it is bad

The template runs for every status. An error page is often not JSON: parsing it fails, and the caller sees status
422 in place of the real one.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_body": "{{ (response.body | from_json).rain | tojson }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_body": "{% if response.status_code == 200 %}{{ (response.body | from_json).rain | tojson }}{% endif %}"
}
```

## Fix safety

There is no fix: what to answer for an error is a decision.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import members_of_free_names
from strongroom.document.template_nodes import Node
from strongroom.platform.places import FieldPlace
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule

_GUARDS: Final = ("status_code", "headers")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the parsed value, with the filter."""
    parsed = template.parsed
    if template.place is not FieldPlace.RESPONSE_BODY or template.in_composite or parsed.problem:
        return
    parsing = [node for node in parsed.filters if node.value == "from_json" and node.children]
    if not parsing:
        return
    members = [*members_of_free_names(parsed, "response")]
    if any(member.name in _GUARDS for member in members):
        return
    bodies = {member.node for member in members if member.name == "body"}
    for node in parsing:
        if _filtered(node) in bodies:
            message = "The body is parsed as JSON whatever the status: look at response.status_code first."
            yield Mark(message, span=(node.start, node.inner_end))
            return


def _filtered(node: Node) -> Node:
    while node.kind == "filter" and node.children:
        node = node.children[0]
    return node


RULE = Rule("unguarded-response", Severity.INFO, __doc__, template=check)
