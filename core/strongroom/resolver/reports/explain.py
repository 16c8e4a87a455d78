"""Explain in plain words an answer's status and source, and what it repeats."""

from collections.abc import Sequence
from typing import Final

from strongroom.resolver.network.cache import lifetime
from strongroom.resolver.network.sending import Answer

_STATUS: Final = {
    400: "The request is malformed or incomplete for the API.",
    401: "The API did not accept the credential.",
    403: "The credential has no permission, or it is not the one that the API expects.",
    404: "The API has no such path.",
    405: "The API does not support this method at this path.",
    415: "The API does not support the Content-Type of the body.",
    429: "Too many requests: wait before the next run.",
}


_COMPRESSION: Final = {
    "unsupported": (
        "The answer is compressed ({coding}) in a way that was not asked for. "
        "If a header of the connector says Accept-Encoding, remove it."
    ),
    "incomplete": "The compressed answer ends too early: only what came before its end is shown.",
}


def describe_answer(
    answer: Answer, unresolved: Sequence[str], *, location: str, leads: str, coding: str, limit: int
) -> list[str]:
    """Return lines on the meaning of the status, and on a cut after `limit` bytes.

    `location` is where a redirect leads, and `leads` what is to be said of that; `coding` is the
    Content-Encoding. All three are the API's own words, masked.
    """
    status, lines = answer.status, []
    if status in (401, 403) and unresolved:
        lines.append(
            f"The API answered {status}: likely because {', '.join(unresolved)} was sent as it is written."
        )
    elif status in _STATUS:
        lines.append(f"The API answered {status}. {_STATUS[status]}")
    elif 300 <= status < 400 and status != 304:
        to = f" to {location}" if location else ""
        lines.append(
            f"The API answered {status}, a redirect{to}, which is not followed: "
            f"{leads or 'use the new address as the url'}."
        )
    elif status >= 500:
        lines.append(f"The API answered {status}: it failed on its side.")
    if answer.compression:
        lines.append(_COMPRESSION[answer.compression].format(coding=coding))
    if answer.is_cut:
        lines.append(f"The answer is longer than {limit // (1024 * 1024)} MiB: only its beginning is kept.")
    return lines


def describe_cache(answer: Answer, outcome: str, why_not: str) -> list[str]:
    """Return lines on what the cache did with an answer, or none if it did nothing.

    The platform has the same cache.
    """
    good_for = lifetime(answer)
    if outcome == "hit":
        age = answer.header("age")
        left = f" and good for {good_for - int(age)} more" if good_for is not None and age.isdigit() else ""
        return [f"The answer came from the cache, {age or '0'} seconds old{left}: the API was not called."]
    if outcome == "revalidated":
        return ["The API said that the kept answer still holds (304), so the answer came from the cache."]
    lines = []
    if outcome == "bypassed":
        lines.append("The API was asked although the cache has an answer.")
    if outcome in ("stored", "bypassed") and not why_not:
        until = f"for {good_for} seconds" if good_for else "and checked with the API at each run"
        lines.append(f"The answer is kept in the cache {until}, as the platform keeps it.")
    if why_not and good_for:
        lines.append(f"The answer is not kept in the cache: {why_not}.")
    return lines


def describe_echo(name: str, count: int) -> str:
    """Return the line on a value that an API sent back, with its count."""
    what = f"the secret '{name}'" if name.isidentifier() else name or "a secret"
    return f"The answer repeats {what}; masked {'once' if count == 1 else f'{count} times'}."


UNREAD: Final = (
    "The body of the answer is not text that can be read. It may hold a secret, so that it is neither shown "
    "nor recorded."
)


def describe_issued(members: Sequence[str]) -> str:
    """Return the line on credentials that an API issued, with their members' names."""
    return f"The answer issues credentials ({', '.join(members)}); they are masked here and wherever they come back."
