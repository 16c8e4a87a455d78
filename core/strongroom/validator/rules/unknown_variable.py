"""The community has no variable of this name.

## What it does

Finds `get_variable('name')` where the complete list of the community's names has no such name. Without a list, or
with an incomplete one, the rule reports nothing.

It looks only at fields where `get_variable` works; `misplaced-variable` covers the others. Invalid names are left to
`invalid-secret-name`, and names of secrets to `wrong-kind`. A name with `default()` behind it may be missing, and is
left to `hidden-by-default`.

## Why it is bad

The platform leaves an unresolved expression as it is: the external API receives the text
`{{ get_variable('...') }}` in a header, and in the URL it makes the URL invalid, so the run fails.

## Example

```json
{
  "name": "Weather",
  "url": "{{ get_variable('base_ulr') }}/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "{{ get_variable('base_url') }}/now"
}
```

## Fix safety

Unsafe: the nearest known name is offered when it is the only near one, but the variable may just not be stored yet.
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
    return unknown_name(template, context, Kind.VARIABLE)


RULE = Rule("unknown-variable", Severity.ERROR, __doc__, template=check, has_fix=True)
