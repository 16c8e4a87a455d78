"""An ignore comment silences nothing.

## What it does

Finds names in `{# strongroom: ignore[rule, rule] #}` that are not the name of a rule, or whose rule finds nothing in
the template with the comment. A comment without a list of rules silences nothing and is reported too. A
rule that is switched off, or that needs a list of names that is not there, is not judged.

## Why it is bad

A stale comment hides the next mistake of that kind.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "headers": [{"key": "X-Key", "value": "{# strongroom: ignore[secret-quotes] #}{{ get_secret('api_key') }}"}]
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

Safe: the name, or the whole comment, is removed. A comment that trims the text around it (`{#-`) is left to you.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Final

from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal, Span
from strongroom.validator.rule import Rule
from strongroom.validator.silencing import IgnoreComment, IgnoredRule, mistakes


def check(
    text: str, comment: IgnoreComment, known: Collection[str], is_stale: Callable[[IgnoredRule], bool]
) -> Iterator[Mark]:
    """Mark a comment without a list, and names that are not rules or silence nothing in the template `text`.

    The walk asks it when all other rules have looked at the template.
    """
    if not comment.rules:
        message = "This comment names no rule: write {# strongroom: ignore[rule-name] #}."
        yield Mark(message, span=(comment.start, comment.end))
    for rule, message in mistakes(comment, known, is_stale):
        is_removable = len(comment.rules) > 1 or _is_inert(text, comment)
        removal = Proposal("Remove it", (Edit(*_with_comma(comment, rule), ""),), True)
        yield Mark(
            message,
            span=(rule.start, rule.end),
            proposals=(removal,) if is_removable else (),
            data={"name": rule.name},
        )


def _with_comma(comment: IgnoreComment, rule: IgnoredRule) -> Span:
    """Return the place of a name with the comma that goes with it; of the only one it is that of the comment."""
    rules = comment.rules
    at = rules.index(rule)
    if len(rules) == 1:
        return comment.start, comment.end
    return (rule.start, rules[1].start) if at == 0 else (rules[at - 1].end, rule.end)


_TRIMS_AFTER: Final = ("-}}", "-%}", "-#}")
_TRIMS_BEFORE: Final = ("{{-", "{%-", "{#-")


def _is_inert(text: str, comment: IgnoreComment) -> bool:
    """Return True if removing the comment changes nothing else.

    Then the comment trims no blanks, keeps none from being trimmed by the tag beside it or as the last line break, and
    keeps no two braces apart.
    """
    before, after = text[: comment.start], text[comment.end :]
    trims = "-" in (text[comment.start + 2], text[comment.end - 3])
    is_between = (before[-1:].isspace() and after.startswith(_TRIMS_BEFORE)) or (
        after[:1].isspace() and before.endswith(_TRIMS_AFTER)
    )
    is_last = before.endswith(("\n", "\r")) and not after
    joins = before.endswith("{") and after.startswith(("{", "%", "#"))
    return not (trims or is_between or is_last or joins)


RULE = Rule("unused-ignore", Severity.WARNING, __doc__, has_fix=True)
