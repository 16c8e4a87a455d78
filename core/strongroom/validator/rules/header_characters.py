r"""A header has a name or value that HTTP does not allow.

## What it does

Finds names of headers with a space, a colon or another character that HTTP does not allow in them, and values that are
written out and have a line break within them. Names with templates are left to `unrendered-template`.

## Why it is bad

The request cannot be sent, and the run fails.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region:", "value": "north"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region", "value": "north"}]
}
```

## Fix safety

Safe where blanks or a colon are at the end of a name: they are removed. Otherwise there is no fix.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.platform.header_names import is_header_name
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Row
from strongroom.validator.rule import Context, Rule

_LINE_BREAKS: Final = ("\r", "\n")


def check(row: Row, _context: Context) -> Iterator[Mark]:
    """Mark the name or the value."""
    if row.list_name != "headers":
        return
    key, value = row.text("key"), row.text("value")
    if key and key.strip() and "{" not in key and not is_header_name(key):
        yield row.mark("The name has a character that HTTP does not allow.", "key", proposals=_proposals(key))
    if value and "{" not in value and any(mark in value.strip() for mark in _LINE_BREAKS):
        yield row.mark("The value has a line break, which HTTP does not allow.", "value")


def _proposals(key: str) -> tuple[Proposal, ...]:
    right = key.strip().rstrip(":").strip()
    if not is_header_name(right):
        return ()
    return (Proposal(f"Change to {right}", (Edit(0, len(key), right),), True),)


RULE = Rule("header-characters", Severity.WARNING, __doc__, row=check, has_fix=True)
