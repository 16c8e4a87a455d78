"""A secret is asked for in a field where secrets never resolve.

## What it does

Finds `get_secret(...)` in `url`, `request_body` and `response_body`, of connectors and of composites' steps.

## Why it is bad

URLs end up in logs, bodies are forwarded and responses go back to the browser, so the platform resolves
secrets only in headers, query parameters and authentication. In the URL the run fails; in a body the
call's own text is what gets sent.

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

Where the name is known to be a variable and `get_variable` exists in the field, calling that instead is
certain, and safe. Otherwise there is no fix: moving a value to a header or a query parameter, or storing
it as a variable because it is no secret, is a decision.
"""

from collections.abc import Iterator

from strongroom.document import Template
from strongroom.names import Kind
from strongroom.platform.availability import places_in_words
from strongroom.validator.findings import Severity
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.shared import resolves, swap_function


def check(template: Template, context: Context) -> Iterator[Mark]:
    """Marks the whole call."""
    if resolves(template, "get_secret"):
        return
    place = template.field.place
    allowed = places_in_words("get_secret", in_composite=template.in_composite)
    message = f"A secret never resolves in {place.value}: get_secret works only in {allowed}."
    takes_variables = resolves(template, "get_variable")
    for call in template.calls:
        if call.function != "get_secret":
            continue
        entry = context.names.get(call.name) if call.name is not None else None
        data = {"name": call.name or "", "place": place.value}
        if entry is not None and entry.kind is Kind.VARIABLE and takes_variables:
            hint = f" `{entry.name}` is a variable: get_variable works here."
            yield Mark(
                call.start, call.end, message + hint, (swap_function(call, "get_variable"),), data=data
            )
        else:
            hint = " A value that is no secret can be stored as a variable." if takes_variables else ""
            yield Mark(call.start, call.end, message + hint, data=data)


RULE = Rule("misplaced-secret", Severity.ERROR, __doc__, template=check, has_fix=True)
