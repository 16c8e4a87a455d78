"""A `default()` is behind a value that is `None` when it is missing.

## What it does

Finds `default('...')` without a second argument behind a field of `user`, the incoming body and the body of an answer,
as in `body_text | default('{}')`.

Headers and query parameters are left alone where `user` is read: the platform refuses an anonymous request there.

## Why it is bad

`default('...')` is used for what is undefined. These values are always defined: they are `None` for an anonymous
visitor, a call without a body, or a body that is not UTF-8. So `None` is printed, and `None | from_json` fails the run.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ body_text | default('{}') | from_json | tojson }}"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "method": "POST",
  "request_body": "{{ body_text | default('{}', true) | from_json | tojson }}"
}
```

## Fix safety

Safe: `true` is added, with which `default()` is used for `None` and for an empty text too.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_answers import body_texts
from strongroom.document.template_members import members_of_free_names
from strongroom.document.template_nodes import GUARDING_FILTERS, Node
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import USER_FIELDS
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule

_ANONYMOUS_IS_REFUSED = (FieldPlace.HEADER, FieldPlace.QUERY)


def check(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the filter."""
    parsed = template.parsed
    filters = [node for node in parsed.filters if node.value in GUARDING_FILTERS and len(node.children) == 2]
    if not filters or parsed.problem is not None:
        return
    values = body_texts(template) | _user_fields(template)
    for node in filters:
        value, argument = node.children
        if value not in values or argument.kind in ("keyword", "star", "pairs"):
            continue
        source = template.text[value.start : value.end]
        message = f"`{source}` is `None` where it is missing, and never undefined: add `, true`."
        change = Edit(argument.outer_end, argument.outer_end, ", true")
        yield Mark(
            message,
            span=(node.inner_start, node.inner_end),
            proposals=(Proposal("Add true", (change,), True),),
        )


def _user_fields(template: TemplateText) -> set[Node]:
    if "user" not in template.text or template.place in _ANONYMOUS_IS_REFUSED:
        return set()
    members = members_of_free_names(template.parsed, "user")
    return {member.node for member in members if member.name in USER_FIELDS}


RULE = Rule("ineffective-default", Severity.INFO, __doc__, template=check, has_fix=True)
