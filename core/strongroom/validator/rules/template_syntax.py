"""A template is not valid Jinja2.

## What it does

Reads each template field with the grammar of Jinja2 3.1, as the platform does, and reports the first
mistake in it: a tag that is never closed, a missing `endif`, an operator without a value.

## Why it is bad

A template that cannot be read fails the run, with status 422.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Mail", "value": "{% if user.email %}{{ user.email }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Mail", "value": "{% if user.email %}{{ user.email }}{% endif %}"}]
}
```

## Fix safety

There is no fix: what was meant is not certain.
"""

from collections.abc import Iterator

from strongroom.document import Template
from strongroom.validator.findings import Severity
from strongroom.validator.rule import Context, Mark, Rule


def check(template: Template, _context: Context) -> Iterator[Mark]:
    """Marks the text at which Jinja2 gives up, or the tag that is left open."""
    problem = template.parsed.problem
    if problem is not None:
        yield Mark(template.to_source(problem.start), template.to_source(problem.end), problem.message)


RULE = Rule("template-syntax", Severity.ERROR, __doc__, template=check)
