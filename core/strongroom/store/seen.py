"""What this machine last saw of a vault, kept outside the file: an older file put in its place is noticed.

One small file for each vault path in the state folder, mode 0600 in a folder of mode 0700:

    strongroom seen 1
    <store id> <generation> <root> <ok | doubt>

It is read before the vault is, and written after a commit, so that another process's change never looks like
a step back. A state folder that cannot be written (some CI machines) only means that this check is missing.
"""

import hashlib
import os
from typing import NamedTuple

from strongroom.store import files, places
from strongroom.store.errors import VaultStorage
from strongroom.whole_files import write_whole

HEADER = "strongroom seen 1"


class Seen(NamedTuple):
    """The newest state that was seen. `doubted`: a step back was seen since, and nobody has accepted it."""

    store_id: bytes
    generation: int
    root: bytes
    doubted: bool = False


def seen_path(vault_path: str) -> str:
    """The file that remembers the vault at `vault_path`."""
    real = os.path.realpath(vault_path).encode("utf-8", "surrogateescape")
    return os.path.join(places.state_folder(), "seen", hashlib.sha256(real).hexdigest()[:32])


def read_seen(vault_path: str) -> Seen | None:
    """What is remembered, or None where nothing (readable) is."""
    try:
        with open(seen_path(vault_path), encoding="utf-8") as file:
            header, line = file.read(4096).splitlines()
        store_id, generation, root, word = line.split()
        if header != HEADER:
            return None
        return Seen(bytes.fromhex(store_id), int(generation), bytes.fromhex(root), word == "doubt")
    except (OSError, ValueError):
        return None


def write_seen(vault_path: str, seen: Seen) -> None:
    """Remembers `seen`; does nothing where the state folder cannot be written."""
    path = seen_path(vault_path)
    word = "doubt" if seen.doubted else "ok"
    line = f"{HEADER}\n{seen.store_id.hex()} {seen.generation} {seen.root.hex()} {word}\n"
    try:
        files.make_private_folder(os.path.dirname(path))
        write_whole(path, line.encode(), mode=0o600, durable=False)
    except (OSError, VaultStorage):
        return  # without a state folder the vault still works; docs/vault-format.md says what is then not noticed
