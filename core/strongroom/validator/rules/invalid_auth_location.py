"""An API key's `in` is neither `header` nor `query`.

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

from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.choices import wrong_choices


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the value. A template in its place is not judged."""
    return wrong_choices(authentication, "in", "a place for an API key")


RULE = Rule("invalid-auth-location", Severity.ERROR, __doc__, authentication=check, has_fix=True)
