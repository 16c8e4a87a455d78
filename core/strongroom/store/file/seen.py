"""Remember a vault as this machine last saw it, to notice an older or forked file.

The state is kept outside the vault: one small file for each vault path in the state folder, mode 0600 in a
folder of mode 0700:

    strongroom seen 2
    <store id> <generation> <root> <digest of the newest audit row> <its time> <ok | doubt>

The first line after the header is the vault that belongs at this path; lines below it are vaults that were there
before, and are not forgotten. The file is read before the vault is, and written after a commit, so that another
process's change never looks like a step back.
"""

import hashlib
import os
from typing import NamedTuple

from strongroom.files.writing import write_whole
from strongroom.store.errors import VaultStorage
from strongroom.store.file import files, places
from strongroom.store.format import crypto
from strongroom.store.format.manifest import AuditRow

HEADER = "strongroom seen 2"
HEADER_1 = "strongroom seen 1"
"""The header of the earlier form, whose one line has no audit row."""

MOST_VAULTS = 16


class SeenState(NamedTuple):
    """Hold the newest state that was seen.

    `doubted`: something else was seen since, and nobody has accepted it.

    `row` is the digest of the newest audit row and `at` its time; both are empty where an earlier version of
    Strongroom wrote this.
    """

    store_id: bytes
    generation: int
    root: bytes
    row: str = ""
    at: str = ""
    doubted: bool = False


def row_digest(row: AuditRow) -> str:
    """Return the digest that distinguishes an audit row from every other.

    The row's number is left out, because a shortened trail changes it.
    """
    return hashlib.sha256(crypto.pack(*row[1:])).hexdigest()[:32]


def seen_path(vault_path: str) -> str:
    """Return the file that remembers the vault at `vault_path`."""
    real = os.path.realpath(vault_path).encode("utf-8", "surrogateescape")
    return os.path.join(places.state_folder(), "seen", hashlib.sha256(real).hexdigest()[:32])


def read_seen(vault_path: str) -> tuple[SeenState, ...]:
    """Return what is remembered, the vault that belongs there first.

    The result is empty where nothing (readable) is remembered.
    """
    try:
        with open(seen_path(vault_path), encoding="utf-8") as file:
            header, *lines = file.read(16_384).splitlines()
        return tuple(_from_line(header, line) for line in lines)
    except (OSError, ValueError):
        return ()


def _from_line(header: str, line: str) -> SeenState:
    fields = line.split()
    if header == HEADER_1:
        fields[3:3] = ["-", "-"]
    elif header != HEADER:
        raise ValueError(header)
    store_id, generation, root, row, at, word = fields
    return SeenState(
        bytes.fromhex(store_id),
        int(generation),
        bytes.fromhex(root),
        row.removeprefix("-"),
        at.removeprefix("-"),
        word == "doubt",
    )


def write_seen(vault_path: str, seen: SeenState) -> None:
    """Remember `seen` as the vault that belongs there.

    What is known of others is kept.

    Does nothing where the state folder cannot be written (see `find_obstacle`).
    """
    others = [other for other in read_seen(vault_path) if other.store_id != seen.store_id]
    path = seen_path(vault_path)
    lines = [HEADER, *(_line(one) for one in (seen, *others[: MOST_VAULTS - 1]))]
    try:
        files.make_private_folder(os.path.dirname(path))
        write_whole(path, ("\n".join(lines) + "\n").encode(), mode=0o600, durable=False)
    except (OSError, VaultStorage):
        return  # without a state folder the vault still works; docs/vault-format.md says what is then not noticed


def _line(seen: SeenState) -> str:
    word = "doubt" if seen.doubted else "ok"
    row = f"{seen.row or '-'} {seen.at or '-'}"
    return f"{seen.store_id.hex()} {seen.generation} {seen.root.hex()} {row} {word}"


def find_obstacle(vault_path: str) -> str:
    """Return a sentence that says why the newest state cannot be remembered.

    The sentence is empty where the state can be remembered.
    """
    path = seen_path(vault_path)
    folder = os.path.dirname(path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        reason = f"{folder} is not a folder"
    elif not os.access(folder, os.W_OK | os.X_OK):
        reason = f"{folder} cannot be written to"
    elif os.path.lexists(path) and not os.access(path, os.R_OK):
        reason = f"{path} cannot be read"
    else:
        return ""
    return f"{reason}, so an older or another file in the vault's place will not be noticed."
