"""There are spaces inside the parentheses of `get_secret` or `get_variable`.

## What it does

Finds `get_secret( 'name' )` and `get_variable( 'name' )`: spaces after the opening parenthesis or before
the closing one. Both ends of one call are one finding.

## Why it is bad

The platform asks for no spaces there, and searches for `get_secret('name')` miss the call.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret( 'api_key' ) }}"}]
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

Safe: only the spaces are removed.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import named_calls


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the first of the two blanks; the other one is related."""
    for call, name in named_calls(template):
        inside = call.node.inner_start, call.node.inner_end
        blanks = [
            (start, end)
            for start, end in ((inside[0], call.literal[0]), (call.literal[1], inside[1]))
            # A comma may follow the name. Then there is more than a blank, and no certain fix.
            if template.text[start:end].isspace()
        ]
        if not blanks:
            continue
        changes = tuple(Edit(start, end, "") for start, end in blanks)
        yield Mark(
            f"Remove the spaces: {call.function}('{name}').",
            span=blanks[0],
            proposals=(Proposal("Remove the spaces", changes, True),),
            related=tuple(Mark("There are spaces here too.", span=span) for span in blanks[1:]),
            data={"name": name},
        )


RULE = Rule("secret-spacing", Severity.WARNING, __doc__, template=check, has_fix=True)
