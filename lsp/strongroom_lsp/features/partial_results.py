"""Send a long answer in parts to a client that asked for parts."""

from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

from lsprotocol import types

from strongroom_lsp.services import Services

Item = TypeVar("Item")

PART: Final = 200
"""Items in one part. The client can draw the first part while the next one is written."""


def in_parts(services: Services, token: types.ProgressToken | None, items: Iterable[Item]) -> list[Item]:
    """Return the items, or send them in parts and return none.

    `token` is the request's `partialResultToken`. A client without one gets everything in the answer.
    """
    if token is None:
        return list(items)
    rest = iter(items)
    while part := list(islice(rest, PART)):
        services.notify(types.PROGRESS, types.ProgressParams(token, part))
    return []
