"""A credential is hard-coded in the file.

## What it does

Finds the `value` of an `api_key`, a `client_secret` or a `private_key` that is a literal instead of a reference to a
secret.

## Why it is bad

The platform refuses credentials that reference no secret, and everyone who can read the repository can read
this one.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {"type": "api_key", "config": {"key": "X-Key", "value": "sample-key", "in": "header"}}
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

There is no fix, because the value must be stored first. `strongroom secret add NAME --literal FILE:LINE:COLUMN`
stores it and puts the reference in its place. In the terminal app `m` does, and editors offer it as a quick fix.
"""

from collections.abc import Iterator

from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.credentials import credential_fields, is_literal


def check(authentication: Authentication, context: Context) -> Iterator[Mark]:
    """Mark the literal. The message does not repeat it."""
    for config, name, value in credential_fields(authentication):
        if is_literal(value, context):
            message = f"`{name}` is written out: store it as a secret and use {{{{ get_secret('name') }}}}."
            yield config.mark(message, name, data={"field": name})


RULE = Rule("literal-credential", Severity.ERROR, __doc__, authentication=check)
