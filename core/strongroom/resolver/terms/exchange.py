"""Describe one request of a run and its answer, with literals where secrets go.

A `Sender` is given the request, and gives an answer that was recorded. With one, a run touches no network,
fetches no token and signs nothing: it needs no credential.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

Pairs = tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """Hold one request with literals where secrets go.

    `step` is "" for a standard connector.

    `url` is without the rows of `query`, which are not percent-encoded. `body` is None where none is sent.
    """

    connector: str
    step: str
    method: str
    url: str
    query: Pairs
    headers: Pairs
    body: str | None


class Answered(NamedTuple):
    """Hold an answer, decompressed and before the response template."""

    status: int
    headers: Pairs = ()
    body: bytes = b""
    reason: str = ""


class Exchange(NamedTuple):
    """Hold one call of a run.

    Echoes of secrets in the answer are masked.
    """

    asked: Asked
    answered: Answered
    milliseconds: float
    from_cache: bool = False


class NoAnswer(Exception):  # noqa: N818 - what happened, not a kind of error
    """Report that a sender has no answer for what was asked.

    The text is shown as the reason, and holds no value.
    """


Sender = Callable[[Asked], Awaitable[Answered]]


class Progress(NamedTuple):
    """Hold how far a run is.

    `stage` is "render", "authenticate", "call", "transform" or "done".

    `step` names a composite's step ("" otherwise), which is the `number`th of `of`, from 1.
    """

    stage: str
    step: str = ""
    number: int = 1
    of: int = 1


Watch = Callable[[Progress], None]
