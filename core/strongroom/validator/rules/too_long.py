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

from strongroom.document import Connector
from strongroom.document.json_values import StringValue
from strongroom.validator.findings import Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the text past the limit."""
    for outline in outlines(connector):
        for part in outline.parts:
            for name, (_, value) in part.members.items():
                if value.kind != "string" or not isinstance(value, StringValue):
                    continue
                # No limit is below 255, and no text is longer than its source.
                if value.end - value.start <= 255 or value.is_damaged:
                    continue
                fact = part.facts.get(name)
                if fact is None or fact.limit is None or len(value.data) <= fact.limit:
                    continue
                message = f"`{name}` has {len(value.data):,} characters; at most {fact.limit:,} are allowed."
                place = value.to_source(fact.limit), value.inner_end
                yield outline.mark(place, message, part, name)


RULE = Rule("too-long", Severity.ERROR, __doc__, connector=check)
