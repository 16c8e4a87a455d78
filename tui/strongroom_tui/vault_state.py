"""The states of the vault's file, what tells a change of it, and what the screens show of it at one moment."""

from enum import Enum
from typing import NamedTuple

from strongroom.store.reader import Entry


class VaultState(Enum):
    """What the top line says about the vault: a sign, a word and a style."""

    UNKNOWN = ("…", "reading", "muted")
    NEVER = ("–", "no vault", "warn")
    GONE = ("✗", "vault gone", "bad")
    LOCKED = ("○", "locked", "muted")
    UNLOCKED = ("●", "unlocked", "good")
    UNREADABLE = ("✗", "unreadable", "bad")

    @property
    def label(self) -> tuple[str, str]:
        """Text and style name."""
        sign, word, style = self.value
        return f"{sign} {word}", style

    @property
    def is_absent(self) -> bool:
        """Whether there is no file."""
        return self in (VaultState.NEVER, VaultState.GONE)

    @property
    def is_there(self) -> bool:
        """Whether names can be read."""
        return self in (VaultState.LOCKED, VaultState.UNLOCKED)


class Mark(NamedTuple):
    """What is another one after any process changed the vault, took it away or put a file in its place."""

    presence: VaultState
    """NEVER for a file that is not there, LOCKED for one that can be read, UNREADABLE with the `problem`."""
    file: tuple[int, int] = (0, 0)
    counter: int = 0
    problem: str = ""


class Snapshot(NamedTuple):
    """What the screens show of the vault at one moment; holds no secret's value.

    `problem` says why the vault is unreadable, or why it was locked without being asked. `vault_id` tells the vault
    that is there, or was there last, from every other.
    """

    state: VaultState
    community: str
    communities: tuple[str, ...]
    entries: tuple[Entry, ...]
    mark: Mark
    problem: str = ""
    vault_id: bytes = b""
