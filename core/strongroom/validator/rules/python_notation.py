"""A value that is not text is printed, in Python's notation.

## What it does

Finds `{{ }}` around nothing but

- a context name or field that holds an object or bytes, such as `response.headers`, `request.query_parameters`, `user`
  and `body_raw`,
- an object that is written out, `{{ {'a': 1} }}`,
- `.items()`, `.keys()` or `.values()`, also before `tojson` or `json_encode`,
- a function that is not called, such as `{{ now }}`.

Parsed JSON is left to `raw-from-json`.

## Why it is bad

It is printed as Python shows it, with HTML escapes: `{&#39;a&#39;: 1}`, `b&#39;...&#39;`, `<function ...>`. No API
and no widget can read that. `tojson` cannot make JSON of `.items()`, and the run fails with status 422.

## Example

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "response_body": "{{ response.headers }}"
}
```

## Use instead

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "response_body": "{{ response.headers | tojson }}"
}
```

## Fix safety

There is no fix: which part of the value was meant is not certain.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import member_of
from strongroom.document.template_nodes import Node
from strongroom.platform.template_names import FUNCTIONS, OBJECTS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.printed import printed
from strongroom.validator.rules.shared import NAMED_FUNCTIONS, resolves

_TO_JSON: Final = ("tojson", "json_encode")
_VIEWS: Final = ("items", "keys", "values")
_UNCALLED: Final = frozenset(FUNCTIONS) - frozenset(NAMED_FUNCTIONS)
"""The functions whose bare name is printed; `computed-name` reports the others."""


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the printed expression."""
    if "{{" not in template.text or template.parsed.problem is not None:
        return
    for value in printed(template):
        mark = _mark(template, value)
        if mark is not None:
            yield mark


def _mark(template: TemplateText, value: Node) -> Mark | None:
    node = value.children[0] if value.kind == "filter" and value.value in _TO_JSON else value
    source = template.text[node.start : node.end]
    if _is_view(node):
        message = f"`{source}` is not a list, and JSON cannot be made of it: add `| list | tojson`."
    elif node is not value:
        message = ""
    elif node.kind == "dict" and node.children:
        message = "This prints Python notation, not JSON: add `| tojson`."
    else:
        message = _object_message(template, node, source)
    return Mark(message, span=(node.start, node.end)) if message else None


def _object_message(template: TemplateText, node: Node, source: str) -> str:
    """Return what is wrong with printing a name or member, "" for a text, a number and what is not known."""
    path: list[str] = []
    while (member := member_of(node)) is not None:
        path.insert(0, member.name)
        node = node.children[0]
    if not node.is_free or not resolves(template, node.value):
        return ""
    if node.value in _UNCALLED and not path:
        return f"`{source}` is not called: write {FUNCTIONS[node.value].signature}."
    if node.value == "steps" and path:
        # Every step has the same fields.
        path[0] = "*"
    return OBJECTS.get(".".join([node.value, *path]), "").format(source)


def _is_view(node: Node) -> bool:
    """Return True for a call of a method that gives a view of a dict."""
    if node.kind != "call" or len(node.children) != 1:
        return False
    function = node.children[0]
    return function.kind == "getattr" and function.value in _VIEWS


RULE = Rule("python-notation", Severity.WARNING, __doc__, template=check)
