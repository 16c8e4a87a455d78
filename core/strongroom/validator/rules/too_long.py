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

from strongroom.document import Connector
from strongroom.document.json_values import StringValue
from strongroom.validator.findings import Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule

_LEAST: Final = 255
"""No limit is below this one: most texts need no further look."""


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the text past the limit."""
    for outline in outlines(connector):
        for part in outline.parts:
            for name, (_, value) in part.members.items():
                if value.kind != "string" or not isinstance(value, StringValue):
                    continue
                size = len(value.data)
                if size <= _LEAST or value.is_damaged:
                    continue
                fact = part.facts.get(name)
                if fact is None or fact.limit is None or size <= fact.limit:
                    continue
                message = f"`{name}` has {size:,} characters; at most {fact.limit:,} are allowed."
                place = value.to_source(fact.limit), value.inner_end
                yield outline.mark(place, message, part, name)


RULE = Rule("too-long", Severity.ERROR, __doc__, connector=check)
