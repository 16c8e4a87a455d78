"""A URL does not begin with `https://`.

## What it does

Finds a `url` with another protocol or with none, and a default for a whole origin that is not https.

## Why it is bad

The platform calls https only. Publishing is all or nothing: one invalid field refuses the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "http://api.example.com/now"
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

Safe for `http`: nothing else would be accepted. Adding a missing protocol is unsafe: the host is a guess.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal, Span
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.url_hosts import host_defaults
from strongroom.validator.url_parts import HOLE, UrlParts

_HOST: Final = expression(r"(?://)?((?:[\w-]+\.)+[A-Za-z]{2,}(?=[/?#:]|$))")
_MISSING: Final = "The URL must begin with `https://`."


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the protocol, or the text in its place."""
    if not url.flat.strip():
        return
    if url.scheme_end >= 0:
        yield from _protocol(request, url)
    elif not url.is_origin:
        yield _without(request, url)
    else:
        for default in host_defaults(url):
            if default.text.lower().startswith("http://"):
                yield _mark(request, (default.start, default.start + 4), "http")


def _protocol(request: Request, url: UrlParts) -> Iterator[Mark]:
    written = url.flat[: url.scheme_end]
    protocol = written.strip()
    if HOLE in protocol or protocol.lower() == "https":
        return
    if not protocol:
        yield request.mark(_MISSING, "url", span=url.place(0, 3))
        return
    start, end = written.index(protocol), len(written.rstrip())
    is_whole = url.is_unbroken(start, end)
    yield _mark(request, url.place(start, end), protocol, is_whole=is_whole)


def _mark(request: Request, span: Span, protocol: str, *, is_whole: bool = True) -> Mark:
    proposals: tuple[Proposal, ...] = ()
    if protocol.lower() == "http" and is_whole:
        proposals = (Proposal("Use https", (Edit(*span, "https"),), True),)
    message = f"The URL uses `{protocol}`: only `https` is allowed."
    return request.mark(message, "url", span=span, proposals=proposals)


def _without(request: Request, url: UrlParts) -> Mark:
    lead = len(url.flat) - len(url.flat.lstrip())
    end = max(url.host[1], lead + 1)
    hole = url.flat.find(HOLE, lead, end)
    span = url.place(lead, hole if hole > lead else end)
    found = _HOST.match(url.flat, lead)
    proposals: tuple[Proposal, ...] = ()
    if found is not None and url.is_unbroken(lead, found.end(1)):
        change = Edit(span[0], url.place(*found.span(1))[0], "https://")
        proposals = (Proposal("Add https://", (change,), False),)
    return request.mark(_MISSING, "url", span=span, proposals=proposals)


RULE = Rule("insecure-url", Severity.ERROR, __doc__, url=check, has_fix=True)
