"""Define what an engine has to do to hold a community's secrets and variables.

An engine is one class with these methods. `tests/core/backends` has the suite that each of them passes.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from strongroom.names import Kind
from strongroom.store.rows.history import Version
from strongroom.store.rows.listing import Entry
from strongroom.values.secret_value import SecretValue

ABSENT: Final = b""
"""The tag that a write expects where the name is to be free.

A deleted name is free.
"""

UNKNOWN: Final = b"?"
"""The tag of an entry of which only the name is known.

A write that expects it is refused, because nobody can say that the entry is as the caller saw it.
"""


class Held(NamedTuple):
    """Hold one entry with its value.

    The `value` of `entry` is that of a variable, as in a list.
    """

    entry: Entry
    value: SecretValue


class Put(NamedTuple):
    """Hold one write. None leaves a part as it is; a new entry needs a value."""

    name: str
    kind: Kind
    value: SecretValue | None = None
    note: str | None = None
    expires: str | None = None


class Backend(Protocol):
    """Hold the secrets and variables of one community.

    The state of an entry is its tag (`Entry.tag`), another one after any change. A write with `expected` happens only
    if the entry has that tag, and raises `EntryChanged` otherwise. The tag of a deleted entry expects that deletion,
    `ABSENT` a free name, and None nothing.

    Every method raises `BackendError` where the engine does not answer or refuses. It may be called from any thread.
    """

    @property
    def community(self) -> str:
        """Return the name of the community."""

    @property
    def place(self) -> str:
        """Return the engine and its address, in words."""

    def names(self, *, are_deleted: bool = False) -> Sequence[Entry]:
        """Return what the community holds, by name.

        With `are_deleted`, these are the deleted entries that are kept. Their `changed` is the time of the
        deletion, their `version` the last that holds a value. An engine that only gives names leaves the rest
        empty, and the tag is `UNKNOWN`. Variables need not have their values.
        """

    def get(self, name: str, version: int | None = None) -> Held:
        """Return the current entry, or with the value of an earlier `version`.

        Of a deleted entry, a version has to be named. Raises `UnknownName`.
        """

    def put(self, put: Put, expected: bytes | None = None) -> Entry:
        """Write an entry, and return it as it is then.

        Raises `EntryChanged`, `DuplicateName` for a name of the other kind, and what `Vault.add` raises for names and
        values that no engine keeps.
        """

    def delete(self, name: str, expected: bytes | None = None, *, for_good: bool = False) -> Entry:
        """Delete an entry, and return it as `names(are_deleted=True)` has it.

        With `for_good`, everything that the engine has of a name is removed, the deleted entry too. Raises
        `UnknownName` or `EntryChanged`.
        """

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions that are kept, newest first. Raises `UnknownName`."""

    def watch(self) -> str:
        """Return a text that changes with the community.

        Costs a request, so it is asked every few seconds at most.
        """

    def close(self) -> None:
        """Let the connection go."""
