"""The ways of opening a vault, as a person gives them: a key file, the system's keyring, a passphrase.

`Vault.unlock` tries the ways in the order they are given. A way that the vault has no slot for is skipped; a
way that it has a slot for and that does not work is an error that says so. Nothing falls back silently: a key
file that is wrong does not turn into a question for a passphrase.
"""

# ruff: noqa: PTH119, ARG002  # pathlib is slow to import

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from strongroom.secret_value import SecretValue
from strongroom.store import kdf, key_file
from strongroom.store.errors import EmptyValue, KeyFileInvalid
from strongroom.store.slots import SlotKind

Prompt = Callable[[], SecretValue]
"""Asks a person for a passphrase. Whoever makes a new one asks twice inside it."""


class Way(Protocol):
    """One way in. `subject` names it in a sentence ("the key file /home/a/key")."""

    kind: SlotKind

    @property
    def subject(self) -> str:
        """How a sentence names this very way."""
        ...

    @property
    def label(self) -> str:
        """What the slot list shows beside the kind; never secret."""
        ...

    def stretching(self) -> kdf.Stretching:
        """How a new slot of this kind derives its key."""
        ...

    def new_secret(self, store_id: bytes) -> bytes:
        """The secret for a new slot; made where that kind makes its own."""
        ...

    def secret(self, store_id: bytes) -> bytes:
        """The secret for an existing slot."""
        ...


class KeyFile:
    """A file with a random key (see `key_file`)."""

    kind = SlotKind.KEY_FILE

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    @property
    def subject(self) -> str:
        return f"the key file {self.path}"

    @property
    def label(self) -> str:
        return os.path.basename(self.path)

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        """The key in the file, which is made where it does not exist (and never overwritten)."""
        if os.path.lexists(self.path):
            return key_file.read_key_file(self.path)
        try:
            return key_file.create_key_file(self.path)
        except FileExistsError:
            raise KeyFileInvalid(f"{self.path} appeared while it was being made.", "Do it again.") from None

    def secret(self, store_id: bytes) -> bytes:
        return key_file.read_key_file(self.path)


class Passphrase:
    """A passphrase that a person types. Read as Unicode NFC, so that keyboards and systems agree."""

    kind = SlotKind.PASSPHRASE
    subject = "the passphrase"
    label = ""

    def __init__(self, prompt: Prompt, stretching: kdf.Stretching | None = None) -> None:
        """`stretching` is for a new slot only; an existing one says itself how it was made."""
        self._prompt = prompt
        self._stretching = stretching

    def stretching(self) -> kdf.Stretching:
        return self._stretching or kdf.default_stretching()

    def new_secret(self, store_id: bytes) -> bytes:
        secret = self.secret(store_id)
        if not secret:
            raise EmptyValue("An empty passphrase protects nothing.", "Type one, several words long.")
        return secret

    def secret(self, store_id: bytes) -> bytes:
        from unicodedata import normalize

        return normalize("NFC", self._prompt().reveal()).encode("utf-8", "surrogatepass")


class Keyring:
    """A random key in the operating system's keyring: one item for each vault."""

    kind = SlotKind.KEYRING
    subject = "the key in the system's keyring"
    label = ""

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        from strongroom.store import keyring_client

        secret = os.urandom(32)
        keyring_client.store(store_id, secret)
        return secret

    def secret(self, store_id: bytes) -> bytes:
        from strongroom.store import keyring_client

        return keyring_client.fetch(store_id)


def keyring_is_off() -> bool:
    """Whether `STRONGROOM_NO_KEYRING` asks to leave the keyring alone."""
    return os.environ.get("STRONGROOM_NO_KEYRING", "") not in ("", "0")


def default_ways(
    prompt: Prompt | None = None, key_file_path: str | os.PathLike[str] | None = None
) -> list[Way]:
    """Key file, keyring, passphrase: what the arguments and the environment offer, in the order of trying.

    `key_file_path` goes before `STRONGROOM_KEY_FILE`. Without a `prompt` (no terminal) nobody is asked.
    """
    ways: list[Way] = []
    path = key_file_path or os.environ.get("STRONGROOM_KEY_FILE")
    if path:
        ways.append(KeyFile(path))
    if not keyring_is_off():
        ways.append(Keyring())
    if prompt is not None:
        ways.append(Passphrase(prompt))
    return ways


def describe(kinds: Sequence[str]) -> str:
    """The kinds of a vault's slots as a clause: "a key file or a passphrase"."""
    known = {kind.value: kind.words for kind in SlotKind}
    words = list(
        dict.fromkeys(known.get(kind, f"a way that this version does not know ({kind})") for kind in kinds)
    )
    return " or ".join(words) or "nothing"
