"""A template is not valid Jinja2.

## What it does

Reads each template field with the grammar of Jinja2 3.1, as the platform does, and reports the first
mistake in it: a tag that is never closed, a missing `endif`, an operator without a value. In a template that
can be read, it reports what Jinja2 refuses on the way to running it: two blocks of one name, a loop that writes
to its own `loop`, a keyword argument given twice.

## Why it is bad

A template that cannot be read fails the run, with status 422.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Mail", "value": "{% if user.email %}{{ user.email }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Mail", "value": "{% if user.email %}{{ user.email }}{% endif %}"}]
}
```

## Fix safety

There is no fix: what was meant is not certain.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node, targets
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the text at which Jinja2 gives up, or the tag that is left open."""
    for start, end, message in refusals(template):
        yield Mark(message, span=(start, end))


def refusals(template: TemplateText) -> Iterator[tuple[int, int, str]]:
    """Yield the reasons why Jinja2 refuses a template: (start, end, message).

    A template that it takes has none.
    """
    problem = template.parsed.problem
    if problem is not None:
        yield problem.start, problem.end, problem.message
        return
    yield from _refused_later(template)


def _refused_later(template: TemplateText) -> Iterator[tuple[int, int, str]]:
    """Yield the mistakes that the grammar allows and Jinja2's compiler refuses."""
    for call in (*template.parsed.calls, *template.parsed.filters, *template.parsed.tests):
        yield from _repeated_keywords(call)
    if "block" in template.text:
        yield from _repeated_blocks(template.parsed.body)
    if "loop" in template.text:
        yield from _loops_written_to(template.parsed.body)


def _repeated_keywords(call: Node) -> Iterator[tuple[int, int, str]]:
    seen: set[str] = set()
    for argument in call.children:
        if argument.kind == "keyword":
            name: str = argument.value
            if name in seen:
                yield argument.start, argument.end, f"The argument `{name}` is given twice: keep one."
            seen.add(name)


def _repeated_blocks(body: tuple[Node, ...]) -> Iterator[tuple[int, int, str]]:
    seen: set[str] = set()
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if node.kind == "label":
            name: str = node.value
            if name in seen:
                message = f"There is a block `{name}` already: give this one another name."
                yield node.start, node.end, message
            seen.add(name)
        waiting.extend(reversed(node.children))


def _loops_written_to(body: tuple[Node, ...]) -> Iterator[tuple[int, int, str]]:
    waiting = [(node, False) for node in reversed(body)]
    while waiting:
        node, in_loop = waiting.pop()
        in_loop = in_loop or node.kind == "for"
        if in_loop and node.kind in ("for", "set"):
            for part in targets(node.children[0]):
                if part.kind == "name" and part.value == "loop":
                    yield part.start, part.end, "A loop cannot assign to `loop`: use another name."
        waiting.extend((part, in_loop) for part in reversed(node.children))


RULE = Rule("template-syntax", Severity.ERROR, __doc__, template=check)
