"""Give the names of a community from its engine, or as they were read last."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from strongroom.backends.errors import BackendError
from strongroom.backends.names_cache import cached_age, read_cached
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import UNKNOWN
from strongroom.backends.shared_vault import SharedVault
from strongroom.names import Names
from strongroom.store.rows.listing import Entry


class NamesOnly:
    """Give the names of a community from its engine, or as they were read last.

    If the engine does not give the names, `tell` gets a sentence with the reason and their age.
    """

    def __init__(self, vault: SharedVault, tell: Callable[[str], object]) -> None:
        self._vault = vault
        self._tell = tell

    def communities(self) -> tuple[str, ...]:
        """Return the one community."""
        return self._vault.communities()

    def current_community(self) -> str | None:
        """Return the one community."""
        return self._vault.current_community()

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Return the entries, with the values of the variables that the token may read."""
        try:
            return self._vault.entries(community)
        except BackendError as error:
            self._tell_age(error)
            return cached_entries(self._vault.place)

    def names(self, community: str) -> Names:
        """Return the names of the community. No value is read."""
        try:
            return self._vault.names(community)
        except BackendError as error:
            self._tell_age(error)
            return read_cached(self._vault.place)

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name, or None."""
        try:
            return self._vault.find(community, name)
        except BackendError as error:
            self._tell_age(error)
            found = cached_entries(self._vault.place)
            return next((entry for entry in found if entry.name == name), None)

    def _tell_age(self, error: BackendError) -> None:
        """Tell that the names are old. Raises `error` if they were never read."""
        age = cached_age(self._vault.place)
        if not age:
            raise error
        self._tell(f"{error.message} These names were read {age}.")

    def close(self) -> None:
        """Let the engine go."""
        self._vault.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def cached_entries(place: EnginePlace) -> tuple[Entry, ...]:
    """Return the names that were read last as entries, whose other fields are empty."""
    kept = read_cached(place).by_name.values()
    return tuple(Entry(*one[:4], None, "", "", 0, UNKNOWN) for one in kept)
