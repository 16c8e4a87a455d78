"""Parsed JSON is printed without `tojson`.

## What it does

Finds `{{ value | from_json }}` with nothing behind the filter.

## Why it is bad

The parsed value is printed in Python's notation, with HTML escapes: `{&#39;a&#39;: True}`. That is not JSON.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ body_text | from_json }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ body_text | from_json | tojson }}"
}
```

## Fix safety

Unsafe: `| tojson` is added, which puts quotes around a value that is only a string.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.printed import printed


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the filter."""
    if not any(node.value == "from_json" for node in template.parsed.filters):
        return
    for value in printed(template):
        node: Node = value
        while node.kind == "filter" and node.value == "safe" and node.children:
            node = node.children[0]
        if node.kind == "filter" and node.value == "from_json" and node.children:
            message = "This prints Python notation, not JSON: add `| tojson`."
            proposal = Proposal("Add | tojson", _changes(value, node), False)
            yield Mark(message, span=(node.inner_start, node.inner_end), proposals=(proposal,))


def _changes(value: Node, parsing: Node) -> tuple[Edit, ...]:
    """Put `tojson` in the place of every `safe`.

    The parentheses around each `safe` go with it.
    """
    if value is parsing:
        return (Edit(parsing.end, parsing.end, " | tojson"),)
    rest = Edit(parsing.outer_end, value.end, " | tojson")
    if value.start == parsing.outer_start:
        return (rest,)
    return Edit(value.start, parsing.outer_start, ""), rest


RULE = Rule("raw-from-json", Severity.WARNING, __doc__, template=check, has_fix=True)
