"""Find names that are different and look the same.

Examples are `Prod` and `prod`, or "pröd" typed on two keyboards.
"""

from collections.abc import Iterable
from unicodedata import normalize


def look_alike(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` is easily taken for, or None.

    `name` itself does not count.
    """
    shape = _shape(name)
    return next((other for other in known if other != name and _shape(other) == shape), None)


def _shape(name: str) -> str:
    """Return the name without what the eye passes over.

    That is case, width, how accents are stored, blanks and signs.
    """
    folded = normalize("NFKC", normalize("NFKC", name).casefold())
    return "".join(character for character in folded if character not in " -_.")
