"""The file is not valid JSON.

## What it does

Reports every mistake of JSON syntax at its place: commas too many or missing, comments, single quotes,
unquoted keys, strings without an end, unescaped quotes and control characters, values that JSON does not
know. Reading goes on after each, so the rest of the file is checked too.

## Why it is bad

The platform publishes a file as a whole or not at all: one such mistake refuses every connector in it.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now"
}
```

## Fix safety

Safe where only one text can have been meant: a trailing comma is removed, a missing comma or colon added,
quotes put around a key, `True` written `true`, a control character escaped. Unsafe where text would be
lost or its end is a guess: removing a comment, closing a string.
"""

from collections.abc import Iterator

from strongroom.document import Document
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.marks import PlacedMark
from strongroom.validator.rule import Rule


def check(document: Document) -> Iterator[PlacedMark]:
    """Mark the text that could not be read as JSON."""
    for problem in document.problems:
        fixes = (Fix(problem.title, problem.edits, problem.is_safe),) if problem.edits else ()
        yield PlacedMark(problem.start, problem.end, problem.message, fixes)


RULE = Rule("json-syntax", Severity.ERROR, __doc__, document=check, has_fix=True)
