"""A composite connector or one of its steps has path parameters.

## What it does

Finds `path_parameters` with rows in composite connectors and in their steps.

## Why it is bad

Path parameters are not allowed on composites. The platform refuses the file.

## Example

```json
{
  "name": "Weather here",
  "steps": [
    {
      "name": "find-place",
      "url": "https://api.example.com/place",
      "path_parameters": [{"key": "id"}]
    }
  ]
}
```

## Use instead

```json
{
  "name": "Weather here",
  "steps": [
    {"name": "find-place", "url": "https://api.example.com/place"}
  ]
}
```

## Fix safety

Safe where no template of the composite asks for path parameters: the field is removed. Otherwise there is no fix.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.validator.editing import remove_member
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the field's key."""
    if not connector.is_composite:
        return
    for outline in outlines(connector):
        found = outline.members.get("path_parameters")
        if found is None or not found[1].data:
            continue
        fixes: tuple[Fix, ...] = ()
        if not outline.is_damaged and not _reads_path_parameters(connector):
            edit = remove_member(outline.source, outline.part.value, "path_parameters")
            fixes = (Fix("Remove path_parameters", (edit,), True),)
        message = "Composite connectors cannot have path parameters."
        yield outline.mark(found[0], message, outline.part, "path_parameters", fixes)


def _reads_path_parameters(connector: Connector) -> bool:
    return any("pathParams" in template.text for template in connector.templates)


RULE = Rule("composite-path-parameters", Severity.ERROR, __doc__, connector=check, has_fix=True)
