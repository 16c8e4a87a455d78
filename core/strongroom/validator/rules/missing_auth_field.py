"""A field that the authentication type needs is missing.

## What it does

Finds `authentication` without `type`, and a `config` that lacks a required field of its type or has it empty:
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

from strongroom.document import Connector
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.text.phrases import joined
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, Part, inside, opening, outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the opening brace of the config; the type, where there is no config; the empty text."""
    for outline in outlines(connector):
        part = outline.authentication
        if part is None or outline.is_damaged:
            continue
        found = part.members.get("type")
        if found is None or found[1].data is None:
            # An empty object may stand for no authentication at all.
            if part.members:
                message = "The authentication has no `type`."
                yield outline.mark(opening(part.value), message, part, data={"field": "type"})
        elif outline.auth_type is not None and outline.auth_type.data in AUTH_TYPES:
            yield from _config(outline, part, outline.auth_type.data)


def _config(outline: Outline, part: Part, name: str) -> Iterator[Mark]:
    kind = AUTH_TYPES[name]
    config = outline.config
    if config is None and "config" in part.members and part.members["config"][1].data is not None:
        return
    members = config.members if config is not None else {}
    missing = []
    for field in kind.fields.values():
        if not field.required:
            continue
        value = members.get(field.name)
        if value is None or value[1].data is None:
            # One that stands beside config has a rule of its own.
            if field.name not in part.members:
                missing.append(field.name)
        elif value[1].data == "" and config is not None:
            message = f"`{field.name}` is empty: the authentication type `{name}` needs it."
            yield outline.mark(value[1], message, config, field.name, data={"field": field.name})
    if missing:
        names = joined([f"`{member}`" for member in missing])
        message = f"The authentication type `{name}` needs {names}."
        data = {"field": ",".join(missing)}
        if config is not None:
            yield outline.mark(opening(config.value), message, config, data=data)
        else:
            yield outline.mark(inside(part.members["type"][1]), message, part, "type", data=data)


RULE = Rule("missing-auth-field", Severity.ERROR, __doc__, connector=check)
