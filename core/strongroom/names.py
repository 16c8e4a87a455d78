"""Hold the names that are known without any key.

`check` and the language server see only these. A `Names` says which secrets and variables one community has,
and if that list is complete. It never holds a secret's value. Kept free of `dataclasses`: this module is on
the start-up path of `strongroom check`.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """List the kinds of an entry (PLATFORM §1).

    The kind of a name cannot change after creation.
    """

    SECRET = "secret"  # noqa: S105 - the word for the kind, not a password
    VARIABLE = "variable"

    @property
    def function(self) -> str:
        """Return the template function that reads this kind."""
        return f"get_{self.value}"


class Knowledge(Enum):
    """Say how complete a list of names is."""

    NONE = "none"  # no list anywhere: stay silent about unknown names, say once where a list was looked for
    PARTIAL = "partial"  # complete from it, never warn
    COMPLETE = "complete"  # strict


class Name(NamedTuple):
    """Hold one secret or variable, without a secret's value.

    `value` is a variable's plain text and always None for a secret. `expires` is an ISO 8601 date or empty.
    """

    name: str
    kind: Kind
    note: str = ""
    expires: str = ""
    value: str | None = None


class Names(NamedTuple):
    """Hold the names of one community, and how far the list can be trusted.

    `source` says in words where the list came from ("the vault", "names.json"); `looked` lists the places that were
    tried, for the hint that is shown when nothing was found. `others` holds the lists of the other communities, for
    "known in staging, missing in production".
    """

    knowledge: Knowledge
    by_name: Mapping[str, Name] = {}
    community: str = ""
    source: str = ""
    looked: tuple[str, ...] = ()
    others: tuple["Names", ...] = ()

    def get(self, name: str) -> Name | None:
        """Return the entry of exactly this name (names are case-sensitive), or None."""
        return self.by_name.get(name)


NO_NAMES = Names(Knowledge.NONE)
"""Nothing is known: rules about unknown names stay silent."""
