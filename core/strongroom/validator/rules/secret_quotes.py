r"""The name of a secret or variable is in double quotes.

## What it does

Finds `get_secret("name")` and `get_variable("name")`, which are `get_secret(\"name\")` in the JSON source.

## Why it is bad

The platform requires single quotes. In JSON every double quote must also be escaped, and one missing backslash
breaks the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret(\"api_key\") }}"}]
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

Safe: only the quotes change. A name that contains a quote or a backslash is not valid, and has no fix.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import named_calls


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name with its quotes."""
    for call, name in named_calls(template):
        if call.quote != '"':
            continue
        (outer_start, outer_end), (start, end) = call.literal, call.argument
        proposals: tuple[Proposal, ...] = ()
        if not any(character in name for character in "'\\"):
            changes = Edit(outer_start, start, "'"), Edit(end, outer_end, "'")
            proposals = (Proposal("Use single quotes", changes, True),)
        message = f"Use single quotes: {call.function}('{name}')."
        yield Mark(message, span=call.literal, proposals=proposals, data={"name": name})


RULE = Rule("secret-quotes", Severity.WARNING, __doc__, template=check, has_fix=True)
