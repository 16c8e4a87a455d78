"""A field that the authentication type needs is missing.

## What it does

Finds `authentication` without `type`, and a `config` without a required field of its type, or with an empty one:
`api_key` needs `key`, `value` and `in`, `jwt` needs `private_key` and `claims`, and so on.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {"type": "api_key", "config": {"key": "X-Key", "value": "{{ get_secret('api_key') }}"}}
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

There is no fix: the value is yours to choose.
"""

from collections.abc import Iterator

from strongroom.platform.authentication import AuthType
from strongroom.text.phrases import joined
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the opening brace of the config, or the empty text.

    Without a config, mark the type.
    """
    if authentication.is_damaged:
        return
    if authentication.data.get("type") is None:
        # An empty object may mean that the call is not authenticated at all.
        if authentication.data:
            message = "The authentication has no `type`."
            yield authentication.mark(message, part="opening", data={"field": "type"})
    elif authentication.known is not None:
        yield from _config(authentication, authentication.known)


def _config(authentication: Authentication, known: AuthType) -> Iterator[Mark]:
    config = authentication.config
    if config is None and authentication.data.get("config") is not None:
        return
    members = config.data if config is not None else {}
    missing = []
    for field in known.fields.values():
        if not field.required:
            continue
        value = members.get(field.name)
        if value is None:
            # A field beside the config has a rule of its own.
            if field.name not in authentication.data:
                missing.append(field.name)
        elif value == "" and config is not None:
            message = f"`{field.name}` is empty: the authentication type `{known.name}` needs it."
            yield config.mark(message, field.name, data={"field": field.name})
    if missing:
        names = joined([f"`{member}`" for member in missing])
        message = f"The authentication type `{known.name}` needs {names}."
        data = {"field": ",".join(missing)}
        if config is not None:
            yield config.mark(message, part="opening", data=data)
        else:
            yield authentication.mark(message, "type", data=data)


RULE = Rule("missing-auth-field", Severity.ERROR, __doc__, authentication=check)
