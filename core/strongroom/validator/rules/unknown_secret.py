"""A secret is asked for that the community does not have.

## What it does

Finds `get_secret('name')` where the complete list of the community's names holds no such name. Without a
list, or with a list that may be incomplete, the rule says nothing.

It looks only at fields in which `get_secret` exists. In the others `misplaced-secret` already says that
the call cannot stay, and whether the name will be a secret's or a variable's is open until then. A name
that no save would accept is left to `invalid-secret-name`, and a name that belongs to a variable to
`wrong-kind`.

## Why it is bad

The platform leaves an unresolved expression in the text as it is: the external API receives the characters
`{{ get_secret('...') }}` in place of the value and answers 401 or 403.

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

The nearest known name is offered when it is the only near one. The fix is unsafe: another name is another
value, and only you know whether the name is misspelt or the secret is not stored yet.
"""

from collections.abc import Iterator

from strongroom.document import Template
from strongroom.names import Kind
from strongroom.validator.findings import Severity
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.shared import unknown_name


def check(template: Template, context: Context) -> Iterator[Mark]:
    """Marks the name between the quotes."""
    return unknown_name(template, context, Kind.SECRET)


RULE = Rule("unknown-secret", Severity.ERROR, __doc__, template=check, has_fix=True)
