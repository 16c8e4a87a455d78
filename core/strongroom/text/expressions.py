"""Regular expressions that are compiled when they are first used.

Compiling all that the rules may need took a fifth of the start of `strongroom check`, and most files need few.
"""

import re
from typing import Any, cast


class _Expression:
    """Becomes like the compiled expression as its methods are asked for, one by one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Only asked about what is not here yet; `re` keeps what it compiled.
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The same as `re.compile`, later: a mistake in the pattern shows when it is first used."""
    return cast("re.Pattern[str]", _Expression(pattern, int(flags)))
