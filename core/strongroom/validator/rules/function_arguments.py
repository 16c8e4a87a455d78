"""A function of the platform is called with arguments that it does not take.

## What it does

Finds calls of `now`, `jwt_encode` and `user.profile_fields.by_id` with too many arguments, without one that is needed,
or with a name that no argument has. It finds a payload and headers of `jwt_encode` that are written out and are not an
object, and `by_id` with a text.

## Why it is bad

The call fails, and the run with it (status 422). A profile field is found by its number, not by a text.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region", "value": "{{ user.profile_fields.by_id('12') }}"}]
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Region", "value": "{{ user.profile_fields.by_id(12) }}"}]
}
```

## Fix safety

Safe where the text is a number: its quotes are removed. Otherwise there is no fix.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.platform.template_names import ARGUMENTS
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import jwt_argument, resolves

_OBJECTS: Final = ("payload", "headers")
"""The arguments of `jwt_encode` that are objects."""


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the argument, or the whole call where one is missing."""
    if "(" not in template.text or template.parsed.problem is not None:
        return
    for call in template.parsed.calls:
        name = call.children[0].value
        if name not in ARGUMENTS or not _is_ours(template, call.children[0]):
            continue
        given = call.children[1:]
        if any(argument.kind in ("star", "pairs") for argument in given):
            continue
        yield from _wrong_number(name, call, given)
        if name == "by_id" and given and _is_text(given[0]):
            yield _text_for_number(given[0])
        if name == "jwt_encode":
            yield from _wrong_objects(call)


def _is_ours(template: TemplateText, function: Node) -> bool:
    owner = function
    if function.value == "by_id":
        fields = function.children[0] if function.kind == "getattr" else function
        if fields.kind != "getattr" or fields.value != "profile_fields":
            return False
        owner = fields.children[0]
    return owner.is_free and owner.value in ("user", function.value) and resolves(template, owner.value)


def _wrong_number(name: str, call: Node, given: tuple[Node, ...]) -> Iterator[Mark]:
    signature = ARGUMENTS[name]
    names = (*signature.needed, *signature.optional)
    placed = [argument for argument in given if argument.kind != "keyword"]
    named = [argument for argument in given if argument.kind == "keyword"]
    for argument in placed[len(names) :]:
        yield Mark(f"{name} does not take so many arguments: {signature.form}.", span=_span(argument))
    for argument in named:
        if argument.value not in names:
            message = f"{name} has no argument `{argument.value}`: {signature.form}."
            yield Mark(message, span=_span(argument))
    missing = {*signature.needed[len(placed) :]} - {argument.value for argument in named}
    if missing:
        yield Mark(
            f"{name} needs {' and '.join(one for one in names if one in missing)}: {signature.form}.",
            span=(call.start, call.end),
        )


def _wrong_objects(call: Node) -> Iterator[Mark]:
    for name in _OBJECTS:
        value = jwt_argument(call, name)
        is_absent = value is None or (name == "headers" and value.kind == "const" and value.value is None)
        if value is not None and not is_absent and value.kind in ("const", "list", "tuple"):
            yield Mark(f"The {name} of jwt_encode must be an object: {{'a': 1}}.", span=_span(value))


def _text_for_number(argument: Node) -> Mark:
    proposals: tuple[Proposal, ...] = ()
    if argument.value.isascii() and argument.value.isdigit() and argument.inner_start != argument.inner_end:
        change = Edit(argument.start, argument.end, argument.value)
        proposals = (Proposal("Remove the quotes", (change,), True),)
    return Mark("by_id takes the number of the field, not a text.", span=_span(argument), proposals=proposals)


def _is_text(node: Node) -> bool:
    return node.kind == "const" and isinstance(node.value, str)


def _span(node: Node) -> tuple[int, int]:
    return node.start, node.end


RULE = Rule("function-arguments", Severity.WARNING, __doc__, template=check, has_fix=True)
