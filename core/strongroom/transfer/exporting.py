"""Write entries to a new file of mode 0600, read again before it gets its name."""

# os.path, because pathlib is slow to import.

import os
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from strongroom.files.writing import remove_leftovers, write_whole
from strongroom.store.errors import UnknownCommunity, UnknownName
from strongroom.store.file import files, leftovers
from strongroom.store.opened import OpenStore
from strongroom.store.rows.many import EntryWithValue
from strongroom.store.rows.transactions import now
from strongroom.store.shared import Imported, read_shared
from strongroom.store.vault import Vault
from strongroom.transfer import bundle_content, csv_format, dotenv, json_format
from strongroom.transfer.errors import TransferError

PLAIN_FORMATS = {"env": dotenv.write, "json": json_format.write, "csv": csv_format.write}
"""The function that writes each format in clear."""


class BundlePlaintext(NamedTuple):
    """Hold what is sealed in a bundle, and the number of entries that are not deleted."""

    data: bytes
    number: int

    def __repr__(self) -> str:
        return f"BundlePlaintext({self.number} entries)"


def chosen_entries(vault: OpenStore, community: str, names: Sequence[str] = ()) -> list[EntryWithValue]:
    """Return the entries to export: those named, or all.

    Raises UnknownCommunity, UnknownName or TransferError.
    """
    if community not in vault.communities():
        raise UnknownCommunity(
            f'The vault has no community "{community}".', "See `strongroom community list`."
        )
    held = vault.read_all(community)
    for name in names:
        if name not in held:
            message = f'Community "{community}" has no secret or variable "{name}".'
            raise UnknownName(message, "See `strongroom names`.")
    chosen = [held[name] for name in dict.fromkeys(names)] if names else list(held.values())
    if not chosen:
        raise _empty(community)
    return chosen


def need_vault(store: OpenStore) -> Vault:
    """Return the vault that bundles need.

    Raises `TransferError` for a community that an engine holds.
    """
    if not isinstance(store, Vault):
        raise TransferError(
            "A bundle is between vaults, and an engine holds this community.",
            "Colleagues who may use the engine need no bundle.",
        )
    return store


def chosen_content(store: OpenStore, community: str, names: Sequence[str] = ()) -> BundlePlaintext:
    """Return the bundle's content: the named entries, or all, with the deleted ones.

    Raises UnknownCommunity, UnknownName or TransferError.
    """
    vault = need_vault(store)
    chosen = {entry.name for entry in chosen_entries(vault, community, names)}
    state = read_shared(vault, community)
    entries = [
        entry for entry in state.entries if entry.name in chosen or (entry.value is None and not names)
    ]
    origin = Imported(state.vault, state.generation, now())
    return BundlePlaintext(bundle_content.write(origin, entries), len(chosen))


def _empty(community: str) -> TransferError:
    return TransferError(f"Community `{community}` is empty: there is nothing to export.")


def write_plain(form: str, entries: Sequence[EntryWithValue]) -> bytes:
    """Return the entries in clear.

    Raises `TransferError` for a value that the format cannot hold.
    """
    return PLAIN_FORMATS[form](entries).encode("utf-8")


def write_new_file(path: str, data: bytes) -> None:
    """Make `path` with mode 0600, whole or not at all, and never over anything.

    Raises TransferError.

    On Linux the file has no name until it is finished, so that a kill leaves nothing. Elsewhere it has a name of its
    own until then, and the next export into the folder removes what a kill left there.
    """
    path = os.path.abspath(path)
    if os.path.lexists(path):
        raise _exists(path)
    leftovers.sweep_exports(os.path.dirname(path))
    try:
        if not _write_unnamed(path, data):
            _write_named(path, data)
        files.sync_folder(os.path.dirname(path))
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritten(path, error) from None


def replace_file(path: str, data: bytes) -> None:
    """Put a sealed file in another's place, all or nothing. Raises `TransferError`."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: str, error: OSError) -> TransferError:
    return TransferError(
        f"{path} could not be written: {(error.strerror or 'unknown error').lower()}.",
        "Check the folder and the disk; nothing was left there.",
    )


def _write_unnamed(path: str, data: bytes) -> bool:
    """Write a file that gets its first name when it is finished.

    Return False if the system has no such files.
    """
    if not hasattr(os, "O_TMPFILE"):
        return False
    folder = os.path.dirname(path)
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        return False  # this file system has no unnamed files; any other fault of the folder is met again
    with os.fdopen(descriptor, "w+b") as file:
        _fill(file, data, path)
        # The folder is given only because `os.link` follows a link with `src_dir_fd` alone.
        at = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=at, follow_symlinks=True)
        except FileNotFoundError:
            return False  # no /proc
        finally:
            os.close(at)
    return True


def _write_named(path: str, data: bytes) -> None:
    temporary = leftovers.exporting_name(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        with os.fdopen(os.open(temporary, flags | getattr(os, "O_BINARY", 0), 0o600), "w+b") as file:
            leftovers.hold(file.fileno())
            _fill(file, data, path)
            if files.IS_POSIX:
                files.publish(temporary, path)
        if not files.IS_POSIX:  # an open file cannot get another name there
            files.publish(temporary, path)
    finally:
        remove_leftovers(temporary)


def _fill(file: BinaryIO, data: bytes, path: str) -> None:
    """Write the content to the disk, and read it again.

    Raises OSError or `TransferError`.
    """
    file.write(data)
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    if file.read() != data:
        raise TransferError(f"{path} does not read back as it was written.", "Check the disk.")


def _exists(path: str) -> TransferError:
    return TransferError(f"{path} exists already, and it is never overwritten.", "Name another file.")
