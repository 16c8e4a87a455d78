"""A name that the community does not have is hidden by `default()`.

## What it does

Finds `get_variable('name')` with `default()` behind it, or with `is defined` asked of it, where the complete list of
the community's names has no such variable but one of nearly that name, or a secret of exactly that name. A name that
is near to nothing is not reported: variables that few communities set are what `default()` is for.

Of `get_secret('name')` every missing name is reported, because no page of the platform says if a default takes the
place of a secret.

## Why it is bad

A misspelt name makes no error. The platform uses the default without a word, and in a URL calls its host.

## Example

```json
{
  "name": "Weather",
  "url": "https://{{ get_variable('base_ulr') | default('api.example.com') }}/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://{{ get_variable('base_url') | default('api.example.com') }}/now"
}
```

## Fix safety

Unsafe: the nearest known name is offered when it is the only near one, and the other function for a name of the other
kind.
"""

from collections.abc import Iterator

from strongroom.document import Call, TemplateText
from strongroom.document.template_facts import calls_that_may_miss
from strongroom.names import Kind, Name
from strongroom.text.suggest import ask_if_meant
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.shared import (
    about,
    in_community,
    missing_names,
    rename,
    resolves,
    swap_function,
    wrong_kinds,
)


def check(template: TemplateText, context: Context) -> Iterator[Mark]:
    """Mark the name between the quotes."""
    if "get_" not in template.text or not calls_that_may_miss(template.parsed):
        return
    for call, entry in wrong_kinds(template, context, covered=True):
        yield _wrong_kind(template, call, entry)
    for call, name in missing_names(template, context, Kind.VARIABLE, covered=True):
        near = context.near(name, Kind.VARIABLE)
        if near:
            message = f"Unknown variable `{name}`{in_community(context)}: the default is used."
            yield _missing(call, name, message, near)
    for call, name in missing_names(template, context, Kind.SECRET, covered=True):
        message = (
            f"Unknown secret `{name}`{in_community(context)}. No page says that a default takes its place."
        )
        yield _missing(call, name, message, context.near(name, Kind.SECRET))


def _missing(call: Call, name: str, message: str, near: tuple[str, ...]) -> Mark:
    return Mark(
        f"{message} {ask_if_meant(near)}".rstrip() if near else message,
        span=call.argument,
        proposals=(rename(call, near[0]),) if len(near) == 1 else (),
        data=about(name, near),
    )


def _wrong_kind(template: TemplateText, call: Call, entry: Name) -> Mark:
    right = entry.kind.function
    message = f"`{entry.name}` is a {entry.kind.value}, so {call.function} cannot find it, and the default hides that."
    proposals = swap_function(template, call, right) if resolves(template, right) else ()
    return Mark(
        message,
        span=call.argument,
        proposals=tuple(one._replace(is_safe=False) for one in proposals),
        data={"name": entry.name},
    )


RULE = Rule("hidden-by-default", Severity.WARNING, __doc__, template=check, has_fix=True)
