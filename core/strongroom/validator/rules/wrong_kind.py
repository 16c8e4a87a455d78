"""A variable is read with `get_secret`, or a secret with `get_variable`.

## What it does

Finds `get_secret('name')` where the community has a variable of that name, and the reverse. It looks only at
fields in which the function that is called exists: in the others the call is misplaced anyway. A call that
`default()` follows is left to `hidden-by-default`.

## Why it is bad

Secrets and variables are read by different functions. The wrong one does not resolve the name: the text of the
call itself is sent to the external API.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region", "value": "{{ get_secret('region') }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region", "value": "{{ get_variable('region') }}"}]
}
```

## Fix safety

Safe: the other function is called with the same name. There is no fix for a secret in a field where secrets do
not resolve, such as `url`.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.platform.availability import places_in_words
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves, swap_function, wrong_kinds


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark the function's name."""
    for call, entry in wrong_kinds(template, context, covered=False):
        name = entry.name
        kind = entry.kind.value
        right = entry.kind.function
        proposals: tuple[Proposal, ...] = ()
        if resolves(template, right):
            message = f"`{name}` is a {kind}: use {right}('{name}')."
            proposals = swap_function(template, call, right)
        else:
            allowed = places_in_words(right, in_composite=template.in_composite)
            message = f"`{name}` is a {kind}, and {right} works only in {allowed}."
        called, data = call.node.children[0], {"name": name, "kind": kind}
        yield Mark(message, span=(called.start, called.end), proposals=proposals, data=data)


RULE = Rule("wrong-kind", Severity.ERROR, __doc__, template=check, has_fix=True)
