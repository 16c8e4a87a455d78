"""A function is used in a field where it is not available.

## What it does

Finds `jwt_encode(...)` in `response_body`, of connectors and of composite steps. `get_secret` and `get_variable`
have rules of their own.

## Why it is bad

The response goes back to the browser, so nothing is signed there: the template fails with status 422.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_body": "{{ jwt_encode({'sub': user.id}, 'key', 'HS256') }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Token", "value": "{{ jwt_encode({'sub': user.id}, get_secret('api_key'), 'HS256') }}"}]
}
```

## Fix safety

There is no fix: what the response should hold instead is not certain.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.platform.availability import places_in_words
from strongroom.platform.template_names import FUNCTIONS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import NAMED_FUNCTIONS, resolves

_CHECKED: Final = frozenset(FUNCTIONS) - frozenset(NAMED_FUNCTIONS)


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the function's name."""
    for node in template.parsed.free:
        name = node.value
        if name in _CHECKED and not resolves(template, name):
            place = template.place.value
            allowed = places_in_words(name, in_composite=template.in_composite)
            message = f"{name} does not work in {place}, only in {allowed}."
            yield Mark(message, span=(node.start, node.end), data={"name": name, "place": place})


RULE = Rule("misplaced-function", Severity.ERROR, __doc__, template=check)
