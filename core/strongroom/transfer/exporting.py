"""Writing entries to a new file of mode 0600, read again before it gets its name."""

# pathlib is slow to import

import os
from collections.abc import Sequence

from strongroom.store import bulk, files
from strongroom.store.bulk import Held
from strongroom.store.errors import UnknownCommunity, UnknownName
from strongroom.store.vault import Vault
from strongroom.transfer import csv_format, dotenv, json_format
from strongroom.transfer.errors import TransferError
from strongroom.whole_files import remove_leftovers

PLAIN_FORMATS = {"env": dotenv.write, "json": json_format.write, "csv": csv_format.write}
"""What writes each format in clear."""


def chosen_entries(vault: Vault, community: str, names: Sequence[str] = ()) -> list[Held]:
    """The entries to export: those named, or all. Raises UnknownCommunity, UnknownName or TransferError."""
    if community not in vault.communities():
        raise UnknownCommunity(f"Unknown community `{community}`.", "See `strongroom community list`.")
    held = bulk.read_all(vault, community)
    for name in names:
        if name not in held:
            raise UnknownName(f"Unknown name `{name}` in community `{community}`.", "See `strongroom names`.")
    chosen = [held[name] for name in dict.fromkeys(names)] if names else list(held.values())
    if not chosen:
        raise TransferError(f"Community `{community}` is empty: there is nothing to export.")
    return chosen


def write_plain(form: str, entries: Sequence[Held]) -> bytes:
    """The entries in clear. Raises `TransferError` for a value that the format cannot hold."""
    return PLAIN_FORMATS[form](entries).encode("utf-8")


def write_new_file(path: str, data: bytes) -> None:
    """Makes `path` with mode 0600, whole or not at all, and never over anything. Raises TransferError."""
    path = os.path.abspath(path)
    if os.path.lexists(path):
        raise _exists(path)
    temporary = f"{path}.new-{os.urandom(6).hex()}"
    try:
        files.create_private(temporary, data)
        with open(temporary, "rb") as file:
            written = file.read()
        if written != data:
            raise TransferError(f"{path} does not read back as it was written.", "Check the disk.")
        files.publish(temporary, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise TransferError(
            f"{path} could not be written: {(error.strerror or 'unknown error').lower()}.",
            "Check the folder and the disk; nothing was left there.",
        ) from None
    finally:
        remove_leftovers(temporary)


def _exists(path: str) -> TransferError:
    return TransferError(f"{path} exists already, and it is never overwritten.", "Name another file.")
