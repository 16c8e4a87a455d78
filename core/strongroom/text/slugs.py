"""Make slugs: lowercase words joined by hyphens, as in permalinks and step names."""

import re
from typing import Final

from strongroom.text.expressions import expression

_CERTAIN: Final = expression(r"[A-Za-z0-9]+(?:[ -]+[A-Za-z0-9]+)*")


def slug(text: str) -> str:
    """Return the slug nearest to a text; "" if no part of it can be in one."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def certain_slug(name: str) -> str:
    """Return the permalink that the platform makes from a name; "" if it is uncertain.

    Words of ASCII letters and digits between spaces and hyphens give the same slug by every method.
    """
    return slug(name) if _CERTAIN.fullmatch(name.strip()) else ""
