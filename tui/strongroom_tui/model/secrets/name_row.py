"""Hold one line of the Secrets list.

The line is an entry, or a missing name that connectors use.
"""

from typing import TYPE_CHECKING, NamedTuple, Protocol

from strongroom.names import Kind

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved


class EntryLike(Protocol):
    """Hold what the store gives of one entry without a key."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def note(self) -> str: ...
    @property
    def expires(self) -> str: ...
    @property
    def value(self) -> str | None: ...
    @property
    def changed(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def tag(self) -> bytes: ...


class NameRow(NamedTuple):
    """Hold one line of the list: an entry, or a missing name that connectors use."""

    name: str
    kind: Kind
    value: str | None = None
    note: str = ""
    expires: str = ""
    changed: str = ""
    version: int = 0
    tag: bytes = b""
    uses: tuple[str, ...] = ()
    missing: bool = False

    def seen(self) -> "Saved":
        """Return the state that a write compares with."""
        from strongroom.store.rows.expected import Saved

        return Saved(self.name, self.version, self.note, self.expires, self.tag)

    def as_now(self, entry: EntryLike) -> "NameRow":
        """Return the row of the same name as the vault has it now."""
        return self._replace(
            note=entry.note,
            expires=entry.expires,
            changed=entry.changed,
            version=entry.version,
            tag=entry.tag,
            value=entry.value,
        )
