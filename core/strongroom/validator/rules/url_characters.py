"""A URL has characters that must be encoded.

## What it does

Finds spaces, control characters, double quotes, angle brackets, braces, backslashes, backticks, `^` and `|` in
a `url`, outside of templates, a URL without a host, and a port that is not a number. Square brackets, as in
`filter[name][]=`, and letters of any alphabet are accepted.

## Why it is bad

The platform refuses a URL with spaces or special characters, and with it the whole file.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now?city=New York"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now?city=New%20York"
}
```

## Fix safety

Safe: the characters are percent-encoded, and blanks at the ends removed. In the host, and for braces and
backslashes, there is no fix: what was meant is not certain.
"""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.bare_call import BARE_CALL, bare_calls
from strongroom.validator.rules.url_hosts import PLACEHOLDER
from strongroom.validator.url_parts import UrlParts

_BAD: Final = expression(
    r"""(?:[\s<>"\\^`{|}\x00-\x1f\x7f-\xa0\u200b\u200e\u200f\u2028-\u202f\u2060\ufeff])+"""
)
_PORT: Final = expression(r":([^:@\[\]{}\s\uffff]+)$")
"""Match what is behind the host. Placeholders and templates are left to other rules."""
_HIGHEST_PORT: Final = 65535


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark each run of such characters."""
    if not url.flat.strip():
        return
    for found in _BAD.finditer(_without_others(url)):
        yield _characters(request, url, found)
    if url.scheme_end >= 0 and url.host[0] == url.host[1]:
        yield request.mark("The URL has no host.", "url", span=url.place(url.scheme_end, url.host[0]))
    port = _PORT.search(url.flat, *url.host) if url.scheme_end >= 0 else None
    if port is not None and not (
        port[1].isascii() and port[1].isdigit() and int(port[1][:6]) <= _HIGHEST_PORT
    ):
        message = f"A port is a number up to {_HIGHEST_PORT}."
        yield request.mark(message, "url", span=url.place(*port.span(1)))


def _without_others(url: UrlParts) -> str:
    """Return the URL without the parts that have a rule of their own.

    These are placeholders in single braces, and bare calls.
    """
    flat = PLACEHOLDER.sub(lambda found: "x" * len(found.group()), url.flat)
    if "get_" not in flat:
        return flat
    calls = {call.start(): len(call.group()) for call, _, _ in bare_calls(url.text, url.parsed)}
    for found in BARE_CALL.finditer(flat):
        start, end = found.span()
        if calls.get(url.decoded(start)) == end - start:
            flat = flat[:start] + "x" * (end - start) + flat[end:]
    return flat


def _characters(request: Request, url: UrlParts, found: re.Match[str]) -> Mark:
    run = found.group()
    pieces = list(url.pieces(*found.span()))
    proposals: tuple[Proposal, ...] = ()
    if run.isspace() and (found.start() == 0 or found.end() == len(url.flat)):
        changes = tuple(Edit(*url.place(*piece), "") for piece in pieces)
        proposals = (Proposal("Remove the spaces", changes, True),)
    elif found.start() >= url.host[1] and not set(run) & set("{}\\"):
        changes = tuple(Edit(*url.place(*piece), _encoded(url.flat[slice(*piece)])) for piece in pieces)
        proposals = (Proposal(f"Encode it as {_encoded(run)}", changes, True),)
    shown = f"`{run}`" if run.isprintable() and not run.isspace() else "spaces"
    if not run.isspace() and not run.isprintable():
        shown = "control characters"
    message = f"A URL cannot hold {shown}."
    return request.mark(message, "url", span=url.place(*found.span()), proposals=proposals)


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


RULE = Rule("url-characters", Severity.ERROR, __doc__, url=check, has_fix=True)
