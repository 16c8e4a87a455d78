"""Find the documentation page of a rule.

Editors put a link to it on a finding's rule.
"""

import os
from functools import cache
from typing import Final

from strongroom.workspace.uris import uri_of

# os.path, because pathlib would be imported for this alone.
_PACKAGE: Final = os.path.dirname(os.path.dirname(__file__))
_PLACES: Final = (
    os.path.join(_PACKAGE, "pages"),  # an installed package: pyproject.toml puts docs/rules there
    os.path.join(_PACKAGE, "..", "..", "docs", "rules"),  # a checkout
)


@cache
def page_uri(rule: str) -> str | None:
    """Return the uri of the rule's page, or None if this installation has no pages."""
    for place in _PLACES:
        page = os.path.realpath(os.path.join(place, f"{rule}.md"))
        if os.path.isfile(page):
            return uri_of(page)
    return None
