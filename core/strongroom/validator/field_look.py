"""Whether a standard connector is in order, field by field.

Connectors differ from one another, and are put together from fields that do not: the same headers, the same
authentication, templates that differ in a name. What the rules find in a field depends on that field, and at most on
the one that belongs to it (`_BESIDE`); of headers and query parameters on a row, and on whether two rows have one
key. So of a connector only those fields are looked at that are like none in which nothing was found.
"""

from collections.abc import Callable
from typing import Any, Final

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


class FieldLook:
    """The fields in which nothing was found, for one list of names and one choice of rules."""

    __slots__ = ("_likenesses", "_silent")

    def __init__(self, likenesses: Likenesses) -> None:
        self._likenesses = likenesses
        self._silent: set[_Key] = set()

    def finds_nothing(self, data: dict[str, Any], look: _Look) -> bool:
        """Whether the rules find nothing in the connector that sound JSON decoded to; `look` runs them."""
        if not data.keys() >= _NEUTRAL.keys():
            return False
        silent = self._silent
        new: dict[str, Any] = {}
        learnt: list[_Key] = []
        for field, value in data.items():
            if field in _ROWS and type(value) is list:
                rows = self._new_rows(field, value, learnt)
                if rows is None:
                    return False
                if rows:
                    new[field] = rows
                continue
            follower = _BESIDE.get(field)
            if follower is not None and follower in data:
                key: _Key = (field, _spelt(value), _spelt(data[follower]))
                if key not in silent and not self._is_alike(
                    key, ((field, value), (follower, data[follower])), learnt
                ):
                    new[field], new[follower] = value, data[follower]
            elif _LEADERS.get(field) not in data:
                key = (field, _spelt(value))
                if key not in silent and not self._is_alike(key, ((field, value),), learnt):
                    new[field] = value
        if new and not look({**_NEUTRAL, **new}):
            return False
        if learnt:
            self._remember(learnt)
        return True

    def _new_rows(self, field: str, rows: list[Any], learnt: list[_Key]) -> list[Any] | None:
        """The rows that are like none that is known. None where the whole list must be looked at."""
        silent = self._silent
        new = []
        names = []
        for row in rows:
            if type(row) is not dict:
                return None
            key = (field, repr(row), "row")
            if key not in silent and not self._is_alike(key, ((field, row),), learnt):
                new.append(row)
            name = row.get("key")
            if type(name) is str:
                names.append(name)
        return new if len(set(names)) == len(names) else None

    def _is_alike(self, key: _Key, members: tuple[tuple[str, Any], ...], learnt: list[_Key]) -> bool:
        """Whether some fields are like others that are known. Adds to `learnt` what is so, or may turn out to be."""
        learnt.append(key)
        like = self._like(members)
        if like is None:
            return False
        if like in self._silent:
            return True
        learnt.append(like)
        return False

    def _like(self, members: tuple[tuple[str, Any], ...]) -> _Key | None:
        parts: list[object] = [_LIKE]
        for field, value in members:
            # The keys of path parameters are those that the URL asks for: their very letters count.
            is_exact = field == "path_parameters"
            part = (repr(value),) if is_exact else self._likenesses.of_field(field, value)
            if part is None:
                return None
            parts += (field, part)
        return tuple(parts)

    def _remember(self, learnt: list[_Key]) -> None:
        if len(self._silent) >= _MOST:
            self._silent.clear()
        self._silent.update(learnt)


_LIKE: Final = object()
"""Begins what is like more than one value."""


def _spelt(value: Any) -> object:
    """A text, or what tells other decoded JSON apart (1 from 1.0 and from True): Python's spelling of it."""
    return value if type(value) is str else (repr(value),)
