"""Define what a face may do with the secrets that are open, wherever they are.

`Vault` does it with its file. An engine of a team does it with one community (`strongroom.backends.shared_vault`).
"""

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from strongroom.names import Kind
from strongroom.store.rows.listing import Entry
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.store.rows.concerns import Concern
    from strongroom.store.rows.expected import Saved
    from strongroom.store.rows.history import Deleted, Version
    from strongroom.store.rows.many import AuditSource, EntryWithValue, Save


class OpenStore(Protocol):
    """Give out and change the entries of communities.

    Each method is described at `Vault`.
    """

    @property
    def path(self) -> str:
        """Return the vault's file, or a text that only the place of this engine has."""

    @property
    def warnings(self) -> "Sequence[Concern]": ...
    @property
    def notices(self) -> Sequence[str]: ...
    def communities(self) -> tuple[str, ...]: ...
    def current_community(self) -> str | None: ...
    def entries(self, community: str) -> tuple[Entry, ...]: ...
    def find(self, community: str, name: str) -> Entry | None: ...
    def get(self, community: str, name: str) -> SecretValue: ...
    def variable(self, community: str, name: str) -> str: ...
    def read_all(self, community: str) -> "dict[str, EntryWithValue]": ...
    def save_many(
        self, community: str, saves: "Sequence[Save]", source: "AuditSource | None" = None
    ) -> "list[Saved]": ...
    def add(  # noqa: PLR0917
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str = "", expires: str = ""
    ) -> "Saved": ...
    def set(
        self,
        community: str,
        name: str,
        value: SecretValue | None = None,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> "Saved": ...
    def rename(self, community: str, old: str, new: str, *, expected: bytes | None = None) -> "Saved": ...
    def delete(self, community: str, name: str, *, expected: bytes | None = None) -> "Saved": ...
    def history(self, community: str, name: str) -> "tuple[Version, ...]": ...
    def get_version(self, community: str, name: str, number: int) -> SecretValue: ...
    def restore(
        self,
        community: str,
        name: str,
        number: int,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> "Saved": ...
    def deleted(self, community: str) -> "tuple[Deleted, ...]": ...
    def undelete(self, community: str, name: str, *, expected: bytes | None = None) -> "Saved": ...
    def purge(
        self, community: str, name: str, *, live: bool = False, expected: bytes | None = None
    ) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
