"""Wrap a secret's value so that it cannot be shown by accident."""

from typing import Final, NoReturn

MASK: Final = "••••••••"
"""The text that is shown for any value.

Its width is fixed, because a mask as long as the value would give away the value's length.
"""


class SecretValue:
    """Hold the text of a secret.

    Only `reveal()` gives it; every other way of showing it gives the mask.

    Formatting, `repr`, `str` and exceptions show `MASK`, and pickling or copying into another process is refused, so
    that a value cannot reach a log, a traceback, a cache or a child's memory unnoticed.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """Return the value itself.

        Call it as late as possible and keep the result nowhere.
        """
        return self.__text

    def hint(self) -> str:
        """Return the platform's masked form: the first character and a mask (PLATFORM §1).

        The mask has a fixed width. A first character that would break a line or move the cursor is left out.
        """
        first = self.__text[:1]
        return (first if first.isprintable() else "") + MASK

    def __repr__(self) -> str:
        return f"SecretValue({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretValue):
            return NotImplemented
        # Imported late: comparing is rare, and `check` must not pay for hmac.
        from hmac import compare_digest

        mine, theirs = (value.__text.encode("utf-8", "surrogatepass") for value in (self, other))
        return compare_digest(mine, theirs)

    def __hash__(self) -> int:
        raise TypeError("a SecretValue cannot be a key: its hash would outlive it")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a SecretValue does not leave its process: it cannot be pickled or copied")
