"""The signing algorithm does not exist.

## What it does

Finds an `algorithm` in a `jwt` or `oauth_jwt_bearer` config that the platform does not know. The default is RS256.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "jwt",
    "config": {"private_key": "{{ get_secret('api_key') }}", "algorithm": "RS250", "claims": {"iss": "me"}}
  }
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "jwt",
    "config": {"private_key": "{{ get_secret('api_key') }}", "algorithm": "RS256", "claims": {"iss": "me"}}
  }
}
```

## Fix safety

Safe where only the case is wrong. Otherwise there is no fix.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.document.template_parser import has_tags
from strongroom.platform.authentication import ALGORITHMS, AUTH_TYPES
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the value. A template in its place is not judged."""
    for outline in outlines(connector):
        kind, config = outline.auth_type, outline.config
        if config is None or kind is None or kind.data not in AUTH_TYPES:
            continue
        value = config.text("algorithm")
        if value is None or "algorithm" not in AUTH_TYPES[kind.data].fields:
            continue
        if not value.data or value.data in ALGORITHMS or has_tags(value.data):
            continue
        same = [known for known in ALGORITHMS if known.lower() == value.data.strip().lower()]
        fixes: tuple[Fix, ...] = ()
        if same:
            edit = Edit(value.inner_start, value.inner_end, same[0])
            fixes = (Fix(f"Change to {same[0]}", (edit,), True),)
        message = f"`{value.data}` is not a signing algorithm. Use one of {', '.join(ALGORITHMS)}."
        yield outline.mark(value, message, config, "algorithm", fixes)


RULE = Rule("invalid-algorithm", Severity.ERROR, __doc__, connector=check, has_fix=True)
