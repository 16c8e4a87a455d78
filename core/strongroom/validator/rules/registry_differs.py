"""The registry and a widget's file have a connector otherwise.

## What it does

Compares the connectors of `widgets/*/connectors.json` with `connectors_registry.json` beside the folder `widgets`, and
names each connector that the registry has otherwise or does not have. Where a script builds the registry from the
widgets' files (`bin/build-registry.sh`, or gsds before 1.8), it also names the connectors that only the registry has.

## Why it is bad

The platform reads the registry alone. A change in a widget's file that is not in the registry is never published, and
a connector that no widget's file has is lost with the next build.

## Example

`widgets/weather/connectors.json`:

```json
{"connectors": [{"name": "Weather", "permalink": "weather", "url": "https://api.example.com/v2/now"}]}
```

`connectors_registry.json`:

```json
{"connectors": [{"name": "Weather", "permalink": "weather", "url": "https://api.example.com/v1/now"}]}
```

## Use instead

`widgets/weather/connectors.json`:

```json
{"connectors": [{"name": "Weather", "permalink": "weather", "url": "https://api.example.com/v2/now"}]}
```

`connectors_registry.json`:

```json
{"connectors": [{"name": "Weather", "permalink": "weather", "url": "https://api.example.com/v2/now"}]}
```

With gsds 1.8 or later, write the registry only, and delete the widget's file.

## Fix safety

There is no fix: the file does not show which of the two is meant.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from strongroom.platform.fields import (
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    PATH_ROW_FIELDS,
    ROW_FIELDS,
    FieldFact,
)
from strongroom.platform.project import REGISTRY
from strongroom.text.phrases import joined
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.permalinks import Key
from strongroom.validator.publication import ConnectorTable, Convention, Publication
from strongroom.validator.rule import Rule

_WAY_OUT: Final = {
    Convention.BUILT: "Build the registry again.",
    Convention.WRITTEN: "Nothing reads this file since gsds 1.8: make the change in the registry.",
    Convention.UNKNOWN: "The platform reads the registry only.",
}
_ITEMS: Final[Mapping[str, Mapping[str, FieldFact]]] = {
    "steps": CONNECTOR_FIELDS,
    "headers": ROW_FIELDS,
    "query_parameters": ROW_FIELDS,
    "path_parameters": PATH_ROW_FIELDS,
}


def check(table: ConnectorTable, publication: Publication) -> Iterator[tuple[Key, Mark]]:
    """Mark the connectors of a file that the other convention's file has otherwise."""
    if publication.is_registry:
        yield from _only_here(table, publication)
        return
    if publication.registry is None:
        return
    way_out = _WAY_OUT[publication.convention]
    for key, data in table.items():
        registered = publication.registry.get(key)
        if registered is None:
            message = f"`{REGISTRY}` does not have this connector. {way_out}"
            yield key, Mark(message)
        elif fields := _differing(
            data, registered, COMPOSITE_FIELDS if key.is_composite else CONNECTOR_FIELDS
        ):
            names = joined([f"`{field}`" for field in fields])
            yield key, Mark(f"`{REGISTRY}` has another {names} for this connector. {way_out}")


def _only_here(table: ConnectorTable, publication: Publication) -> Iterator[tuple[Key, Mark]]:
    """Mark the connectors of the registry that its next build removes."""
    if publication.convention is not Convention.BUILT or not publication.widgets:
        return
    for key in table.keys() - publication.widgets.keys():
        message = "No `widgets/*/connectors.json` has this connector, so the next build removes it from the registry."
        yield key, Mark(message)


def _differing(one: Any, other: Any, facts: Mapping[str, FieldFact]) -> list[str]:
    """Return the fields in which two connectors of one permalink differ."""
    first, second = _comparable(one, facts), _comparable(other, facts)
    return [name for name in facts if name != "permalink" and first.get(name) != second.get(name)]


def _comparable(data: Any, facts: Mapping[str, FieldFact]) -> dict[str, Any]:
    """Return the fields that the platform knows, without those that have their default."""
    found = {}
    for name in facts.keys() & data.keys():
        value = data[name]
        if name in _ITEMS and isinstance(value, list):
            value = [_comparable(item, _ITEMS[name]) if isinstance(item, dict) else item for item in value]
        if value not in (None, [], facts[name].default):
            found[name] = value
    return found


RULE = Rule("registry-differs", Severity.INFO, __doc__, publication=check)
