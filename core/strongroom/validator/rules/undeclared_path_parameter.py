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

from strongroom.document import Connector
from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.path_parameters import declared_keys, declaring, misspelt_list


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the name in the template, where it stands first."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or outline.connector.is_step or outline.is_damaged:
            continue
        used = url.path_parameters
        if not used.uses:
            continue
        declared = declared_keys(outline)
        if declared is None:
            continue
        missing = [name for name in used.names if name not in declared]
        if not missing:
            continue
        spare = [key for key in declared if key not in used.names]
        misspelt = misspelt_list(outline)
        marked = set()
        for use in used.uses:
            if use.name in marked or use.name not in missing:
                continue
            marked.add(use.name)
            near = nearest(use.name, spare) if spare else ()
            fixes: tuple[Fix, ...] = ()
            message = f"The path parameter `{use.name}` has no row in `path_parameters`."
            if misspelt:
                message += f" The field `{misspelt}` must be called `path_parameters`."
            else:
                edit = declaring(outline, missing)
                fixes = (Fix(_title(missing), (edit,), not near),) if edit is not None else ()
            if near:
                message += f" {ask_if_meant(near)}"
            place = url.source(use.start), url.source(use.end)
            yield outline.mark(place, message, outline.part, "url", fixes, data={"name": use.name})


def _title(names: list[str]) -> str:
    rows = "row" if len(names) == 1 else "rows"
    return f"Add the {rows} to path_parameters: {', '.join(names)}"


RULE = Rule("undeclared-path-parameter", Severity.ERROR, __doc__, connector=check, has_fix=True)
