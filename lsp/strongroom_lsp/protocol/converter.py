"""Convert the client's JSON to the types of lsprotocol, and back."""

from enum import Enum
from typing import Any, Final

from cattrs import Converter
from lsprotocol.converters import get_converter


def make_converter() -> Converter:
    """Return lsprotocol's converter, which refuses numbers for texts and the other way round.

    By itself it makes the text "None" of null, and the number 1 of "1": a document whose text is missing would hold
    "None".
    """
    found = get_converter()
    found.register_structure_hook(str, _exactly)
    found.register_structure_hook(int, _exactly)
    return found


def _exactly(data: Any, kind: type[Any]) -> Any:
    if issubclass(kind, Enum):  # cattrs takes the hook of `int` for every enum of numbers as well
        return kind(data)
    if type(data) is not kind:
        raise TypeError(f"{type(data).__name__} is not {kind.__name__}")
    return data


CONVERTER: Final = make_converter()
