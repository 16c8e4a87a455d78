"""Search texts by the regular expressions of a test file, within a time limit.

The standard library's search cannot be stopped, and `(a+)+$` takes longer than anybody waits. The library is imported
when the first pattern is compiled, not here.
"""

from functools import lru_cache
from typing import Any, Final

SECONDS: Final = 2.0
"""The seconds that one search may take."""


class BadPattern(Exception):  # noqa: N818 - a plain name for the failure
    """Refuse a regular expression that is not valid.

    The text is the reason, in one clause.
    """


class PatternTooSlow(Exception):  # noqa: N818 - a plain name for the failure
    """Report a search that was stopped at its limit."""

    def __init__(self) -> None:
        super().__init__(f"the pattern took more than {SECONDS:g} seconds; make it simpler")


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import regex

    try:
        return regex.compile(pattern, regex.VERSION0)
    except (regex.error, RecursionError, OverflowError) as error:
        reason = getattr(error, "msg", None) or "it is too large"
    raise BadPattern(reason)


def check_pattern(pattern: str) -> None:
    """Raise BadPattern if `pattern` is not a regular expression."""
    _compiled(pattern)


def occurs(pattern: str, text: str) -> bool:
    """Return True if the pattern is found in the text.

    Raises BadPattern and PatternTooSlow.
    """
    return _limited(_compiled(pattern).search, text)


def covers(pattern: str, text: str) -> bool:
    """Return True if the pattern matches the whole text.

    Raises BadPattern and PatternTooSlow.
    """
    return _limited(_compiled(pattern).fullmatch, text)


def _limited(search: Any, text: str) -> bool:
    try:
        # Without the interpreter's lock: a screen or an event loop goes on meanwhile.
        return search(text, timeout=SECONDS, concurrent=True) is not None
    except TimeoutError:
        pass
    raise PatternTooSlow


def from_iregexp(pattern: str) -> str:
    """Return the pattern of RFC 9485 in the library's notation.

    Its dot matches no line break at all.
    """
    parts, is_escaped, is_class = [], False, False
    for character in pattern:
        is_dot = character == "." and not is_escaped and not is_class
        parts.append(r"[^\n\r]" if is_dot else character)
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        else:
            is_class = (is_class or character == "[") and character != "]"
    return "".join(parts)
