"""Check the values for `{{ pathParams.X }}` before a call (PLATFORM §6)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from strongroom.resolver.terms.failures import (
    INVALID_PATH,
    MISSING_PATH,
    Failure,
    misconfigured,
    path_parameters,
)
from strongroom.text.phrases import joined

_VALUE: Final = re.compile(r"[A-Za-z0-9._~-]{1,200}", re.ASCII)
"""The pattern of 1 to 200 characters of letters, digits and `. _ ~ -`.

A value of dots is refused besides.
"""

_LONGEST_TOGETHER: Final = 4096
"""The most characters of all path parameters of one call, URL-encoded in the header X-Path-Params."""


def is_valid(value: str) -> bool:
    """Return True if the platform would put this value into a URL."""
    return _VALUE.fullmatch(value) is not None and value != "." and ".." not in value


def chosen(rows: Any, given: Mapping[str, str], used: Sequence[str]) -> tuple[dict[str, str], Failure | None]:
    """Return the values for the URL, and the first failure.

    A value can be not declared, missing or invalid, looked for in that order. A row that the URL does not use
    needs no value. A row's own `value` counts unless the row is `overridable`; a row without a value takes
    the caller's.
    """
    declared: dict[str, str | None] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and isinstance(row.get("key"), str):
            own = row.get("value")
            key = row["key"]
            fixed = own not in (None, "") and row.get("overridable") is not True
            declared[key] = str(own) if fixed else given.get(key, None if own in (None, "") else str(own))
    undeclared = [name for name in used if name not in declared]
    values = {key: value for key, value in declared.items() if value is not None}
    if undeclared:
        names = ", ".join(f"pathParams.{name}" for name in undeclared)
        return values, misconfigured(f"the URL uses {names}, which path_parameters does not declare.")
    missing = [name for name in used if not values.get(name)]
    if missing:
        return values, path_parameters(MISSING_PATH, missing, f"no value was given for {_named(missing)}.")
    invalid = [key for key, value in values.items() if not is_valid(value)]
    if invalid:
        reason = (
            f"{_named(invalid)} must be 1 to 200 characters of letters, digits and . _ ~ -, "
            "must not be a single dot, and must not contain two dots in a row."
        )
        return values, path_parameters(INVALID_PATH, invalid, reason)
    size = len(urlencode(given, errors="replace"))
    if size > _LONGEST_TOGETHER:
        reason = (
            f"the path parameters of this call are {size} characters together, URL-encoded, and at most "
            f"{_LONGEST_TOGETHER} are sent."
        )
        return values, path_parameters(INVALID_PATH, list(given), reason)
    return values, None


def _named(names: Sequence[str]) -> str:
    return ("the path parameter " if len(names) == 1 else "the path parameters ") + joined(names)
