"""A step of a composite connector only fetches a token.

## What it does

Finds steps, except the last, that send a `grant_type` or call a URL ending in `/token`, and have no
authentication of their own; and steps that call the `token_url` of their own authentication.

## Why it is bad

Attach `authentication` to the step that needs the token: the platform then fetches the token, keeps it until it
expires, and shares it between steps. A step of your own fetches one for every call.

## Example

```json
{
  "name": "Weather here",
  "steps": [
    {
      "name": "get-token",
      "url": "https://api.example.com/oauth/token",
      "method": "POST",
      "request_body": "grant_type=client_credentials"
    },
    {
      "name": "find-place",
      "url": "https://api.example.com/place",
      "headers": [{"key": "Authorization", "value": "Bearer {{ steps['get-token'].body }}"}]
    }
  ]
}
```

## Use instead

```json
{
  "name": "Weather here",
  "steps": [
    {
      "name": "find-place",
      "url": "https://api.example.com/place",
      "authentication": {
        "type": "oauth_client_credentials",
        "config": {
          "client_id": "{{ get_secret('api_key') }}",
          "client_secret": "{{ get_secret('client_secret') }}",
          "token_url": "https://api.example.com/oauth/token"
        }
      }
    }
  ]
}
```

## Fix safety

There is no fix: the credentials must be put into `authentication`.
"""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.document import Connector
from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.outline import Outline, outlines
from strongroom.validator.rule import Context, Mark, Rule

_TOKEN_PATH: Final = expression(r"/(?:access_?)?token/?$", re.IGNORECASE)


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the step's name."""
    for outline in outlines(connector)[1:-1]:
        if _fetches_token(outline):
            name = outline.part.text("name")
            place = name if name is not None and name.data else (outline.part.value.start,) * 2
            message = (
                "This step only fetches a token: attach `authentication` to the step that needs the token."
            )
            yield outline.mark(place, message, outline.part, "name")


def _fetches_token(outline: Outline) -> bool:
    if outline.auth_type is not None and outline.auth_type.data not in ("none", ""):
        return _asks_its_own_token_url(outline)
    body = outline.part.text("request_body")
    if body is not None and "grant_type" in body.data:
        return True
    keys = [key.data for row in outline.rows if (key := row.part.text("key")) is not None]
    if "grant_type" in keys:
        return True
    if outline.url is None:
        return False
    path = re.split(r"[?#]", outline.url.flat, maxsplit=1)[0]
    method = outline.part.text("method")
    return method is not None and method.data == "POST" and _TOKEN_PATH.search(path) is not None


def _asks_its_own_token_url(outline: Outline) -> bool:
    """Whether a step that signs itself in then calls the very URL that its token comes from."""
    token_url = outline.config.text("token_url") if outline.config is not None else None
    return token_url is not None and outline.url is not None and token_url.data == outline.url.text != ""


RULE = Rule("token-step", Severity.WARNING, __doc__, connector=check)
