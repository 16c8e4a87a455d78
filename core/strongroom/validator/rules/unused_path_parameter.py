"""A path parameter is not used in the URL.

## What it does

Finds rows whose key no `{{ pathParams.name }}` in the `url` asks for.

## Why it is bad

Every call must then pass a value that goes nowhere. Most often the key or the template is misspelt.

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

from strongroom.document import Connector
from strongroom.validator.editing import remove_item
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.url_hosts import PLACEHOLDER


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the row's key."""
    for outline in outlines(connector):
        url = outline.url
        if "path_parameters" not in outline.members or outline.connector.is_step:
            continue
        if url is None or not url.is_readable or outline.is_damaged:
            continue
        used = set(url.path_parameters.names)
        used.update(found.group(1) for found in PLACEHOLDER.finditer(url.flat))
        rows = list(outline.rows_of("path_parameters"))
        if url.path_parameters.is_open:
            continue
        declared = {key.data for row in rows if (key := row.part.text("key")) is not None}
        array = outline.members["path_parameters"][1]
        for row in rows:
            key = row.part.text("key")
            if key is None or not key.data or key.data in used:
                continue
            edit = remove_item(outline.source, array, row.position)
            fix = Fix("Remove the row", (edit,), used <= declared)
            message = f"The path parameter `{key.data}` is not used in the URL."
            yield outline.mark(key, message, row.part, "key", (fix,), data={"name": key.data})


RULE = Rule("unused-path-parameter", Severity.WARNING, __doc__, connector=check, has_fix=True)
