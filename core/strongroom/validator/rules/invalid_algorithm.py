"""A signing algorithm is not supported.

## What it does

Finds an `algorithm` in a `jwt` or `oauth_jwt_bearer` config that the platform does not know, and one written out in
`jwt_encode(payload, key, 'HS256')`. The default in a config is RS256.

## Why it is bad

Publishing is all or nothing: one invalid field refuses the whole file. In `jwt_encode` the signing fails, and the
run with it.

## Example

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "jwt",
    "config": {"private_key": "{{ get_secret('api_key') }}", "algorithm": "RS250", "claims": {"iss": "me"}}
  }
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now",
  "authentication": {
    "type": "jwt",
    "config": {"private_key": "{{ get_secret('api_key') }}", "algorithm": "RS256", "claims": {"iss": "me"}}
  }
}
```

## Fix safety

Safe where only the case is wrong. Otherwise there is no fix.
"""

from collections.abc import Iterator

from strongroom.document import TemplateText
from strongroom.document.template_nodes import Node
from strongroom.platform.authentication import ALGORITHMS
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark
from strongroom.validator.parts import Authentication
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.choices import case_proposal, wrong_choice, wrong_choices
from strongroom.validator.rules.shared import jwt_argument, resolves, signings

_WHAT = "a signing algorithm"


def check(authentication: Authentication, _context: Context) -> Iterator[Mark]:
    """Mark the value of the config."""
    return wrong_choices(authentication, "algorithm", _WHAT)


def check_template(template: TemplateText, _context: Context) -> Iterator[Mark]:
    """Mark the text between the quotes in `jwt_encode(...)`."""
    if "jwt_encode" not in template.text or not resolves(template, "jwt_encode"):
        return
    for call in signings(template):
        value = jwt_argument(call, "algorithm")
        if value is None or not _is_wrong(value):
            continue
        span = value.start + 1, value.end - 1
        message = wrong_choice(value.value, ALGORITHMS, _WHAT)
        yield Mark(message, span=span, proposals=case_proposal(value.value, ALGORITHMS, span))


def _is_wrong(value: Node) -> bool:
    # Several literals side by side are one text that has no one place.
    is_text = value.kind == "const" and isinstance(value.value, str) and value.inner_start != value.inner_end
    return is_text and value.value not in ALGORITHMS


RULE = Rule(
    "invalid-algorithm",
    Severity.ERROR,
    __doc__,
    authentication=check,
    template=check_template,
    has_fix=True,
)
