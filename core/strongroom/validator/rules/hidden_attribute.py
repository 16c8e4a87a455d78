r"""A template reads one of Python's own attributes, which is always empty.

## What it does

Finds names with two underscores at both ends, such as `data.__class__` and `data['__dict__']`. Keys such as `_id` and
`__typename` are fine.

## Why it is bad

Templates are rendered in a sandbox, which hides Python's internals. The name renders as nothing.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set data = body_text | from_json %}{\"kind\": \"{{ data.__class__ }}\"}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set data = body_text | from_json %}{\"kind\": \"{{ 'list' if data is sequence else 'other' }}\"}"
}
```

## Fix safety

There is no fix: what was asked for is not to be had.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import member_of
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule

_INTERNAL: Final = expression(r"__\w+__")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name."""
    if "__" not in template.text or template.parsed.problem is not None:
        return
    for node in template.parsed.members:
        member = member_of(node)
        if member is not None and _INTERNAL.fullmatch(member.name):
            message = f"`{member.name}` is always empty: the sandbox hides Python's internals."
            yield Mark(message, span=(member.start, member.end), data={"name": member.name})


RULE = Rule("hidden-attribute", Severity.WARNING, __doc__, template=check)
