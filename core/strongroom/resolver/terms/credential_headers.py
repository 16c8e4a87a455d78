"""Find by its name that a header holds a credential."""

import re
from typing import Final

_NAMES: Final = re.compile(r"cookie|authorization|authentication-info|token|secret|api-?key", re.IGNORECASE)


def holds_credential(header: str) -> bool:
    """Return True if a header of this name holds a cookie, a token or a key.

    The connector or the API may have made it.
    """
    return _NAMES.search(header) is not None
