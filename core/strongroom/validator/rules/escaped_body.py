"""A body is printed with HTML escapes, which break its JSON.

## What it does

Finds `{{ body_text }}`, `{{ response.body }}`, and in a composite `{{ request.body_text }}` and
`{{ steps.first.body }}`, in a `request_body` or `response_body`, where it is all that the template or a branch of it
gives, or the value of a member in JSON. It is found before `default()` and `trim` too, and under a name that
`{% set %}` gives it.

## Why it is bad

Templates are rendered with HTML escaping: each `"` of the body becomes `&#34;`, and what is sent is not JSON. With
`| tojson` alone it becomes one JSON text in quotes.

## Example

```json
{
  "name": "Orders",
  "url": "https://api.example.com/orders",
  "method": "POST",
  "request_body": "{{ body_text }}"
}
```

## Use instead

```json
{
  "name": "Orders",
  "url": "https://api.example.com/orders",
  "method": "POST",
  "request_body": ""
}
```

## Fix safety

Safe where the whole template is that one body: the field is left blank, and the body is forwarded, or passed through,
as it is. Otherwise, and where a default stands behind it, unsafe: `| from_json | tojson` fails for a body that is not
JSON.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_answers import EscapedText, escaped_texts
from strongroom.document.template_nodes import Node
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the printed expression."""
    for found in escaped_texts(template):
        span = found.node.start, found.node.end
        yield Mark(found.message(template.text), span=span, proposals=(_proposal(template, found),))


def _proposal(template: TemplateText, found: EscapedText) -> Proposal:
    if found.is_whole:
        return Proposal("Leave it blank", (Edit(0, len(template.text), ""),), not found.has_default)
    return Proposal("Add | from_json | tojson", tuple(_parsed(found.node)), False)


def _parsed(node: Node) -> Iterator[Edit]:
    end = node.outer_end
    if node.kind in ("binary", "condition") and not node.is_parenthesised:
        yield Edit(node.start, node.start, "(")
        yield Edit(end, end, ") | from_json | tojson")
    else:
        yield Edit(end, end, " | from_json | tojson")


RULE = Rule("escaped-body", Severity.WARNING, __doc__, template=check, has_fix=True)
