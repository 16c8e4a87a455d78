"""JSON values without places: what a sound connector says, made from its decoded data.

That takes a small part of the time that reading it with places does. Most connectors are in order, and whoever
finds nothing in one never needs a place. Whoever does need one has something to say: then `PlaceAsked` ends the
look, and the connector is read with places.
"""

from typing import Any, Final, NoReturn

from strongroom.document.json_values import StringValue, Value, ValueKind

_MOST: Final = 50_000
"""Texts that are kept. Past it all are forgotten: long sessions must not grow without end."""

_KINDS: Final[dict[type, ValueKind]] = {
    int: "number",
    float: "number",
    bool: "literal",
    type(None): "literal",
}


class PlaceAsked(Exception):  # noqa: N818 -- no error: it says that there is more to do
    """Somebody asked where a plain value stands."""


class PlainValue(Value):
    """A value that is not a string."""

    __slots__ = ()

    def __init__(self, kind: ValueKind, data: Any) -> None:
        # Not by super(): it would say where the value stands.
        self.kind = kind
        self.data = data
        self.members = []
        self.items = []

    def __getattr__(self, name: str) -> NoReturn:
        # Only asked about what was never set: `start` and `end`.
        raise PlaceAsked(name)


class PlainString(StringValue):
    """A string or a key."""

    __slots__ = ()

    def __init__(self, data: str) -> None:
        self.kind = "string"
        self.data = data
        self.members = []
        self.items = []
        self.is_damaged = False
        self.template = None

    def __getattr__(self, name: str) -> NoReturn:
        raise PlaceAsked(name)

    def to_source(self, offset: int) -> int:
        """The same offset: where the parts of a template stand in it may be asked."""
        return offset

    def from_source(self, offset: int) -> int:
        """The same offset."""
        return offset


class PlainValues:
    """Makes plain values. Equal texts are one value, so that a template that stands in many places is parsed once."""

    __slots__ = ("_strings",)

    def __init__(self) -> None:
        self._strings: dict[str, PlainString] = {}

    def of(self, data: Any) -> Value:
        """The value of decoded JSON that is nested no deeper than `json_reader.MAX_DEPTH`."""
        if type(data) is str:
            return self._string(data)
        if type(data) is dict:
            value = PlainValue("object", data)
            of, string = self.of, self._string
            value.members = [(string(key), of(member)) for key, member in data.items()]
            return value
        if type(data) is list:
            value = PlainValue("array", data)
            of = self.of
            value.items = [of(item) for item in data]
            return value
        return PlainValue(_KINDS[type(data)], data)

    def _string(self, text: str) -> PlainString:
        found = self._strings.get(text)
        if found is None:
            if len(self._strings) >= _MOST:
                self._strings.clear()
            found = self._strings[text] = PlainString(text)
        return found
