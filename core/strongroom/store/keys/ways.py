"""Define the ways to open a vault: key file, keyring, passphrase, recovery code.

`Vault.unlock` tries the ways in the order they are given. A way that the vault has no slot for is skipped; a
way that it has a slot for and that does not work is an error that says so. Nothing falls back silently: a key
file that is wrong does not turn into a question for a passphrase.
"""

# ruff: noqa: ARG002  # each way has the same methods, whatever it needs

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from strongroom.store.errors import EmptyValue, KeyFileInvalid, NoKey, RecoveryCodeInvalid
from strongroom.store.file import places
from strongroom.store.format import kdf
from strongroom.store.format.slots import SlotKind
from strongroom.store.keys import key_file
from strongroom.values.secret_value import SecretValue

Tell = Callable[[str], None]
"""A function that shows the person one sentence."""
Prompt = Callable[[], SecretValue]
"""A function that asks a person for a passphrase, and for a new one twice."""


class Way(Protocol):
    """Offer one way in."""

    kind: SlotKind

    @property
    def subject(self) -> str:
        """Return the words for this way in a sentence ("the key file /home/a/key")."""
        ...

    @property
    def label(self) -> str:
        """Return the label that the slot list shows beside the kind; never secret."""
        ...

    def stretching(self) -> kdf.Stretching:
        """Return the key derivation for a new slot of this kind."""
        ...

    def new_secret(self, store_id: bytes) -> bytes:
        """Return the secret for a new slot, made now by a kind that makes its own."""
        ...

    def secret(self, store_id: bytes) -> bytes:
        """Return the secret for an existing slot."""
        ...


class KeyFile:
    """Offer a file with a random key (see `key_file`)."""

    kind = SlotKind.KEY_FILE

    def __init__(
        self, path: str | os.PathLike[str], tell: Tell | None = None, *, is_named: bool = True
    ) -> None:
        """Take the file.

        `tell` is called with a sentence if others can read the file and this user cannot change that. A file
        in its usual place that nobody named may be of another vault. Then the next way is tried.
        """
        self.is_named = is_named
        self.path = os.fspath(path)
        self._tell = tell

    @property
    def subject(self) -> str:
        return f"the key file {self.path}"

    @property
    def label(self) -> str:
        return os.path.basename(self.path)

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        """Return the key in the file, which is made if missing and never overwritten."""
        if os.path.lexists(self.path):
            return key_file.read_key_file(self.path, self._tell)
        try:
            return key_file.create_key_file(self.path)
        except FileExistsError:
            raise KeyFileInvalid(f"{self.path} appeared while it was being made.", "Do it again.") from None

    def secret(self, store_id: bytes) -> bytes:
        return key_file.read_key_file(self.path, self._tell)


class PublicKey:
    """Offer a person's public key, for new slots only: the private one is elsewhere."""

    kind = SlotKind.PUBLIC_KEY

    def __init__(self, public: bytes, name: str) -> None:
        """Take the key, and its owner's name for the list of slots and the audit trail."""
        self.public = public
        self.label = name

    @property
    def subject(self) -> str:
        return f"the identity of {self.label}"

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        return self.public

    def secret(self, store_id: bytes) -> bytes:
        raise NoKey("A public key opens no slot.", "Give the key file whose identity it is.")


class PrivateKey:
    """Offer a person's private key, from a function that is called when needed."""

    kind = SlotKind.PUBLIC_KEY
    label = ""

    def __init__(self, find: Callable[[], bytes], subject: str) -> None:
        self._find = find
        self.subject = subject

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        return self.secret(store_id)

    def secret(self, store_id: bytes) -> bytes:
        return self._find()


class Passphrase:
    """Offer a passphrase that a person types.

    The passphrase is read as Unicode NFC, so that keyboards and systems agree.
    """

    kind = SlotKind.PASSPHRASE
    subject = "the passphrase"
    label = ""

    def __init__(self, prompt: Prompt, stretching: kdf.Stretching | None = None, *, tries: int = 1) -> None:
        """Take the function that asks for the passphrase.

        `stretching` is for a new slot only: an existing one has its own. `tries` is how often `prompt` is asked while
        its answer does not open the vault.
        """
        self._prompt = prompt
        self.tries = tries
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
    """Offer a random key in the operating system's keyring.

    Each vault has one item there, made once and never exchanged.
    """

    kind = SlotKind.KEYRING
    subject = "the key in the system's keyring"
    label = ""

    def __init__(self, tell: Tell | None = None) -> None:
        """Take the function that says when the keyring asks a person in a dialog."""
        self._tell = tell

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        from strongroom.store.keys import keyring_client

        return keyring_client.keep(store_id, os.urandom(32), self._tell)

    def secret(self, store_id: bytes) -> bytes:
        from strongroom.store.keys import keyring_client

        return keyring_client.fetch(store_id, self._tell)


