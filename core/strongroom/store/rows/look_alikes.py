"""Find names that are different and look the same, such as `Prod` and `prod`.

"pröd" that was typed on two keyboards is another example.
"""

from collections.abc import Iterable
from unicodedata import normalize


def look_alike(name: str, known: Iterable[str]) -> str | None:
    """Return the other name among `known` that `name` is easily taken for, or None."""
    shape = _shape(name)
    return next((other for other in known if other != name and _shape(other) == shape), None)


def _shape(name: str) -> str:
    """Return the name without case, width, blanks, signs and the storage of accents."""
    folded = normalize("NFKC", normalize("NFKC", name).casefold())
    return "".join(character for character in folded if character not in " -_.")
