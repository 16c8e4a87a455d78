"""A token URL would send the client's secret over plain http, to a private host, or to no URL at all.

## What it does

Looks at the `token_url` of `oauth_client_credentials` and `oauth_jwt_bearer`. It finds another protocol than https, a
host that is local or private, and a text that is not a URL.

## Why it is bad

The client's secret, or an assertion signed with its key, goes to this address. The platform's pages set no rule for
it, so the file is not refused.

## Example

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "authentication": {
    "type": "oauth_client_credentials",
    "config": {
      "client_id": "{{ get_secret('api_key') }}",
      "client_secret": "{{ get_secret('client_secret') }}",
      "token_url": "http://auth.example.com/token"
    }
  }
}
```

## Use instead

```json
{
  "name": "Topics",
  "url": "https://api.example.com/topics",
  "authentication": {
    "type": "oauth_client_credentials",
    "config": {
      "client_id": "{{ get_secret('api_key') }}",
      "client_secret": "{{ get_secret('client_secret') }}",
      "token_url": "https://auth.example.com/token"
    }
  }
}
```

## Fix safety

Unsafe for `http`: the server may not speak https at this address. There is no fix otherwise.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.private_hosts import why_private
from strongroom.validator.rules.url_hosts import bare_host, host_defaults
from strongroom.validator.url_parts import HOLE, UrlParts

_FIELD: Final = "token_url"


def check(authentication: Authentication, context: Context) -> Iterator[Mark]:
    """Mark the protocol, the host, or the whole text."""
    known, config = authentication.known, authentication.config
    if known is None or config is None or _FIELD not in known.fields:
        return
    text = config.text(_FIELD)
    if text is None or not text.strip():
        return
    url = UrlParts(text, context.parsed)
    if not url.is_plain and url.is_readable:
        yield from (mark._replace(path=(*config.path, _FIELD)) for mark in _marks(url))


def _marks(url: UrlParts) -> Iterator[Mark]:
    if url.scheme_end < 0 and not url.is_origin:
        yield Mark("This is not a URL: it must begin with `https://`.")
        return
    protocol = url.flat[: max(url.scheme_end, 0)].strip()
    if protocol and HOLE not in protocol and protocol.lower() != "https":
        yield _protocol(url, protocol)
    start, end = url.host
    if HOLE in url.flat[start:end]:
        for default in host_defaults(url):
            at, host = bare_host(default.text)
            begin = default.start + at
            yield from _host(host, (begin, begin + len(host)))
    elif start == end:
        yield Mark("This is not a URL: it has no host.")
    else:
        at, host = bare_host(url.flat[start:end])
        yield from _host(host, url.place(start + at, start + at + len(host)))


def _protocol(url: UrlParts, protocol: str) -> Mark:
    begin = url.flat.index(protocol)
    span = url.place(begin, begin + len(protocol))
    proposals = (Proposal("Use https", (Edit(*span, "https"),), False),) if protocol.lower() == "http" else ()
    message = f"The token is asked for over `{protocol}`, where others can read what is sent: use `https`."
    return Mark(message, span=span, proposals=proposals)


def _host(host: str, span: tuple[int, int]) -> Iterator[Mark]:
    reason = why_private(host)
    if reason:
        yield Mark(f"`{host}` is {reason}: tokens come from public hosts.", span=span)


RULE = Rule("insecure-token-url", Severity.WARNING, __doc__, authentication=check, has_fix=True)
