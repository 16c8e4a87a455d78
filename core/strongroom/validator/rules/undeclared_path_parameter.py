"""A URL uses a path parameter that has no row in `path_parameters`.

## What it does

Finds `{{ pathParams.name }}` in the `url` of a connector whose `path_parameters` have no row with that key.

## Why it is bad

The platform answers every call with status 400, `CONNECTOR_MISCONFIGURED`.

## Example

```json
{
  "name": "Topic",
  "url": "https://api.example.com/topics/{{ pathParams.topicId }}"
}
```

## Use instead

```json
{
  "name": "Topic",
  "url": "https://api.example.com/topics/{{ pathParams.topicId }}",
  "path_parameters": [{"key": "topicId"}]
}
```

## Fix safety

Safe: the rows are added, and nothing else changes. Where a row that no template uses has a similar key, the
fix is unsafe: one of the two may be a slip. Where a similar field such as `pathParams` holds the rows,
`unknown-field` has the fix.
"""

from collections.abc import Iterator

from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.editing import add_rows
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.path_parameters import declared_keys, misspelt_list


def check(request: Request, _context: Context) -> Iterator[Mark]:
    """Mark the name in the template, where it is first."""
    url = request.url
    if url is None or request.is_step or request.is_damaged:
        return
    used, declared = url.path_parameters, declared_keys(request)
    if not used.uses or declared is None:
        return
    first = {use.name: use for use in reversed(used.uses)}
    missing = [name for name in used.names if name not in declared]
    spare = [key for key in declared if key not in first]
    misspelt = misspelt_list(request)
    for name in missing:
        near = nearest(name, spare) if spare else ()
        message = f"The path parameter `{name}` has no row in `path_parameters`."
        proposals: tuple[Proposal, ...] = ()
        if misspelt:
            message += f" The field `{misspelt}` must be called `path_parameters`."
        else:
            proposals = (Proposal(_title(missing), (add_rows("path_parameters", missing),), not near),)
        if near:
            message += f" {ask_if_meant(near)}"
        span = first[name].start, first[name].end
        yield request.mark(message, "url", span=span, proposals=proposals, data={"name": name})


def _title(names: list[str]) -> str:
    rows = "row" if len(names) == 1 else "rows"
    return f"Add the {rows} to path_parameters: {', '.join(names)}"


RULE = Rule("undeclared-path-parameter", Severity.ERROR, __doc__, fields={"url": check}, has_fix=True)
