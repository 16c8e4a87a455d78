"""The name given to `get_secret` or `get_variable` is not a literal.

## What it does

Finds `get_secret(...)` and `get_variable(...)` whose argument is anything but one string, such as
`get_secret(prefix ~ '_key')`, and these functions used without a call.

## Why it is bad

Nobody can tell which name is meant, so nothing can check that it exists, and a search for its uses misses this
one.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret('api' ~ '_key') }}"}]
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

There is no fix: which name is meant is not certain.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import NAMED_FUNCTIONS, resolves


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the arguments of the call.

    Mark the whole call if it has no argument, and the function's name if it is not called.
    """
    if "get_" not in template.text:
        return
    for call in template.calls:
        if call.name is None and call.function in NAMED_FUNCTIONS and resolves(template, call.function):
            start, end = call.argument
            if start == end:
                message = f"{call.function} needs a name: {call.function}('name')."
                yield Mark(message, span=(call.node.start, call.node.end))
            else:
                message = f"The name is computed, so it cannot be checked: write {call.function}('name')."
                yield Mark(message, span=call.argument)
    for node in template.parsed.free:
        name = node.value
        if name in NAMED_FUNCTIONS and not node.is_called and resolves(template, name):
            message = f"{name} is not called: write {name}('name')."
            yield Mark(message, span=(node.start, node.start + len(name)))


RULE = Rule("computed-name", Severity.WARNING, __doc__, template=check)