class RecoveryCode:
    """Offer a code on paper (see `recovery_code`).

    For a new slot the code is made here: show `new_code` once, afterwards.
    """

    kind = SlotKind.RECOVERY_CODE
    subject = "the recovery code"
    label = ""

    def __init__(self, prompt: Prompt | None = None) -> None:
        """Take the function that asks for the code of an existing slot.

        A new slot needs none.
        """
        self._prompt = prompt
        self.new_code: SecretValue | None = None

    def make(self) -> SecretValue:
        """Return a new code for the next slot, to be shown before the vault counts on it."""
        from strongroom.store.keys import recovery_code

        self.new_code = SecretValue(recovery_code.new_code())
        return self.new_code

    def stretching(self) -> kdf.Stretching:
        return kdf.HKDF

    def new_secret(self, store_id: bytes) -> bytes:
        from strongroom.store.keys import recovery_code

        code = self.new_code or self.make()
        return recovery_code.read_code(code.reveal())

    def secret(self, store_id: bytes) -> bytes:
        """Return the code's secret. Raises `RecoveryCodeInvalid` for a typing mistake."""
        from strongroom.store.keys import recovery_code

        if self._prompt is None:
            raise RecoveryCodeInvalid(
                "The recovery code cannot be asked for without a terminal.", "Type it in a terminal."
            )
        return recovery_code.read_code(self._prompt().reveal())


class RememberedKey:
    """Offer the master key that `vault unlock` keeps in memory (see `remembered`).

    This way has no slot. If no key is kept, or not this vault's present one, the next way is tried.
    """

    subject = "the key that `strongroom vault unlock` keeps"

    def master(self, store_id: bytes) -> bytes | None:
        """Return the master key that is kept now, or None."""
        from strongroom.store.keys import remembered

        return remembered.recall(store_id)


def keyring_is_off() -> bool:
    """Return True if `STRONGROOM_NO_KEYRING` asks to leave the keyring alone."""
    return os.environ.get("STRONGROOM_NO_KEYRING", "") not in ("", "0")


def default_ways(
    prompt: Prompt | None = None,
    key_file_path: str | os.PathLike[str] | None = None,
    *,
    tries: int = 1,
    tell: Tell | None = None,
) -> list[Way]:
    """Return the ways that arguments and environment offer, in the order of trying.

    `key_file_path` goes before `STRONGROOM_KEY_FILE`, and that before a key file in its usual place. Without a
    `prompt` (no terminal) nobody is asked; with one, it is asked up to `tries` times. `tell` gets a sentence when
    the keyring asks with a dialog, and when others can read the key file.
    """
    ways: list[Way] = []
    named = key_file_path or os.environ.get("STRONGROOM_KEY_FILE")
    path = named or places.default_key_file()
    if named or os.path.lexists(path):
        ways.append(KeyFile(path, tell, is_named=bool(named)))
    if not keyring_is_off():
        ways.append(Keyring(tell))
    if prompt is not None:
        ways.append(Passphrase(prompt, tries=tries))
    return ways


def with_remembered(ways: Sequence[Way]) -> list[Way | RememberedKey]:
    """Return `ways` with the key kept in memory, before the ways that ask somebody."""
    first = [way for way in ways if way.kind is SlotKind.KEY_FILE]
    return [*first, RememberedKey(), *(way for way in ways if way.kind is not SlotKind.KEY_FILE)]


def opens(way: Way, kind: str) -> bool:
    """Return True if `way` may open slots of this kind.

    A key file is an identity, too.
    """
    return kind == way.kind.value or (isinstance(way, KeyFile) and kind == SlotKind.PUBLIC_KEY.value)


def secret_for(way: Way, kind: str, secret: bytes) -> bytes:
    """Return the key of a slot of this kind, made from the secret that `way` gave."""
    is_key_file = isinstance(way, KeyFile) and kind == SlotKind.PUBLIC_KEY.value
    return key_file.private_key(secret) if is_key_file else secret


def describe(kinds: Sequence[str]) -> str:
    """Return the kinds of a vault's slots as a clause: "a key file or a passphrase"."""
    known = {kind.value: kind.words for kind in SlotKind}
    words = list(
        dict.fromkeys(known.get(kind, f"a way that this version does not know ({kind})") for kind in kinds)
    )
    return " or ".join(words) or "nothing"


_WAYS_OUT = {
    SlotKind.KEY_FILE: "Key file: name it with --key-file FILE or STRONGROOM_KEY_FILE.",
    SlotKind.KEYRING: "Keyring: unset STRONGROOM_NO_KEYRING.",
    SlotKind.PASSPHRASE: "Passphrase: run the command in a terminal, which asks for it.",
    SlotKind.PUBLIC_KEY: "Identity: name your key file with --key-file FILE or STRONGROOM_KEY_FILE, or have your own "
    "vault in its usual place.",
    SlotKind.RECOVERY_CODE: "Recovery code: `strongroom vault recover` reads it and adds a new way in.",
}


def ways_out(kinds: Sequence[str]) -> str:
    """Return a sentence for each of these kinds on how to open a vault with it."""
    return (
        " ".join(sentence for kind, sentence in _WAYS_OUT.items() if kind.value in kinds)
        or "Update Strongroom with: pip install --upgrade strongroom"
    )
