"""The known field that an unknown key was probably meant to be."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

_SHORT_FORMS: Final[Mapping[str, str]] = {
    "pathparams": "path_parameters",
    "pathparam": "path_parameters",
    "queryparams": "query_parameters",
    "queryparam": "query_parameters",
    "auth": "authentication",
    "headers": "jwt_headers",
    "header": "jwt_headers",
}
"""List forms that are too far from the field for a typing error.

They are known from published files and other tools.
"""


def near_field(name: str, known: Iterable[str]) -> str:
    """Return the field that `name` is a slip of.

    Return "" if it is not a slip, or a slip of several fields.
    """
    fields = list(known)
    plain = plain_key(name)
    short = _SHORT_FORMS.get(plain, "")
    if short in fields:
        return short
    close = [field for field in fields if _may_be_near(plain, plain_key(field))]
    if not close:
        return ""
    # Imported, and rapidfuzz with it, only for a key that may really be a slip.
    from strongroom.text.suggest import nearest

    found = nearest(name, close)
    return found[0] if len(found) == 1 else ""


def is_certain_slip(name: str, field: str) -> bool:
    """Return True if `name` certainly means the field.

    Then it differs only in case, separators, a short form or the plural.
    """
    plain = plain_key(name)
    return _SHORT_FORMS.get(plain) == field or plain.removesuffix("s") == plain_key(field).removesuffix("s")


def plain_key(name: str) -> str:
    """Return a key without case and separators."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _may_be_near(one: str, other: str) -> bool:
    """Return False for texts that cannot be near.

    It is a quick bound: texts whose letters differ in more than three places are not near.
    """
    if abs(len(one) - len(other)) > 3:
        return False
    left, right = Counter(one), Counter(other)
    return max((left - right).total(), (right - left).total()) <= min(3, max(1, len(one) // 4))
