"""The community has no variable of this name.

## What it does

Finds `get_variable('name')` where the complete list of the community's names holds no such name. Without
a list, or with a list that may be incomplete, the rule says nothing. Fields in which `get_variable` does
not exist, names that no save would accept and names that belong to a secret are left to the rules about
those.

## Why it is bad

The platform leaves an unresolved expression in the text as it is. In a header the external API receives
it; in the URL it makes the URL invalid, and the run fails.

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

The nearest known name is offered when it is the only near one. The fix is unsafe: another name is another
value.
"""

from collections.abc import Iterator

from strongroom.document import Template
from strongroom.names import Kind
from strongroom.validator.findings import Severity
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.shared import unknown_name


def check(template: Template, context: Context) -> Iterator[Mark]:
    """Marks the name between the quotes."""
    return unknown_name(template, context, Kind.VARIABLE)


RULE = Rule("unknown-variable", Severity.ERROR, __doc__, template=check, has_fix=True)
