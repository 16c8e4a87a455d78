"""A step reads a header of the caller that is never there.

## What it does

Finds `request.headers['...']` with a literal name other than `Content-Type`, also as `.get('...')` or as an attribute.

## Why it is bad

A composite connector sees the caller's `Content-Type` and no other header, whatever the caller sends. Any other one
renders as nothing.

## Example

```json
{
  "name": "Both",
  "steps": [
    {
      "name": "first",
      "url": "https://api.example.com/one",
      "headers": [{"key": "X-Language", "value": "{{ request.headers['Accept-Language'] }}"}]
    }
  ]
}
```

## Use instead

```json
{
  "name": "Both",
  "steps": [
    {
      "name": "first",
      "url": "https://api.example.com/one",
      "headers": [{"key": "X-Language", "value": "{{ request.query_parameters.language }}"}]
    }
  ]
}
```

## Fix safety

There is no fix: the value has to come another way, such as a query parameter or the body.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_answers import lost_headers
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the header's name."""
    for lost in lost_headers(template):
        if not lost.right:
            yield Mark(lost.message, span=(lost.start, lost.end), data={"name": lost.name})


RULE = Rule("caller-header", Severity.WARNING, __doc__, template=check)
