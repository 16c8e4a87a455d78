"""The name of a secret or variable is not a valid identifier.

## What it does

Finds names in `get_secret` and `get_variable` that are not identifiers. An identifier has ASCII letters, digits and
underscores, and does not start with a digit.

## Why it is bad

The platform refuses such a name on save with "Invalid secret name", so the call can never resolve,
whatever is stored.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret('api-key') }}"}]
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

Where exactly one known name is near, changing to it is offered. The fix is unsafe: another name is
another value.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.platform.naming import is_valid_name, why_invalid
from strongroom.text.suggest import ask_if_meant
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import NAMED_FUNCTIONS, about, named_calls, rename


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark the name between the quotes, or the quotes if nothing is between them."""
    for call, name in named_calls(template):
        if is_valid_name(name):
            continue
        start, end = call.argument
        span = call.argument if start < end else call.literal
        near = context.near(name, NAMED_FUNCTIONS[call.function])
        message = f"`{name}` is not a valid name: it {why_invalid(name)}." if name else "The name is empty."
        if near:
            message += f" {ask_if_meant(near)}"
        proposals = (rename(call, near[0]),) if len(near) == 1 else ()
        yield Mark(message, span=span, proposals=proposals, data=about(name, near))


RULE = Rule("invalid-secret-name", Severity.ERROR, __doc__, template=check, has_fix=True)
