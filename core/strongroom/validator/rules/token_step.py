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

from strongroom.text.expressions import expression
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication, CheckedConnector, Request
from strongroom.validator.rule import Context, Rule

_TOKEN_PATH: Final = expression(r"/(?:access_?)?token/?$", re.IGNORECASE)


def check(connector: CheckedConnector, _context: Context) -> Iterator[Mark]:
    """Mark the step's name."""
    for step in connector.steps[:-1]:
        if _fetches_token(step):
            message = (
                "This step only fetches a token: attach `authentication` to the step that needs the token."
            )
            yield step.mark(message, "name", part="value" if step.text("name") else "absent")


def _fetches_token(step: Request) -> bool:
    authentication = step.authentication
    if authentication is not None and authentication.type not in (None, "none", ""):
        return _asks_its_own_token_url(step, authentication)
    if "grant_type" in (step.text("request_body") or ""):
        return True
    if any(row.text("key") == "grant_type" for row in step.rows):
        return True
    if step.url is None or step.text("method") != "POST":
        return False
    path = re.split(r"[?#]", step.url.flat, maxsplit=1)[0]
    return _TOKEN_PATH.search(path) is not None


def _asks_its_own_token_url(step: Request, authentication: Authentication) -> bool:
    """Return True if a step signs itself in and calls its own token's URL."""
    token_url = authentication.config.text("token_url") if authentication.config is not None else None
    return bool(token_url) and step.text("url") == token_url


RULE = Rule("token-step", Severity.WARNING, __doc__, connector=check)
