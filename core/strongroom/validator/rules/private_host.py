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

from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.private_hosts import why_private
from strongroom.validator.rules.url_hosts import bare_host, host_defaults
from strongroom.validator.url_parts import HOLE, UrlParts


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the host."""
    start, end = url.host
    authority = url.flat[start:end]
    if HOLE in authority:
        for default in host_defaults(url):
            at, host = bare_host(default.text)
            reason = why_private(host)
            if reason:
                begin = default.start + at
                yield request.mark(_message(host, reason), "url", span=(begin, begin + len(host)))
    elif url.scheme_end >= 0:
        at, host = bare_host(authority)
        reason = why_private(host)
        if reason:
            span = url.place(start + at, start + at + len(host))
            yield request.mark(_message(host, reason), "url", span=span)


def _message(host: str, reason: str) -> str:
    return f"`{host}` is {reason}: the platform calls public hosts only."


RULE = Rule("private-host", Severity.ERROR, __doc__, url=check)
