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

from strongroom.document import Connector
from strongroom.text.expressions import expression
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.url_hosts import host_defaults
from strongroom.validator.url_parts import HOLE, UrlParts

_HOST: Final = expression(r"(?://)?((?:[\w-]+\.)+[A-Za-z]{2,}(?=[/?#:]|$))")


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the protocol, or what stands where it should be."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or url.is_plain or not url.is_readable or not url.flat.strip():
            continue
        if url.scheme_end >= 0:
            yield from _protocol(outline, url)
        elif not url.is_origin:
            yield _without(outline, url)
        else:
            for default in host_defaults(url):
                if default.text.lower().startswith("http://"):
                    start = url.source(default.start)
                    yield _mark(outline, (start, url.source(default.start + 4)), "http")


def _protocol(outline: Outline, url: UrlParts) -> Iterator[Mark]:
    written = url.flat[: url.scheme_end]
    protocol = written.strip()
    if HOLE in protocol or protocol.lower() == "https":
        return
    if not protocol:
        yield outline.mark(url.place(0, 3), "The URL must begin with `https://`.", outline.part, "url")
        return
    start, end = written.index(protocol), len(written.rstrip())
    is_whole = url.is_unbroken(start, end)
    yield _mark(outline, url.place(start, end), protocol, is_whole=is_whole)


def _mark(outline: Outline, place: tuple[int, int], protocol: str, *, is_whole: bool = True) -> Mark:
    fixes: tuple[Fix, ...] = ()
    if protocol.lower() == "http" and is_whole:
        fixes = (Fix("Use https", (Edit(*place, "https"),), True),)
    message = f"The URL uses `{protocol}`: only `https` is allowed."
    return outline.mark(place, message, outline.part, "url", fixes)


def _without(outline: Outline, url: UrlParts) -> Mark:
    lead = len(url.flat) - len(url.flat.lstrip())
    end = max(url.host[1], lead + 1)
    hole = url.flat.find(HOLE, lead, end)
    place = url.place(lead, hole if hole > lead else end)
    found = _HOST.match(url.flat, lead)
    fixes: tuple[Fix, ...] = ()
    if found is not None:
        edit = Edit(place[0], url.place(found.start(1), found.end(1))[0], "https://")
        if url.is_unbroken(lead, found.end(1)):
            fixes = (Fix("Add https://", (edit,), False),)
    return outline.mark(place, "The URL must begin with `https://`.", outline.part, "url", fixes)


RULE = Rule("insecure-url", Severity.ERROR, __doc__, connector=check, has_fix=True)
