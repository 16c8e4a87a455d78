"""An API key is to be sent in a place that does not exist.

## What it does

Finds an `in` of an `api_key` config that is neither `header` nor `query`.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "api_key",
    "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}", "in": "cookie"}
  }
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "api_key",
    "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}", "in": "header"}
  }
}
```

## Fix safety

Safe where only the case is wrong. Otherwise there is no fix.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.document.template_parser import has_tags
from strongroom.platform.authentication import API_KEY_LOCATIONS, AUTH_TYPES
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the value. A template in its place is not judged."""
    for outline in outlines(connector):
        kind, config = outline.auth_type, outline.config
        if config is None or kind is None or kind.data not in AUTH_TYPES:
            continue
        value = config.text("in")
        if value is None or "in" not in AUTH_TYPES[kind.data].fields:
            continue
        if not value.data or value.data in API_KEY_LOCATIONS or has_tags(value.data):
            continue
        same = [known for known in API_KEY_LOCATIONS if known.lower() == value.data.strip().lower()]
        fixes: tuple[Fix, ...] = ()
        if same:
            edit = Edit(value.inner_start, value.inner_end, same[0])
            fixes = (Fix(f"Change to {same[0]}", (edit,), True),)
        message = f"`{value.data}` is not a place for an API key. Use one of {', '.join(API_KEY_LOCATIONS)}."
        yield outline.mark(value, message, config, "in", fixes)


RULE = Rule("invalid-auth-location", Severity.ERROR, __doc__, connector=check, has_fix=True)
