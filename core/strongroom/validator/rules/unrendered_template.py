"""A template is in a field that is never rendered.

## What it does

Finds `{{ }}` and `{% %}` in the `key` of a header or parameter, in `response_content_type`, and in the `name` of a
connector or composite connector.

## Why it is bad

Only the values of rows, the URL, the authentication and the bodies are templates. Elsewhere the text is sent, or shown,
as it stands.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "{{ get_variable('key_name') }}", "value": "{{ get_secret('api_key') }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Api-Key", "value": "{{ get_secret('api_key') }}"}]
}
```

## Fix safety

There is no fix: the text is yours to choose.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document.template_answers import UNRENDERED
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Part
from strongroom.validator.rule import Context, Rule

_FIELDS: Final = {
    "connector": ("name", "response_content_type"),
    "step": ("response_content_type",),
    "composite connector": ("name",),
    "row": ("key",),
}
"""List the texts that are not templates, by the kind of object.

Method, permalink, step name and authentication type have rules that refuse a template in them.
"""


def check(part: Part, _context: Context) -> Iterator[Mark]:
    """Mark the template."""
    for name in _FIELDS.get(part.noun, ()):
        text = part.text(name)
        found = UNRENDERED.search(text) if text is not None and "{" in text else None
        if found is not None:
            message = f"`{name}` is not a template: `{found.group()}` stays as it is written."
            yield part.mark(message, name, span=found.span())


RULE = Rule("unrendered-template", Severity.WARNING, __doc__, part=check)
