"""Tells templates that cannot take long by their text, so that they need no thread that could be stopped.

A template takes long only by repeating something: a loop, a macro, a multiplied text, a filter that goes over many
things. A text in which none of that is even spelt, inside or outside of its expressions, is done as soon as it is
read. Anything else counts as possibly long, which costs no more than a thread.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

_LONGEST: Final = 4000
"""Characters: the work is at most proportional to them."""

_REPEATING: Final = re.compile(
    r"[*]|(?<!\{)%(?!\})|\b(?:for|macro|call|block|filter|import|include|extends|range|lipsum|cycler|joiner)\b"
)
_FILTER: Final = re.compile(r"\|\s*(\w*)")

_FILTERS: Final = frozenset(
    {
        *(
            "base64_decode",
            "base64_encode",
            "capitalize",
            "d",
            "default",
            "e",
            "escape",
            "float",
            "forceescape",
        ),
        *("from_json", "int", "json_encode", "length", "lower", "safe", "string", "title", "tojson", "trim"),
        *("upper", "urlencode"),
    }
)
"""Filters whose work is proportional to what they are given."""


@lru_cache(maxsize=4096)
def is_brief(template: str) -> bool:
    """Whether a template is certain to be done at once."""
    if "{" not in template:
        return True
    if len(template) > _LONGEST or _REPEATING.search(template):
        return False
    return all(name in _FILTERS for name in _FILTER.findall(template))


def is_all_brief(data: Any) -> bool:
    """The same for every text in a connector, or in a part of one."""
    if isinstance(data, str):
        return "{" not in data or is_brief(data)
    if isinstance(data, dict):
        data = data.values()
    elif not isinstance(data, list):
        return not isinstance(data, Mapping)
    for item in data:
        # Most are texts, and a call for each would be most of the time.
        if isinstance(item, str):
            if "{" in item and not is_brief(item):
                return False
        elif not is_all_brief(item):
            return False
    return True
