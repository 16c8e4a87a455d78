"""Name the states of the vault's file, and hold its names at one moment."""

from enum import Enum
from typing import NamedTuple

from strongroom.store.rows.listing import Entry


class VaultState(Enum):
    """Name a state of the vault, with the top line's sign, word and style."""

    UNKNOWN = ("…", "reading", "muted")
    NEVER = ("–", "no vault", "warn")
    GONE = ("✗", "vault gone", "bad")
    LOCKED = ("○", "locked", "muted")
    UNLOCKED = ("●", "unlocked", "good")
    UNREADABLE = ("✗", "unreadable", "bad")

    @property
    def label(self) -> tuple[str, str]:
        """Return the text and the style's name."""
        sign, word, style = self.value
        return f"{sign} {word}", style

    @property
    def is_absent(self) -> bool:
        """Return True if the vault has no file."""
        return self in (VaultState.NEVER, VaultState.GONE)

    @property
    def is_there(self) -> bool:
        """Return True if names can be read."""
        return self in (VaultState.LOCKED, VaultState.UNLOCKED)


class VaultFingerprint(NamedTuple):
    """Differ after any process changed, removed or replaced the vault."""

    presence: VaultState
    """State of the vault's file.

    NEVER is for a missing file, LOCKED for one that can be read, UNREADABLE for one with the `problem`.
    """
    file: tuple[int, int] = (0, 0)
    counter: int = 0
    problem: str = ""


class Snapshot(NamedTuple):
    """Hold what screens show of the vault at one moment, without a secret's value.

    `problem` says why the vault is unreadable, or why it was locked without being asked. `vault_id` tells the vault
    that is there, or was there last, from every other. `engine` names the engine that holds the community, "" for the
    vault.
    """

    state: VaultState
    community: str
    communities: tuple[str, ...]
    entries: tuple[Entry, ...]
    fingerprint: VaultFingerprint
    problem: str = ""
    vault_id: bytes = b""
    engine: str = ""
