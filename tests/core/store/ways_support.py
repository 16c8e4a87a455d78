"""Make a vault that opens in two ways."""

from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.store.keys.ways import Passphrase, Way
from strongroom.store.vault import Vault

MakePassphrase = Callable[[str], Passphrase]


def opens(path: Path, *ways: Way) -> bool:
    with Vault.unlock(path, ways) as vault:
        return vault.get("prod", "api_key").reveal() == "inside"


class Untouched(Passphrase):
    """A passphrase that must not be asked for."""

    def __init__(self) -> None:
        super().__init__(lambda: pytest.fail("the passphrase was asked for"))
