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

from collections.abc import Iterable, Iterator

from strongroom.document import Connector, Document
from strongroom.document.json_values import StringValue, Value
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS, REGISTRY_FIELDS
from strongroom.text.suggest import ask_if_meant
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import Outline, Part, inside, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.near_fields import is_certain_slip, near_field


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the key."""
    for outline in outlines(connector):
        for part in outline.parts:
            if not part.members.keys() <= part.facts.keys():
                yield from _keys(outline, part, part.facts)
        kind = AUTH_TYPES.get(outline.auth_type.data) if outline.auth_type is not None else None
        if outline.config is not None and kind is not None:
            yield from _keys(outline, outline.config, kind.fields)


def _keys(outline: Outline, part: Part, known: Iterable[str]) -> Iterator[Mark]:
    fields = list(known)
    for name, (key, value) in part.members.items():
        if name in fields or _belongs_elsewhere(outline, part, name):
            continue
        field = near_field(name, fields)
        if field:
            fix = _rename(key, value, field, is_free=field not in part.members)
            yield outline.mark(key, _message(name, field), part, name, fix, data={"name": field})


def _belongs_elsewhere(outline: Outline, part: Part, name: str) -> bool:
    """Whether another kind of connector has the field, or another rule reports it here."""
    if part.noun == "authentication":
        return any(name in kind.fields for kind in AUTH_TYPES.values())
    return part is outline.part and (name in CONNECTOR_FIELDS or name in COMPOSITE_FIELDS)


def _message(name: str, field: str) -> str:
    return f"Unknown field `{name}` is ignored. {ask_if_meant([field])}"


def _rename(key: StringValue, _value: Value, field: str, *, is_free: bool) -> tuple[Fix, ...]:
    if not is_free:
        return ()
    edit = Edit(*inside(key), field)
    return (Fix(f"Change to {field}", (edit,), is_certain_slip(key.data, field)),)


def check_file(document: Document, _context: Context) -> Iterator[Mark]:
    """Marks misspelt keys of the registry: a list of connectors that would not be read."""
    root = document.root
    if root is None or document.is_one_connector:
        return
    present = {key.data for key, _ in root.members}
    for key, value in root.members:
        if value.kind != "array" or key.data in REGISTRY_FIELDS:
            continue
        field = near_field(key.data, REGISTRY_FIELDS)
        if field and field not in present:
            fixes = _rename(key, value, field, is_free=True)
            yield Mark(*inside(key), _message(key.data, field), fixes, pointer=f"/{key.data}", field=key.data)


RULE = Rule("unknown-field", Severity.WARNING, __doc__, connector=check, outside=check_file, has_fix=True)
