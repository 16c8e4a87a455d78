"""The host of a URL is templated with something other than `get_variable`.

## What it does

Finds templates in the host of a `url` that are not `{{ get_variable('name') }}`, optionally with
`| default('literal')` or `| default('literal', true)`. A default for a whole origin must carry the protocol.

The default is used, without an error, in a community that has no such variable. A variable that is set to an empty text
falls back with `default('literal', true)` only.

## Why it is bad

The platform must know where a connector calls before it runs, so only a variable may choose the host. It
refuses the file.

## Example

```json
{
  "name": "Weather",
  "url": "https://{{ user.username }}.example.com/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://{{ get_variable('region') }}.example.com/now"
}
```

## Fix safety

Safe for a default without a protocol: `https://` is put in front of it. There is no fix for other templates.
"""

from collections.abc import Iterator

from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.url_hosts import (
    host_defaults,
    is_host_variable,
    is_refused_elsewhere,
    looks_like_host,
    spot,
)
from strongroom.validator.url_parts import UrlParts


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the template's expression, or the default without a protocol."""
    if url.scheme_end < 0 and not url.is_origin:
        return
    for node in url.holes_in(*url.host):
        if not is_host_variable(node) and not is_refused_elsewhere(node, in_composite=request.is_step):
            message = (
                "In the host only {{ get_variable('name') }} is allowed, with `default('...')` if you like."
            )
            yield request.mark(message, "url", span=spot(node))
    if url.is_origin:
        yield from _defaults(request, url)


def _defaults(request: Request, url: UrlParts) -> Iterator[Mark]:
    for default in host_defaults(url):
        if "://" in default.text:
            continue
        start, end = default.start, default.start + len(default.text)
        proposals: tuple[Proposal, ...] = ()
        if looks_like_host(default.text):
            proposals = (Proposal("Add https:// to the default", (Edit(start, start, "https://"),), True),)
        if start == end:
            start, end = start - 1, end + 1
        message = "The default is the whole origin: it must begin with `https://`."
        yield request.mark(message, "url", span=(start, end), proposals=proposals)


RULE = Rule("templated-host", Severity.ERROR, __doc__, url=check, has_fix=True)
