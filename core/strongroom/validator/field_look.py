"""Whether a standard connector is in order, field by field.

Connectors differ from one another, and are put together from fields that do not: the same headers, the same
authentication, templates that differ in a name. What the rules find in a field depends on that field, and at most on
the one that belongs to it (`_BESIDE`); of headers and query parameters on a row, and on whether two rows have one
key. So of a connector only those fields are looked at that are like none before.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from strongroom.validator.likeness import Likenesses

_MOST: Final = 20_000
"""How many fields are remembered. Past it all are forgotten: long sessions must not grow without end."""

_NEUTRAL: Final = {"name": "A", "url": "https://a.example/x"}
"""A connector in which no rule has anything to find."""
_BESIDE: Final = {"url": "path_parameters", "method": "request_body"}
"""Field -> the one that rules look at beside it."""
_LEADERS: Final = {follower: leader for leader, follower in _BESIDE.items()}
_ROWS: Final = ("headers", "query_parameters")

_Key = tuple[object, ...]
_Look = Callable[[dict[str, Any]], bool]
"""Whether the rules find nothing in a connector with these data."""


class _Unknown(NamedTuple):
    """Fields of which nothing is known, and what to remember them by."""

    keys: tuple[_Key, ...]
    members: dict[str, Any]


class FieldLook:
    """What was found in fields, for one list of names and one choice of rules."""

    __slots__ = ("_likenesses", "_verdicts")

    def __init__(self, likenesses: Likenesses) -> None:
        self._likenesses = likenesses
        # Whether a field is in order, by the field and by what it has in common with others.
        self._verdicts: dict[_Key, bool] = {}

    def finds_nothing(self, data: dict[str, Any], look: _Look) -> bool:
        """Whether the rules find nothing in the connector that sound JSON decoded to; `look` runs them."""
        if not data.keys() >= _NEUTRAL.keys():
            return False
        known = self._verdicts
        unknown: list[_Unknown] = []
        for field, value in data.items():
            if field in _ROWS and type(value) is list:
                if not self._rows_may_be_silent(field, value, unknown):
                    return False
                continue
            follower = _BESIDE.get(field)
            if follower is not None and follower in data:
                key: _Key = (field, _spelt(value), _spelt(data[follower]))
            elif _LEADERS.get(field) in data:
                continue
            else:
                key = (field, _spelt(value))
            found = known.get(key)
            if found is None:
                members = {field: value}
                if follower is not None and follower in data:
                    members[follower] = data[follower]
                found = self._of_its_like(key, members, unknown)
            if not found:
                return False
        return not unknown or self._look_at(unknown, look)

    def _rows_may_be_silent(self, field: str, rows: list[Any], unknown: list[_Unknown]) -> bool:
        """False where something is found in a row, or in two together."""
        known = self._verdicts
        names = []
        for row in rows:
            if type(row) is not dict:
                return False
            key = (field, repr(row), "row")
            found = known.get(key)
            if found is None:
                found = self._of_its_like(key, {field: [row]}, unknown)
            if not found:
                return False
            name = row.get("key")
            if type(name) is str:
                names.append(name)
        return len(set(names)) == len(names)

    def _of_its_like(self, key: _Key, members: dict[str, Any], unknown: list[_Unknown]) -> bool:
        """What was found in fields that are like these. True where there were none: then they are `unknown`."""
        like = self._like(members)
        if like is None:
            unknown.append(_Unknown((key,), members))
            return True
        found = self._verdicts.get(like)
        if found is None:
            unknown.append(_Unknown((key, like), members))
            return True
        self._remember((key,), found)
        return found

    def _like(self, members: dict[str, Any]) -> _Key | None:
        parts: list[object] = [_LIKE]
        for field, value in members.items():
            # The keys of path parameters are those that the URL asks for: their very letters count.
            is_exact = field == "path_parameters"
            part = (repr(value),) if is_exact else self._likenesses.of_field(field, value)
            if part is None:
                return None
            parts += (field, part)
        return tuple(parts)

    def _look_at(self, unknown: list[_Unknown], look: _Look) -> bool:
        """Look at all of them at once, for most are in order; one by one where one is not."""
        if look(_together(unknown)):
            for each in unknown:
                self._remember(each.keys, True)
            return True
        for each in unknown:
            self._remember(each.keys, len(unknown) > 1 and look(_together([each])))
        return False

    def _remember(self, keys: tuple[_Key, ...], found: bool) -> None:
        if len(self._verdicts) >= _MOST:
            self._verdicts.clear()
        for key in keys:
            self._verdicts[key] = found


_LIKE: Final = object()
"""Begins what fields have in common with others."""


def _together(unknown: list[_Unknown]) -> dict[str, Any]:
    """A connector that has these fields, and nothing else to find."""
    data: dict[str, Any] = dict(_NEUTRAL)
    for _, members in unknown:
        for field, value in members.items():
            is_row = field in _ROWS and type(value) is list
            data[field] = [*data.get(field, ()), *value] if is_row else value
    return data


def _spelt(value: Any) -> object:
    """A text, or what tells other decoded JSON apart (1 from 1.0 and from True): Python's spelling of it."""
    return value if type(value) is str else (repr(value),)
