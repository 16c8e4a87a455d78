"""Tell files of test cases by their name.

It is a module of its own, because every message asks, and the other modules on test cases are imported for such files
only.
"""

from typing import Final

SUFFIX: Final = ".tests.toml"
"""The same as in `strongroom.testcases.keys`. A test compares the two."""


def is_case_file(name: object) -> bool:
    """Return True if a path or uri names a file of test cases."""
    return isinstance(name, str) and name.endswith(SUFFIX)
