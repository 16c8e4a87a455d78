"""A variable set inside a loop loses its value when the loop ends.

## What it does

Finds `{% set x = x + ... %}` inside `{% for %}` where `x` was set before the loop, and any other `{% set x = ... %}`
of such a name in the loop that is read after the loop but not in it.

## Why it is bad

In Jinja2 a name that is set inside a loop lasts for one round: after the loop, `x` has the value from before it.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set n = 0 %}{% for c in body_text %}{% set n = n + 1 %}{% endfor %}{{ n }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{% set s = namespace(n=0) %}{% for c in body_text %}{% set s.n = s.n + 1 %}{% endfor %}{{ s.n }}"
}
```

## Fix safety

There is no fix: every use of the name has to change with it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node, target_names
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule

_COMBINING: Final = ("+", "-", "*", "/", "~")


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the name that is set."""
    parsed = template.parsed
    if parsed.problem is not None or "loop" not in parsed.stores:
        return
    for target in _lost(template, parsed.body, set()):
        message = (
            f"`{target.value}` is set inside a loop, and the value is lost when the loop ends: "
            f"use namespace() and {{% set ns.{target.value} = ... %}}."
        )
        yield Mark(message, span=(target.start, target.end), data={"name": target.value})


def _lost(template: TemplateText, nodes: Iterable[Node], bound: set[str]) -> Iterator[Node]:
    """Yield the lost targets below `nodes`, given the names that are set before them."""
    for node in nodes:
        if node.kind == "set":
            bound.update(target_names(node.children[0]))
        for part in node.children:
            if part.kind not in ("body", "else"):
                continue
            if node.kind == "if":
                yield from _lost(template, part.children, bound)
                continue
            inner = set(bound)
            if node.kind == "for" and part.kind == "body":
                targets = target_names(node.children[0])
                yield from _lost_in_loop(template, node, part.children, bound - set(targets))
                inner.update(targets)
            yield from _lost(template, part.children, inner)


def _lost_in_loop(
    template: TemplateText, loop: Node, nodes: Iterable[Node], outer: set[str]
) -> Iterator[Node]:
    """Yield the lost targets of one loop, without those of loops inside of it."""
    for node in nodes:
        if node.kind == "set":
            target, value = node.children[0], node.children[-1]
            if target.kind != "name" or target.value not in outer:
                outer = outer - set(target_names(target))
            elif _adds_to(value, target.value) or _is_read_only_after(template, target, node, loop):
                yield target
            else:
                outer = outer - {target.value}
        elif node.kind not in ("for", "macro"):
            for part in node.children:
                if part.kind in ("body", "else"):
                    yield from _lost_in_loop(template, loop, part.children, outer)


def _adds_to(value: Node, name: str) -> bool:
    """Return True if `value` is the name with something added to it."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node.kind == "binary" and node.value in _COMBINING:
            for part in node.children:
                if part.kind == "name" and part.value == name:
                    return True
                waiting.append(part)
    return False


def _is_read_only_after(template: TemplateText, target: Node, node: Node, loop: Node) -> bool:
    places = [name.start for name in template.parsed.names if name.value == target.value]
    if any(node.end <= place < loop.end for place in places):
        return False
    return any(place >= loop.end for place in places)


RULE = Rule("lost-accumulator", Severity.WARNING, __doc__, template=check)
