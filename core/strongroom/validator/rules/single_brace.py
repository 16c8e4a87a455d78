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

from strongroom.platform.naming import is_valid_name
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.validator.editing import add_rows
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Change, Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.path_parameters import declared_keys, misspelt_list
from strongroom.validator.rules.url_hosts import PLACEHOLDER
from strongroom.validator.url_parts import UrlParts

_RAW: Final = expression(r"\{%[-+]?\s*raw\b")

_Place = tuple[int, int, str]
"""Start and end of a placeholder in `flat`, and its name."""


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the placeholder with its braces."""
    if "{" not in url.flat:
        return
    found = [(match.start(), match.end(), match.group(1)) for match in PLACEHOLDER.finditer(url.flat)]
    in_path = [place for place in found if place[0] >= url.host[1] > url.host[0] and _is_free(url, place)]
    proposals = tuple(_proposals(request, url, in_path))
    for start, end, name in found:
        message = f"`{url.flat[start:end]}` is sent as it is."
        if start < url.host[1]:
            message += f" In the host, use {{{{ get_variable('{name}') }}}}."
        elif request.is_step:
            message += " Steps have no path parameters: use `request.query_parameters` or an earlier step."
        else:
            message += f" A path parameter is written {{{{ pathParams.{name} }}}}."
        yield request.mark(
            message,
            "url",
            span=url.place(start, end),
            proposals=proposals if (start, end, name) in in_path else (),
            data={"name": name},
        )


def _is_free(url: UrlParts, place: _Place) -> bool:
    """Return True if a template can be put in the place.

    Then no tag is in it, and no brace before it.
    """
    start, end, name = place
    is_after_brace = url.flat[start - 1] == "{" and url.is_unbroken(start - 1, end)
    return is_valid_name(name) and url.is_unbroken(start, end) and not is_after_brace


def _proposals(request: Request, url: UrlParts, places: list[_Place]) -> Iterator[Proposal]:
    """Yield one proposal for all placeholders of the URL.

    It has the rows that are then missing.
    """
    declared = declared_keys(request)
    # Inside a raw block the new template would stay text.
    if _RAW.search(url.text) or request.is_step or request.is_damaged or declared is None:
        return
    changes: list[Change] = [
        Edit(*url.place(start, end), f"{{{{ pathParams.{name} }}}}") for start, end, name in places
    ]
    wanted = [*(name for _, _, name in places), *url.path_parameters.names]
    missing = list(dict.fromkeys(name for name in wanted if name not in declared))
    if missing and not misspelt_list(request):
        changes.append(add_rows("path_parameters", missing))
    yield Proposal("Use path parameters", tuple(changes), True)


RULE = Rule("single-brace", Severity.WARNING, __doc__, url=check, has_fix=True)
