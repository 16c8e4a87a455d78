"""Which files hold test cases. A module of its own, as every message asks, and the rest is only for them."""

from typing import Final

SUFFIX: Final = ".tests.toml"
"""As `strongroom.testcases.keys` has it; a test compares the two."""


def is_case_file(name: object) -> bool:
    """Whether a path or uri names a file of test cases."""
    return isinstance(name, str) and name.endswith(SUFFIX)
