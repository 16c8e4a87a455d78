"""A URL has a placeholder in single braces.

## What it does

Finds `{id}` in a `url`, outside of templates.

## Why it is bad

Nothing is put in its place: the braces are sent as they are, and the API answers 404 or 400. A path parameter
is written `{{ pathParams.id }}` and declared in `path_parameters`.

## Example

```json
{
  "name": "Topic",
  "url": "https://api.example.com/topics/{topicId}"
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

Safe in the path and query of a connector's URL: the placeholders become path parameters, and rows are added for
them. There is no fix in the host, nor in a composite's step, where path parameters do not exist.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.document import Connector
from strongroom.platform.naming import is_valid_name
from strongroom.text.expressions import expression
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.path_parameters import declared_keys, declaring, misspelt_list
from strongroom.validator.rules.url_hosts import PLACEHOLDER
from strongroom.validator.url_parts import UrlParts

_RAW: Final = expression(r"\{%[-+]?\s*raw\b")


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the placeholder with its braces."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or url.is_plain or not url.is_readable or "{" not in url.flat:
            continue
        found = [(match.start(), match.end(), match.group(1)) for match in PLACEHOLDER.finditer(url.flat)]
        in_path = [place for place in found if place[0] >= url.host[1] > url.host[0] and _is_free(url, place)]
        fix = _fix(outline, url, in_path)
        for start, end, name in found:
            message = f"`{url.flat[start:end]}` is sent as it is."
            fixes: tuple[Fix, ...] = ()
            if start < url.host[1]:
                message += f" In the host, use {{{{ get_variable('{name}') }}}}."
            elif outline.connector.is_step:
                message += (
                    " Steps have no path parameters: use `request.query_parameters` or an earlier step."
                )
            else:
                message += f" A path parameter is written {{{{ pathParams.{name} }}}}."
                if fix is not None and (start, end, name) in in_path:
                    fixes = (fix,)
            yield outline.mark(
                url.place(start, end), message, outline.part, "url", fixes, data={"name": name}
            )


def _is_free(url: UrlParts, place: tuple[int, int, str]) -> bool:
    """Whether a template can be put in the place: no tag is in it, and no brace before it."""
    start, end, name = place
    is_after_brace = url.flat[start - 1] == "{" and url.is_unbroken(start - 1, end)
    return is_valid_name(name) and url.is_unbroken(start, end) and not is_after_brace


def _fix(outline: Outline, url: UrlParts, places: list[tuple[int, int, str]]) -> Fix | None:
    """One fix for all placeholders of the URL, with the rows that are then missing."""
    declared = declared_keys(outline)
    if _RAW.search(url.text):
        # Inside a raw block the new template would stay text.
        return None
    if not places or outline.connector.is_step or outline.is_damaged or declared is None:
        return None
    edits = [Edit(*url.place(start, end), f"{{{{ pathParams.{name} }}}}") for start, end, name in places]
    wanted = [*(name for _, _, name in places), *url.path_parameters.names]
    missing = list(dict.fromkeys(name for name in wanted if name not in declared))
    if missing and not misspelt_list(outline):
        row = declaring(outline, missing)
        if row is None:
            return None
        edits.append(row)
    return Fix("Use path parameters", tuple(edits), True)


RULE = Rule("single-brace", Severity.WARNING, __doc__, connector=check, has_fix=True)
