r"""A field of the user may render as the text `None`.

## What it does

Finds the first `{{ user.email }}` (or another field of `user`) of a request or response body, when the template
prints it without `default`, `or`, `tojson` or a condition on `user`. Other fields are left alone: with `user` in
headers or query parameters the platform refuses an anonymous request, and a URL with `None` in it finds nothing.

## Why it is bad

Every field of `user` is `None` for an anonymous visitor, and `None` is rendered as the text `None`.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{\"user\": \"{{ user.email }}\"}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{\"user\": {{ user.email | tojson }}}"
}
```

## Fix safety

There is no fix: what an anonymous visitor should send is a decision.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import USER_FIELDS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.printed import printed

_PLACES: Final = (FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY)
_TEXT_FILTERS: Final = ("e", "escape", "safe", "string", "trim", "lower", "upper", "title", "urlencode")
"""Filters that pass None on as text."""


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the field with `user`."""
    if "user" not in template.text or template.place not in _PLACES or template.parsed.problem is not None:
        return
    users = {name for name in template.parsed.free if name.value == "user"}
    if not users or _has_condition(template, users):
        return
    for value in printed(template):
        node = _user_field(value, users)
        if node is not None:
            source = template.text[node.start : node.end]
            message = f"`{source}` renders as the text `None` for an anonymous visitor."
            yield Mark(message, span=(node.start, node.end))
            return


def _user_field(value: Node, users: set[Node]) -> Node | None:
    """Return the field of `user` whose None would be printed by `value`, or None."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node.kind == "binary" and node.value == "~":
            waiting.extend(reversed(node.children))
        elif node.kind == "filter" and node.value in _TEXT_FILTERS and node.children:
            waiting.append(node.children[0])
        elif node.kind == "getattr" and node.children[0] in users and node.value in USER_FIELDS:
            return node
    return None


def _has_condition(template: TemplateText, users: set[Node]) -> bool:
    """Return True if any condition of the template looks at `user`."""
    waiting = [(node, False) for node in template.parsed.body]
    while waiting:
        node, is_condition = waiting.pop()
        if is_condition and node in users:
            return True
        if node.kind == "if":
            waiting.extend((part, part.kind not in ("body", "else")) for part in node.children)
        elif node.kind == "condition":
            waiting.extend((part, is_condition or at % 2 == 1) for at, part in enumerate(node.children))
        else:
            waiting.extend((part, is_condition) for part in node.children)
    return False


RULE = Rule("none-text", Severity.INFO, __doc__, template=check)
