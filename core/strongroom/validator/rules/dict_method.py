"""A key is read through the name of a dict method, such as `.items`.

## What it does

Finds `data.items`, `.keys`, `.values`, `.get`, `.update`, `.pop`, `.copy` and the like that are not called.
`data.get('name')` and `data.items()` are fine, and so is `ns.items` where `ns` is a `namespace()`.

## Why it is bad

In Jinja2 `data.items` is the method of the dict, not the key `items`: a loop over it fails, and printing it
gives `<built-in method ...>`.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set data = body_text | from_json %}{{ data.items | tojson }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set data = body_text | from_json %}{{ data['items'] | tojson }}"
}
```

## Fix safety

Safe: `.items` becomes `['items']`. In a loop with two targets over `.items`, where the pairs may have been meant,
both `['items']` and `.items()` are offered, and neither is safe.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node, bodies
from strongroom.platform.template_names import DICT_METHODS
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name of the method."""
    parsed = template.parsed
    members = [node for node in parsed.members if node.kind == "getattr" and node.value in DICT_METHODS]
    if not members or parsed.problem is not None:
        return
    pairs, namespaces = _looped_in_pairs(parsed.body), _namespaces(parsed.body)
    for node in members:
        owner = node.children[0]
        is_namespace = owner.kind == "name" and owner.value in namespaces
        if not node.is_called and not is_namespace:
            yield _mark(node, is_loop=node.value == "items" and node in pairs)


def _mark(node: Node, *, is_loop: bool) -> Mark:
    name, end = node.value, node.inner_end
    item = Edit(node.children[0].outer_end, end, f"['{name}']")
    proposals: tuple[Proposal, ...] = (Proposal(f"Use ['{name}']", (item,), not is_loop),)
    hint = f"['{name}']"
    if is_loop:
        proposals = (Proposal(f"Call {name}()", (Edit(end, end, "()"),), False), *proposals)
        hint += f", or call .{name}()"
    message = f"`.{name}` is a method of the dict, not the key `{name}`: use {hint}."
    return Mark(message, span=(node.inner_start, end), proposals=proposals, data={"name": name})


def _looped_in_pairs(body: tuple[Node, ...]) -> set[Node]:
    """Return the values that are looped over with two targets.

    Such a loop is `for key, value in ...`.
    """
    return {
        node.children[1]
        for node in _statements(body)
        if node.kind == "for" and node.children[0].kind == "tuple"
    }


def _namespaces(body: tuple[Node, ...]) -> set[str]:
    """Return the names that hold a `namespace()`.

    Its attributes are those that were set, never a dict's methods.
    """
    return {
        node.children[0].value
        for node in _statements(body)
        if node.kind == "set" and node.children[-1].kind == "call" and node.children[-1].value == "namespace"
    }


def _statements(body: tuple[Node, ...]) -> Iterator[Node]:
    return (node for nodes in bodies(body) for node in nodes)


RULE = Rule("dict-method", Severity.WARNING, __doc__, template=check, has_fix=True)
