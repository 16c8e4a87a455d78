"""A value is longer than the platform allows.

## What it does

Compares `name`, `permalink`, `url` and `response_content_type`, and the keys and values of headers and query
parameters, with the platform's limits. Lengths are in characters of the text, templates included, after JSON's
escapes have been read.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_content_type": "application/json; charset=utf-8; profile=https://api.example.com/profiles/weather; note=too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-too-long-"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_content_type": "application/json"
}
```

## Fix safety

There is no fix: what to leave out is your choice.
"""  # noqa: E501

from collections.abc import Iterator
from typing import Final

from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Part
from strongroom.validator.rule import Context, Rule

_LEAST: Final = 255
"""No limit is below this one: most texts need no further look."""


def check(part: Part, _context: Context) -> Iterator[Mark]:
    """Mark the text past the limit."""
    for name, value in part.data.items():
        if type(value) is not str or len(value) <= _LEAST:
            continue
        size, fact = len(value), part.facts.get(name)
        if fact is not None and fact.limit is not None and size > fact.limit:
            message = f"`{name}` has {size:,} characters; at most {fact.limit:,} are allowed."
            yield part.mark(message, name, span=(fact.limit, size))


RULE = Rule("too-long", Severity.ERROR, __doc__, part=check)
