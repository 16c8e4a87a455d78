r"""A variable is used in a field where variables are not resolved.

## What it does

Finds `get_variable(...)` in `request_body` and `response_body` of a standard connector. In the steps of a
composite, `get_variable` works in every field.

## Why it is bad

The function does not exist there: the text of the call itself is sent.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{\"region\": \"{{ get_variable('region') }}\"}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "query_parameters": [{"key": "region", "value": "{{ get_variable('region') }}"}]
}
```

## Fix safety

There is no fix: where the value should go instead is a decision.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.platform.availability import places_in_words
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves

_NAME = "get_variable"


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the whole call."""
    if _NAME not in template.text or resolves(template, _NAME):
        return
    place = template.place.value
    allowed = places_in_words(_NAME, in_composite=template.in_composite)
    for call in template.calls:
        if call.function == _NAME:
            message = f"get_variable does not work in {place}, only in {allowed}."
            data = {"name": call.name or "", "place": place}
            yield Mark(message, span=(call.node.start, call.node.end), data=data)


RULE = Rule("misplaced-variable", Severity.ERROR, __doc__, template=check)
