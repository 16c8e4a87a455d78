r"""A header of an answer is read with capitals, and is always empty.

## What it does

Finds `response.headers['X-Total']` and `steps.first.headers['X-Total']`, also as `.get('X-Total')` or as an attribute,
with a capital letter in the name.

## Why it is bad

Templates see the names of an answer's headers in lower case. Any other spelling is not there, and renders as nothing.

## Example

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "response_body": "{\"total\": {{ response.headers['X-Total'] | tojson }}}"
}
```

## Use instead

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "response_body": "{\"total\": {{ response.headers['x-total'] | tojson }}}"
}
```

## Fix safety

Safe: the name is written in lower case.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_answers import lost_headers
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the header's name."""
    for lost in lost_headers(template):
        if lost.right:
            change = Edit(lost.start, lost.end, lost.right)
            proposal = Proposal(f"Change to {lost.right}", (change,), True)
            yield Mark(
                lost.message, span=(lost.start, lost.end), proposals=(proposal,), data={"name": lost.right}
            )


RULE = Rule("header-case", Severity.WARNING, __doc__, template=check, has_fix=True)
