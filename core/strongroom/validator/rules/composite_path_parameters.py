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

from strongroom.validator.editing import remove_member
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import CheckedConnector
from strongroom.validator.rule import Context, Rule


def check(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark the field's key."""
    if not connector.is_composite:
        return
    for request in connector.requests:
        if not request.data.get("path_parameters"):
            continue
        proposals: tuple[Proposal, ...] = ()
        if not connector.is_damaged and not _reads_path_parameters(connector):
            proposals = (Proposal("Remove path_parameters", (remove_member,), True),)
        message = "Composite connectors cannot have path parameters."
        yield request.mark(message, "path_parameters", part="key", proposals=proposals)


def _reads_path_parameters(connector: CheckedConnector) -> bool:
    return any("pathParams" in template.text for step in connector.steps for template in step.templates)


RULE = Rule("composite-path-parameters", Severity.ERROR, __doc__, connector=check, has_fix=True)
