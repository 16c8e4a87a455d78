"""A URL points to localhost or to a private address.

## What it does

Finds a `url` whose host is `localhost` or a private, loopback or link-local address, in any spelling:
`127.1`, `0x7f000001`, `[::1]`. Defaults of `get_variable` in the host are looked at too.

## Why it is bad

The platform calls from its own servers and refuses such hosts. Publishing is all or nothing: one invalid field
refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://192.168.1.20/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now"
}
```

## Fix safety

There is no fix: only you know the public host.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.validator.findings import Severity
from strongroom.validator.outline import outlines
from strongroom.validator.private_hosts import why_private
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.url_hosts import bare_host, host_defaults
from strongroom.validator.url_parts import HOLE


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the host."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or url.is_plain or not url.is_readable:
            continue
        start, end = url.host
        authority = url.flat[start:end]
        if HOLE not in authority:
            if url.scheme_end < 0:
                continue
            at, host = bare_host(authority)
            reason = why_private(host)
            if reason:
                place = url.place(start + at, start + at + len(host))
                yield outline.mark(place, _message(host, reason), outline.part, "url")
            continue
        for default in host_defaults(url):
            at, host = bare_host(default.text)
            reason = why_private(host)
            if reason:
                begin = url.source(default.start + at)
                place = begin, url.source(default.start + at + len(host))
                yield outline.mark(place, _message(host, reason), outline.part, "url")


def _message(host: str, reason: str) -> str:
    return f"`{host}` is {reason}: the platform calls public hosts only."


RULE = Rule("private-host", Severity.ERROR, __doc__, connector=check)
