"""Suggest in a sentence the known names that a wrong name may have meant."""

from collections.abc import Iterable, Sequence
from typing import Final

_MANY: Final = 5_000
"""The number of candidates from which on rapidfuzz is quicker.

Loading it takes some 10 ms; fewer candidates are measured in Python.
"""


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return an unknown name's way out: near candidates, or all if they are few."""
    known = list(candidates)
    if near := nearest(name, known):
        return ask_if_meant(near, '"')
    return f"There are: {', '.join(sorted(known))}." if 0 < len(known) <= 20 else ""


def ask_if_meant(near: Sequence[str], quote: str = "`") -> str:
    """Return the question if one of the first three `near` names was meant, or ""."""
    return f"Did you mean {' or '.join(f'{quote}{name}{quote}' for name in near[:3])}?" if near else ""


def nearest(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the candidates near to `name`, nearest first.

    A slip of case or of separators ("API-Key" for "api_key") is nearer than any typing error: if there is one, nothing
    else is given. Otherwise up to one typing error in four characters counts as near, and three at most.
    """
    known = list(dict.fromkeys(candidates))
    plain = _plain(name)
    slips = tuple(candidate for candidate in known if candidate != name and _plain(candidate) == plain)
    if slips or len(name) < 3:
        return tuple(sorted(slips, key=lambda slip: (slip.casefold() != name.casefold(), slip)))
    limit = min(3, max(1, len(name) // 4))
    close = [candidate for candidate in known if abs(len(candidate) - len(name)) <= limit]
    if len(close) < _MANY:
        distances = [(distance(name, candidate, limit), candidate) for candidate in close]
    else:
        from rapidfuzz.distance import OSA

        distances = [(OSA.distance(name, other, score_cutoff=limit), other) for other in close]
    return tuple(candidate for found, candidate in sorted(distances) if 0 < found <= limit)


def distance(one: str, other: str, limit: int) -> int:
    """Return the number of characters to insert, delete, replace or swap.

    That is the optimal string alignment. It is `limit` + 1 for more than `limit`.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        lowest = i
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
            lowest = min(lowest, cost)
        # A swap may reach over one row: both must be past the limit.
        if lowest > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def differences(name: str, near: str) -> tuple[list[bool], list[bool]]:
    """Return for each character of both names if it differs.

    A missing character cannot be marked. The surplus one in the other name is.
    """
    from difflib import SequenceMatcher

    marks = [True] * len(name), [True] * len(near)
    for one, other, size in SequenceMatcher(None, name, near, autojunk=False).get_matching_blocks():
        marks[0][one : one + size] = [False] * size
        marks[1][other : other + size] = [False] * size
    return marks


def is_slip(name: str, other: str) -> bool:
    """Return True if two names differ only in case and separators."""
    return name != other and _plain(name) == _plain(other)


def is_case_slip(name: str, other: str) -> bool:
    """Return True if two names differ in nothing but case."""
    return name != other and name.casefold() == other.casefold()


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "").replace(".", "")
