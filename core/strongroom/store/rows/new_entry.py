"""The row type of an entry that is about to be added."""

from typing import NamedTuple

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue


class NewEntry(NamedTuple):
    """One secret or variable for `Vault.add_many`."""

    name: str
    kind: Kind
    value: SecretValue
    note: str = ""
    expires: str = ""
