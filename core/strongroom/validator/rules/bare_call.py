r"""A call of `get_secret` or `get_variable` is outside of `{{ }}`.

## What it does

Finds `get_secret('name')` and `get_variable('name')` in the plain text of a template field. Raw blocks are left
alone.

## Why it is bad

Only what stands between `{{` and `}}` is computed. The call is sent as it is written.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "get_secret('api_key')"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{{ get_secret('api_key') }}"}]
}
```

## Fix safety

Safe: the braces are added; single braces around the call are replaced. There is no fix in a field where the
function does not exist.
"""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import ParsedTemplate, has_tags
from strongroom.platform.availability import places_in_words
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves

BARE_CALL: Final = expression(r"""\b(get_secret|get_variable)\(\s*(['"])([^'"(){}\\\n]*)\2\s*\)""")
_BEFORE: Final = expression(r"\$?\{\s*\Z")
_AFTER: Final = expression(r"\s*\}")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the call."""
    text = template.text
    if "get_" not in text:
        return
    for match, start, end in bare_calls(text, template.parsed if has_tags(text) else None):
        yield _mark(template, match, start, end)


def bare_calls(text: str, parsed: ParsedTemplate | None) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each bare call with the stretch of plain text around it.

    `parsed` is None for a text without tags.
    """
    for start, end in _plain_stretches(parsed) if parsed is not None else [(0, len(text))]:
        for match in BARE_CALL.finditer(text, start, end):
            yield match, start, end


def _plain_stretches(parsed: ParsedTemplate) -> Iterator[tuple[int, int]]:
    """Yield the places of a template's plain text, raw blocks left out."""
    waiting = list(parsed.body)
    while waiting:
        node = waiting.pop()
        if node.kind == "data":
            yield node.start, node.end
        elif node.kind != "print":
            waiting.extend(node.children)


def _mark(template: TemplateText, match: re.Match[str], low: int, high: int) -> Mark:
    function, _, name = match.groups()
    start, end = match.span()
    proposals: tuple[Proposal, ...] = ()
    if resolves(template, function):
        message = "This call is plain text: put it in {{ }}."
        before = _BEFORE.search(template.text[low:start])
        after = _AFTER.match(template.text, end, high)
        opens, closes = (low + before.start(), after.end()) if before and after else (start, end)
        changes = Edit(opens, start, "{{ "), Edit(end, closes, " }}")
        # After another brace the new braces would be read with it, as `{{` and a dict.
        if not (opens > low and template.text[opens - 1] == "{"):
            proposals = (Proposal("Add the braces", changes, True),)
    else:
        allowed = places_in_words(function, in_composite=template.in_composite)
        message = f"This call is plain text, and {function} works only in {allowed}."
    return Mark(message, span=(start, end), proposals=proposals, data={"name": name})


RULE = Rule("bare-call", Severity.WARNING, __doc__, template=check, has_fix=True)
