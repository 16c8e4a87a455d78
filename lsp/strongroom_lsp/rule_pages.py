"""Where the documentation page of a rule can be read, for the link that an editor puts on a finding's name."""

import os
from functools import cache
from typing import Final
from urllib.parse import quote

# os.path, because pathlib would be imported for this alone: ruff: noqa: PTH
_PLACES: Final = (
    os.path.join(os.path.dirname(__file__), "..", "..", "docs", "rules"),  # a checkout
)


@cache
def page_uri(rule: str) -> str | None:
    """The uri of the rule's page, or None where this installation holds no pages."""
    for place in _PLACES:
        page = os.path.realpath(os.path.join(place, f"{rule}.md"))
        if os.path.isfile(page):
            return "file://" + quote(page)
    return None
