"""A path parameter is not used in the URL.

## What it does

Finds rows whose key no `{{ pathParams.name }}` in the `url` asks for.

## Why it is bad

A value that a call passes for it goes nowhere. Most often the key or the template is misspelt.

## Example

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "path_parameters": [{"key": "topicId"}]
}
```

## Use instead

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "path_parameters": []
}
```

## Fix safety

Safe: the row is removed. Where the URL uses a parameter without a row, the fix is unsafe: the two may belong
together.
"""

from collections.abc import Iterator

from strongroom.document.template_answers import UNRENDERED
from strongroom.validator.editing import remove_row
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.url_hosts import PLACEHOLDER


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the row's key."""
    url = request.url
    if url is None or not url.is_readable or request.is_step or request.is_damaged:
        return
    used = set(url.path_parameters.names)
    used.update(found.group(1) for found in PLACEHOLDER.finditer(url.flat))
    if url.path_parameters.is_open:
        return
    rows = [(row, key) for row in request.rows_of("path_parameters") if (key := row.text("key")) is not None]
    is_safe = used <= {key for _, key in rows}
    for row, key in rows:
        if key and key not in used and UNRENDERED.search(key) is None:
            proposal = Proposal("Remove the row", (remove_row(),), is_safe)
            message = f"The path parameter `{key}` is not used in the URL."
            yield row.mark(message, "key", proposals=(proposal,), data={"name": key})


RULE = Rule(
    "unused-path-parameter", Severity.WARNING, __doc__, fields={"path_parameters": check}, has_fix=True
)
