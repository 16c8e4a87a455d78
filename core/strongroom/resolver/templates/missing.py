"""Render a name that the community does not have (PLATFORM §3).

The result is the expression's own text, or a default. Imported only together with the template engine.
"""

from collections.abc import Callable
from typing import Any

from jinja2.filters import do_default
from jinja2.tests import test_defined


class MissingText(str):
    """Hold the text of an expression that did not resolve.

    For `default` and `is defined` it is missing, for all others a text like any other.
    """

    __slots__ = ("_fall_back",)

    _fall_back: Callable[[], None]

    def __new__(cls, text: str, fall_back: Callable[[], None]) -> "MissingText":
        """Return the text. `fall_back` is called once, when a default takes its place."""
        made = super().__new__(cls, text)
        made._fall_back = fall_back
        return made

    def fall_back(self) -> None:
        """Tell that a default was taken."""
        self._fall_back()
        self._fall_back = _nothing


def _nothing() -> None:
    return None


def default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    """Return Jinja2's own `default`, to which a missing name is undefined."""
    if isinstance(value, MissingText):
        value.fall_back()
        return default_value
    return do_default(value, default_value, boolean)


def is_defined(value: Any) -> bool:
    """Return Jinja2's own `is defined`, to which a missing name is undefined."""
    return test_defined(value) and not isinstance(value, MissingText)


def is_undefined(value: Any) -> bool:
    """Return the opposite of `is_defined`."""
    return not is_defined(value)
