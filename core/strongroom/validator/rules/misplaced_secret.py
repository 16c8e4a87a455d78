"""A secret is used in a field where secrets are not resolved.

## What it does

Finds `get_secret(...)` in `url`, `request_body` and `response_body`, of connectors and of composites' steps.

## Why it is bad

URLs end up in logs, bodies are forwarded and responses go back to the browser, so the platform resolves secrets
only in headers, query parameters and authentication. In the URL the run fails; in a body the text of the call
itself is sent.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now?key={{ get_secret('api_key') }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "query_parameters": [{"key": "key", "value": "{{ get_secret('api_key') }}"}]
}
```

## Fix safety

Safe where the name is known to be a variable and `get_variable` works in the field: the function is swapped.
Otherwise there is no fix: move the value to a header or query parameter, or store it as a variable if it is not
sensitive.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.names import Kind
from strongroom.platform.availability import places_in_words
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves, swap_function


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark the whole call."""
    if "get_secret" not in template.text or resolves(template, "get_secret"):
        return
    place = template.place.value
    allowed = places_in_words("get_secret", in_composite=template.in_composite)
    message = f"get_secret does not work in {place}, only in {allowed}."
    takes_variables = resolves(template, "get_variable")
    for call in template.calls:
        if call.function != "get_secret":
            continue
        entry = context.names.get(call.name) if call.name is not None else None
        span, data = (call.node.start, call.node.end), {"name": call.name or "", "place": place}
        if entry is not None and entry.kind is Kind.VARIABLE and takes_variables:
            hint = f" `{entry.name}` is a variable: use get_variable."
            proposals = swap_function(template, call, "get_variable")
            yield Mark(message + hint, span=span, proposals=proposals, data=data)
        else:
            hint = " A value that is not sensitive can be stored as a variable." if takes_variables else ""
            yield Mark(message + hint, span=span, data=data)


RULE = Rule("misplaced-secret", Severity.ERROR, __doc__, template=check, has_fix=True)
