"""Two connectors have the same permalink.

## What it does

Finds a permalink that an earlier connector of the file already has, or one in another of the
`widgets/*/connectors.json` that are merged into one registry. A connector without `permalink` has one made from its
name: `REST Countries` is `rest-countries`.

The permalinks of composite connectors are a namespace of their own. A connector and a composite connector may have the
same one, and each is called by its own function.

## Why it is bad

The permalink is the connector's identity and must be unique. The platform refuses the whole file.

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

from collections.abc import Iterator

from strongroom.document import Document
from strongroom.validator.findings import Related, Severity
from strongroom.validator.permalinks import identities, permalinks
from strongroom.validator.rule import Context, PlacedMark, Rule


def check(document: Document, _context: Context) -> Iterator[PlacedMark]:
    """Mark the later permalink, or the name that it is made from.

    The first one is related.
    """
    known = permalinks(document)
    if len(set(known)) == len(known):
        return
    counted: dict[str, int] = {}
    for key in known:
        counted[key] = counted.get(key, 0) + 1
    first: dict[str, tuple[int, int]] = {}
    for found in identities(document, {key for key, count in counted.items() if count > 1}):
        earlier = first.setdefault(found.key, (found.start, found.end))
        if earlier == (found.start, found.end):
            continue
        message = f"The permalink `{found.permalink}` is already used in this file."
        if found.field == "name":
            message = f"The permalink made from this name, `{found.permalink}`, is already used in this file."
        yield PlacedMark(
            found.start,
            found.end,
            message,
            related=(Related("It is used here first.", *earlier),),
            data={"permalink": found.permalink},
            pointer=found.pointer,
            field=found.field,
        )


RULE = Rule("duplicate-permalink", Severity.ERROR, __doc__, document=check)
