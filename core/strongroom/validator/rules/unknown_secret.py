"""The community has no secret of this name.

## What it does

Finds `get_secret('name')` where the complete list of the community's names has no such name. Without a list, or
with an incomplete one, the rule reports nothing.

It looks only at fields where `get_secret` works; `misplaced-secret` covers the others. Invalid names are left to
`invalid-secret-name`, and names of variables to `wrong-kind`. A name with `default()` behind it may be missing, and is
left to `hidden-by-default`.

## Why it is bad

The platform leaves an unresolved expression as it is: the external API receives the text
`{{ get_secret('...') }}` instead of the value, and answers 401 or 403.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret('api_kye') }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret('api_key') }}"}]
}
```

## Fix safety

Unsafe: the nearest known name is offered when it is the only near one, but the secret may just not be stored
yet.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.names import Kind
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import unknown_name


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark the name between the quotes."""
    return unknown_name(template, context, Kind.SECRET)


RULE = Rule("unknown-secret", Severity.ERROR, __doc__, template=check, has_fix=True)
