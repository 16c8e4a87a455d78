"""Offsets as lsprotocol's types, for the features that pygls serves."""

from lsprotocol import types

from .open_documents import OpenDocument


def range_of(opened: OpenDocument, start: int, end: int) -> types.Range:
    """The `Range` of two offsets."""
    first, last = opened.positions.place(start), opened.positions.place(end)
    return types.Range(types.Position(*first), types.Position(*last))
