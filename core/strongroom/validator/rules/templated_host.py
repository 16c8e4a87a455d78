"""The host of a URL is templated with something other than `get_variable`.

## What it does

Finds templates in the host of a `url` that are not `{{ get_variable('name') }}`, optionally with
`| default('literal')` or `| default('literal', true)`. A default for a whole origin must carry the protocol.

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

from strongroom.document import Connector
from strongroom.document.template_parser import Node
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.url_hosts import (
    host_defaults,
    is_host_variable,
    is_refused_elsewhere,
    looks_like_host,
    spot,
)
from strongroom.validator.url_parts import UrlParts


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the template's expression, or the default that lacks a protocol."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or url.is_plain or not url.is_readable or not (url.scheme_end >= 0 or url.is_origin):
            continue
        for node in url.holes_in(*url.host):
            if not is_host_variable(node) and not _is_known(outline, node):
                message = "In the host only {{ get_variable('name') }} is allowed, with `default('...')` if you like."
                yield outline.mark(spot(url, node), message, outline.part, "url")
        if url.is_origin:
            yield from _defaults(outline, url)


def _is_known(outline: Outline, node: Node) -> bool:
    return is_refused_elsewhere(node, in_composite=outline.connector.is_step)


def _defaults(outline: Outline, url: UrlParts) -> Iterator[Mark]:
    for default in host_defaults(url):
        if "://" in default.text:
            continue
        start, end = url.source(default.start), url.source(default.start + len(default.text))
        fixes: tuple[Fix, ...] = ()
        if looks_like_host(default.text):
            fixes = (Fix("Add https:// to the default", (Edit(start, start, "https://"),), True),)
        if start == end:
            start, end = start - 1, end + 1
        message = "The default stands for the whole origin: it must begin with `https://`."
        yield outline.mark((start, end), message, outline.part, "url", fixes)


RULE = Rule("templated-host", Severity.ERROR, __doc__, connector=check, has_fix=True)
