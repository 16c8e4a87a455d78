"""An ignore comment silences nothing.

## What it does

Finds names in `{# strongroom: ignore[rule, rule] #}` that are no rule's, or whose rule has nothing to say about
the template that the comment stands in. A comment without a list of rules silences nothing and is reported too. A
rule that is switched off, or that lacks the list of names it needs, is not judged.

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

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.rule import Context, Rule
from strongroom.validator.silencing import (
    MARK,
    IgnoreComment,
    IgnoredRule,
    ignore_comments,
    stale_rule,
    unknown_rule,
)


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark comments without a list, and names that are not rules.

    The walk adds the names that silenced nothing.
    """
    if MARK not in template.text:
        return
    for comment in ignore_comments(template.parsed):
        if not comment.rules:
            message = "This comment names no rule: write {# strongroom: ignore[rule-name] #}."
            yield Mark(message, span=(comment.start, comment.end))
        for rule in comment.rules:
            if rule.name not in context.rule_names:
                yield _mark(template.text, comment, rule, unknown_rule(rule.name, context.rule_names))


def stale(text: str, comment: IgnoreComment, rule: IgnoredRule) -> Mark:
    """Return the mark of a rule's name that silenced nothing in the template `text`."""
    return _mark(text, comment, rule, stale_rule(rule.name))


def _mark(text: str, comment: IgnoreComment, rule: IgnoredRule, message: str) -> Mark:
    rules = comment.rules
    at = rules.index(rule)
    if len(rules) == 1:
        start, end = comment.start, comment.end
    elif at == 0:
        start, end = rule.start, rules[1].start
    else:
        start, end = rules[at - 1].end, rule.end
    proposals: tuple[Proposal, ...] = ()
    if len(rules) > 1 or _is_inert(text, comment):
        proposals = (Proposal("Remove it", (Edit(start, end, ""),), True),)
    return Mark(message, span=(rule.start, rule.end), proposals=proposals, data={"name": rule.name})


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


RULE = Rule("unused-ignore", Severity.WARNING, __doc__, template=check, has_fix=True)
