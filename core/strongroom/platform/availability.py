"""Hold the table of functions and names that exist in each field (PLATFORM §2).

Standard connectors and composite steps have a table each. Rules, completion, hover, the resolver and the
documentation read them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from strongroom.platform.places import FieldPlace


class AvailabilityRow(NamedTuple):
    """Hold one symbol, the places in which it resolves, and the source of the row."""

    symbol: str
    places: frozenset[FieldPlace]
    source: str


_U, _H, _Q, _A = FieldPlace.URL, FieldPlace.HEADER, FieldPlace.QUERY, FieldPlace.AUTH
_REQ, _RES = FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY
_CONTROL = frozenset({_H, _Q, _A})
_ALL = frozenset(FieldPlace)
_NOWHERE: frozenset[FieldPlace] = frozenset()
_STANDARD = "PLATFORM §2, standard connector"
_COMPOSITE = "PLATFORM §2, composite connector step"


def _table(*rows: AvailabilityRow) -> Mapping[str, AvailabilityRow]:
    return {row.symbol: row for row in rows}


STANDARD: Final = _table(
    AvailabilityRow("get_secret", _CONTROL, _STANDARD),
    AvailabilityRow("get_variable", _CONTROL | {_U}, _STANDARD),
    AvailabilityRow("jwt_encode", _ALL - {_RES}, _STANDARD),
    AvailabilityRow("now", _ALL, _STANDARD),
    AvailabilityRow("user", _ALL, _STANDARD),
    AvailabilityRow("tenant_id", _ALL, _STANDARD),
    AvailabilityRow("pathParams", frozenset({_U}), _STANDARD),
    AvailabilityRow("body_text", frozenset({_REQ}), _STANDARD),
    AvailabilityRow("body_raw", frozenset({_REQ}), _STANDARD),
    AvailabilityRow("response", frozenset({_RES}), _STANDARD),
    AvailabilityRow("steps", _NOWHERE, "PLATFORM §2: only composite steps see earlier steps"),
    AvailabilityRow("request", _NOWHERE, "PLATFORM §2: only composite steps see request"),
)
"""Standard connectors: a symbol, and the places in which it resolves."""

COMPOSITE: Final = _table(
    AvailabilityRow("get_secret", _CONTROL, _COMPOSITE),
    AvailabilityRow("get_variable", _ALL, _COMPOSITE),
    AvailabilityRow("jwt_encode", _ALL - {_RES}, _COMPOSITE),
    AvailabilityRow("now", _ALL, _COMPOSITE),
    AvailabilityRow("user", _ALL, _COMPOSITE),
    AvailabilityRow("tenant_id", _ALL, _COMPOSITE),
    AvailabilityRow("steps", _ALL, _COMPOSITE),
    AvailabilityRow("request", _ALL, _COMPOSITE),
    AvailabilityRow("response", frozenset({_RES}), _COMPOSITE),
    AvailabilityRow("pathParams", _NOWHERE, "PLATFORM §4: path_parameters are not allowed on composites"),
    AvailabilityRow("body_text", _NOWHERE, "PLATFORM §2: request.* replaces the bare body_text"),
    AvailabilityRow("body_raw", _NOWHERE, "PLATFORM §2: request.* replaces the bare body_raw"),
)
"""Steps of composite connectors: the same symbols in one shared context."""

SYMBOLS: Final = tuple(STANDARD)
"""Every function and context name of the platform, in the table's order."""


def is_available(symbol: str, place: FieldPlace, *, in_composite: bool = False) -> bool:
    """Return True if `symbol` resolves in `place`.

    A symbol that the platform does not know resolves nowhere.
    """
    row = (COMPOSITE if in_composite else STANDARD).get(symbol)
    return row is not None and place in row.places


def places_of(symbol: str, *, in_composite: bool = False) -> tuple[FieldPlace, ...]:
    """Return the places, if any, in which `symbol` resolves, in the table's order."""
    row = (COMPOSITE if in_composite else STANDARD).get(symbol)
    return tuple(place for place in FieldPlace if row is not None and place in row.places)


def symbols_in(place: FieldPlace, *, in_composite: bool = False) -> tuple[str, ...]:
    """Return the functions and context names that resolve in `place`, for completion."""
    table = COMPOSITE if in_composite else STANDARD
    return tuple(row.symbol for row in table.values() if place in row.places)


def places_in_words(symbol: str, *, in_composite: bool = False) -> str:
    """Return the places of `symbol` as a clause: "headers and authentication"."""
    words = [place.value for place in places_of(symbol, in_composite=in_composite)]
    if len(words) < 2:
        return words[0] if words else "no field"
    return f"{', '.join(words[:-1])} and {words[-1]}"
