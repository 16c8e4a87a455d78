"""A status code is compared with a text.

## What it does

Finds `response.status_code` and `steps.first.status_code` beside a text in quotes, as in `== '200'` and
`in ['200', '201']`.

## Why it is bad

A status code is an integer, which never equals a text, so the condition is always false, or true with `!=`. `<` and `>`
fail the run.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_body": "{{ {'found': response.status_code == '200'} | tojson }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "response_body": "{{ {'found': response.status_code == 200} | tojson }}"
}
```

## Fix safety

Safe where the text is a number: its quotes are removed. Otherwise there is no fix.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import member_of
from strongroom.document.template_nodes import Node
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import resolves

_EQUALITIES: Final = ("==", "!=", "<", "<=", ">", ">=")
_MEMBERSHIPS: Final = ("in", "not in")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the text."""
    if "status_code" not in template.text or template.parsed.problem is not None:
        return
    for node in _operations(template.parsed.body):
        left, right = node.children
        if node.value in _EQUALITIES and _is_status(right, template):
            left, right = right, left
        if not _is_status(left, template):
            continue
        candidates: Iterable[Node] = (right,)
        if node.value in _MEMBERSHIPS:
            candidates = right.children if right.kind in ("list", "tuple") else ()
        for text in candidates:
            if text.kind == "const" and isinstance(text.value, str):
                yield _mark(template.text[left.start : left.end], text)


def _operations(body: Iterable[Node]) -> Iterator[Node]:
    """Yield the comparisons of a template, in the order of the text."""
    waiting = list(body)[::-1]
    while waiting:
        node = waiting.pop()
        if node.kind == "binary" and node.value in (*_EQUALITIES, *_MEMBERSHIPS):
            yield node
        waiting.extend(reversed(node.children))


def _is_status(node: Node, template: TemplateText) -> bool:
    member = member_of(node)
    if member is None or member.name != "status_code":
        return False
    owner = node.children[0]
    name = "response"
    if member_of(owner) is not None:
        owner, name = owner.children[0], "steps"
    return owner.value == name and owner.is_free and resolves(template, name)


def _mark(source: str, text: Node) -> Mark:
    proposals: tuple[Proposal, ...] = ()
    is_number = text.value.isascii() and text.value.isdigit() and not text.value.startswith("0")
    # Several literals side by side are one text that has no one place.
    if is_number and text.inner_start != text.inner_end:
        proposals = (Proposal("Remove the quotes", (Edit(text.start, text.end, text.value),), True),)
    message = f"`{source}` is an integer, and never equals a text: compare it with a number."
    return Mark(message, span=(text.start, text.end), proposals=proposals)


RULE = Rule("text-status", Severity.WARNING, __doc__, template=check, has_fix=True)
