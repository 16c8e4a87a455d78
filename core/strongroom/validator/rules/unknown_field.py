"""The name of a field looks misspelt.

## What it does

Finds keys that the platform does not know and that are near to one that it knows: `pathParams`, `header`,
`overidable`. Other extra keys are legal, and the rule says nothing about them.

## Why it is bad

Unknown keys are ignored without an error, so what the field was to set is missing.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "header": [{"key": "Accept", "value": "application/json"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "Accept", "value": "application/json"}]
}
```

## Fix safety

Safe where the two names differ only in case, separators, a plural or a known short form, and the right field
is not there yet. Otherwise unsafe.
"""

from collections.abc import Collection, Iterator

from strongroom.document import Document
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS, REGISTRY_FIELDS
from strongroom.text.edits import Edit
from strongroom.text.suggest import ask_if_meant
from strongroom.validator.editing import rename_key
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.marks import Mark, PlacedMark, Proposal
from strongroom.validator.parts import Authentication, Part
from strongroom.validator.placing import inside
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.near_fields import is_certain_slip, near_field


def check(part: Part, _context: Context) -> Iterator[Mark]:
    """Mark the key."""
    if not part.data.keys() <= part.facts.keys():
        yield from _keys(part, part.facts)


def check_config(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the key of a config."""
    if authentication.config is not None and authentication.known is not None:
        yield from _keys(authentication.config, authentication.known.fields)


def _keys(part: Part, known: Collection[str]) -> Iterator[Mark]:
    for name in part.data:
        if name in known or _belongs_elsewhere(part, name):
            continue
        field = near_field(name, known)
        if field:
            proposals: tuple[Proposal, ...] = ()
            if field not in part.data:
                is_safe = is_certain_slip(name, field)
                proposals = (Proposal(_title(field), (rename_key(field),), is_safe),)
            message = _message(name, field)
            yield part.mark(message, name, part="key", proposals=proposals, data={"name": field})


def _belongs_elsewhere(part: Part, name: str) -> bool:
    """Return True if the field belongs elsewhere, or another rule reports it here.

    It belongs elsewhere if another kind of connector has it.
    """
    if part.noun == "authentication":
        return any(name in kind.fields for kind in AUTH_TYPES.values())
    is_connector = part.facts is CONNECTOR_FIELDS or part.facts is COMPOSITE_FIELDS
    return is_connector and (name in CONNECTOR_FIELDS or name in COMPOSITE_FIELDS)


def _message(name: str, field: str) -> str:
    return f"Unknown field `{name}` is ignored. {ask_if_meant([field])}"


def _title(field: str) -> str:
    return f"Change to {field}"


def check_file(document: Document) -> Iterator[PlacedMark]:
    """Mark misspelt keys of the registry.

    A list of connectors under such a key would not be read.
    """
    root = document.root
    if root is None or document.is_one_connector:
        return
    present = {key.data for key, _ in root.members}
    for key, value in root.members:
        if value.kind != "array" or key.data in REGISTRY_FIELDS:
            continue
        field = near_field(key.data, REGISTRY_FIELDS)
        if field and field not in present:
            start, end = inside(key)
            fix = Fix(_title(field), (Edit(start, end, field),), is_certain_slip(key.data, field))
            pointer = f"/{key.data}"
            yield PlacedMark(start, end, _message(key.data, field), (fix,), pointer=pointer, field=key.data)


RULE = Rule(
    "unknown-field",
    Severity.WARNING,
    __doc__,
    part=check,
    authentication=check_config,
    document=check_file,
    has_fix=True,
)
