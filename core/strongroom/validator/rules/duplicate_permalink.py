"""Two connectors have the same permalink.

## What it does

Finds a permalink that an earlier connector of the file already has, or one in another of the
`widgets/*/connectors.json` that a build merges into one registry. A connector without `permalink` has one made from its
name: `REST Countries` is `rest-countries`. Composite connectors have permalinks of their own: a connector and a
composite may both be `orders`.

## Why it is bad

The permalink is the connector's identity and must be unique among its kind. The platform refuses the whole file.

The same happens when a connector that was made by hand in the community has the permalink. No file shows that. When the
build status speaks of such a conflict, give the connector another permalink, or delete the one that was made by hand.

## Example

```json
{
  "connectors": [
    {"name": "Weather", "permalink": "weather", "url": "https://api.example.com/now"},
    {"name": "Forecast", "permalink": "weather", "url": "https://api.example.com/forecast"}
  ]
}
```

## Use instead

```json
{
  "connectors": [
    {"name": "Weather", "permalink": "weather", "url": "https://api.example.com/now"},
    {"name": "Forecast", "permalink": "forecast", "url": "https://api.example.com/forecast"}
  ]
}
```

## Fix safety

There is no fix: which of the two keeps its identity is your choice.
"""

from collections import Counter
from collections.abc import Iterator

from strongroom.document import Document
from strongroom.validator.findings import Related, Severity
from strongroom.validator.marks import Mark, PlacedMark
from strongroom.validator.permalinks import Key, key_field, key_of
from strongroom.validator.placing import inside
from strongroom.validator.publication import ConnectorTable, Convention, Publication
from strongroom.validator.rule import Rule


def check(document: Document) -> Iterator[PlacedMark]:
    """Mark the later permalink, or the name that it is made from.

    The first one is related.
    """
    keys = [key_of(fragment) for fragment, _, _ in document.placed]
    counted = Counter(keys)
    first: dict[Key, tuple[int, int]] = {}
    for key, (fragment, base, pointer) in zip(keys, document.placed, strict=True):
        if key is None or counted[key] == 1:
            continue
        field = key_field(fragment, key)
        start, end = inside(fragment.root.at((field,)))
        place = base + start, base + end
        earlier = first.setdefault(key, place)
        if earlier == place:
            continue
        message = f"The permalink `{key.permalink}` is already used in this file."
        if field == "name":
            message = f"The permalink made from this name, `{key.permalink}`, is already used in this file."
        yield PlacedMark(
            *place,
            message,
            related=(Related("It is used here first.", *earlier),),
            data={"permalink": key.permalink},
            pointer=f"{pointer}/{field}",
            field=field,
        )


def check_publication(table: ConnectorTable, publication: Publication) -> Iterator[tuple[Key, Mark]]:
    """Mark the connectors that an earlier widget's file has, too, if the files are merged."""
    if publication.is_registry or publication.convention is Convention.WRITTEN:
        return
    for key in table:
        path = publication.widgets.get(key)
        if path is not None and path < publication.own:
            message = f"{path} already uses the permalink `{key.permalink}`."
            yield key, Mark(message, data={"permalink": key.permalink, "file": path})


RULE = Rule("duplicate-permalink", Severity.ERROR, __doc__, document=check, publication=check_publication)
