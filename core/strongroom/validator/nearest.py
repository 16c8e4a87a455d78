"""The known name that a wrong one was probably meant to be."""

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates near to `name`, nearest first.

    A slip of case or of separators ("API-Key" for "api_key") is nearer than any typing error: where there
    is one, nothing else is given. Otherwise: up to one typing error in four characters, three at most.
    Empty where nothing is near.
    """
    known = list(dict.fromkeys(candidates))
    plain = _plain(name)
    slips = tuple(candidate for candidate in known if candidate != name and _plain(candidate) == plain)
    if slips or len(name) < 3:
        return tuple(sorted(slips, key=lambda slip: (slip.casefold() != name.casefold(), slip)))
    # Imported at the moment an unknown name needs it: most runs never do.
    from rapidfuzz.distance import OSA

    limit = min(3, max(1, len(name) // 4))
    near = []
    for candidate in known:
        distance = OSA.distance(name, candidate, score_cutoff=limit)
        if 0 < distance <= limit:
            near.append((distance, candidate))
    return tuple(candidate for _, candidate in sorted(near))


def is_case_slip(name: str, other: str) -> bool:
    """Whether two names differ in nothing but case."""
    return name != other and name.casefold() == other.casefold()


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "").replace(".", "")
