"""Compile regular expressions when they are first used.

Compiling all that the rules may need takes a fifth of the start of `strongroom check`, and most files need
few.
"""

import re
from typing import Any, cast


class _Expression:
    """Stand in for a compiled expression, and take over its methods on demand."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Called only for a method that is not here yet. `re` keeps the compiled expression.
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return an expression that is compiled at its first use.

    A mistake in the pattern shows only then.
    """
    return cast("re.Pattern[str]", _Expression(pattern, int(flags)))
