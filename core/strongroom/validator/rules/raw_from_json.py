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

from strongroom.document import Template
from strongroom.document.template_parser import Node
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.printed import printed


def check(template: Template, _context: Context) -> Iterator[Mark]:
    """Marks the filter."""
    if not any(node.value == "from_json" for node in template.parsed.filters):
        return
    for value in printed(template):
        node: Node = value
        while node.kind == "filter" and node.value == "safe" and node.children:
            node = node.children[0]
        if node.kind == "filter" and node.value == "from_json" and node.children:
            start, end = template.to_source(node.inner_start), template.to_source(node.inner_end)
            message = "This prints Python notation, not JSON: add `| tojson`."
            yield Mark(start, end, message, (Fix("Add | tojson", _edits(template, value, node), False),))


def _edits(template: Template, value: Node, parsing: Node) -> tuple[Edit, ...]:
    """Put `tojson` in the place of every `safe`; the parentheses around those go with them."""
    place = template.to_source
    if value is parsing:
        return (Edit(place(parsing.end), place(parsing.end), " | tojson"),)
    rest = Edit(place(parsing.outer_end), place(value.end), " | tojson")
    if value.start == parsing.outer_start:
        return (rest,)
    return Edit(place(value.start), place(parsing.outer_start), ""), rest


RULE = Rule("raw-from-json", Severity.WARNING, __doc__, template=check, has_fix=True)
