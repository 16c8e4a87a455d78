"""Convert the client's JSON to the types of lsprotocol, and back."""

from collections.abc import Callable
from typing import Any, Final

from cattrs import Converter
from lsprotocol.converters import get_converter


def converter() -> Converter:
    """Return lsprotocol's converter, which refuses numbers for texts and the other way round.

    By itself it makes the text "None" of null, and the number 1 of "1": a document whose text is missing would hold
    "None".
    """
    found = get_converter()
    found.register_structure_hook(str, _strict(str))
    found.register_structure_hook(int, _strict(int))
    return found


def _strict(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{value!r:.40} is not a {kind.__name__}")
        return value

    return structure


CONVERTER: Final = converter()
