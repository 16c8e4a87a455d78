"""Read a file of any format, given or found from the file's content and name."""

# os.path, because pathlib is slow to import.

import os
from collections.abc import Callable, Sequence
from typing import BinaryIO

from strongroom.store.identity import Identity
from strongroom.store.keys.ways import Way
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, bundle_content, csv_format, dotenv, json_format
from strongroom.transfer.bundle_content import BundleContents
from strongroom.transfer.bundle_header import DAMAGED
from strongroom.transfer.decoding import LARGEST_FILE, decode, decode_strictly
from strongroom.transfer.errors import BundleDamaged, BundleLocked, SourceUnreadable, TransferError
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Remark
from strongroom.values.notes import notes
from strongroom.values.secret_value import SecretValue

FORMATS = ("env", "json", "csv", "bundle", "vault")

_SQLITE = b"SQLite format 3\0"
_ENDINGS = {".env": "env", ".json": "json", ".csv": "csv", ".strongroom": "bundle"}
_READERS: dict[str, Callable[[bytes], ParsedFile]] = {
    "env": lambda data: dotenv.read(decode(data)),
    "csv": lambda data: csv_format.read(decode(data)),
    "json": lambda data: json_format.read(decode_strictly(data)),
}


def read_bytes(path: str) -> bytes:
    """Return the file, up to `LARGEST_FILE`. Raises `SourceUnreadable`."""
    try:
        with open(path, "rb") as file:
            return read_stream(file)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it is not a path").lower()
        raise SourceUnreadable(f"{path} could not be read: {reason}.", "Check the path.") from None


def read_stream(file: BinaryIO) -> bytes:
    """Return all of `file`, up to `LARGEST_FILE`. Raises `SourceUnreadable`."""
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise SourceUnreadable(
            f"The file is larger than {LARGEST_FILE >> 20} MiB, which is the most that is read.",
            "Split it, and import the parts.",
        )
    return data


def find_format(path: str, data: bytes) -> str:
    """Return a file's kind. Raises `TransferError` if neither content nor name tells."""
    found = "bundle" if bundle.is_bundle(data) else format_of_name(path)
    if not found:
        raise TransferError(
            "The name of the file does not say its format.", f"Give --from {'|'.join(FORMATS)}."
        )
    return found


def format_of_name(path: str) -> str:
    """Return the format that the name of a file says, or ""."""
    name = os.path.basename(path).lower()
    if name.startswith(".env."):
        return "env"
    return _ENDINGS.get(os.path.splitext("x" + name)[1], "")


def is_vault(path: str) -> bool:
    """Return True if the file is an SQLite database."""
    try:
        with open(path, "rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def read_text_file(form: str, data: bytes) -> ParsedFile:
    """Return the entries of a .env, JSON or CSV file. Raises `SourceUnreadable`."""
    source = _READERS[form](data)
    source.remarks.extend(
        Remark(item.line, f"the value {note}") for item in source.entries for note in notes(item.value)
    )
    source.remarks.sort(key=lambda remark: remark.line)
    return source


def open_bundle(
    data: bytes,
    identities: Callable[[], Sequence[Identity]],
    ask_passphrase: Callable[[], SecretValue],
    *,
    tries: int = 1,
) -> ParsedFile | BundleContents:
    """Return the content of a bundle, opened with an identity or with a passphrase.

    The passphrase is asked for up to `tries` times. A bundle of version 1 has entries only. Raises
    BundleDamaged or BundleLocked.
    """
    if bundle.read_header(data).recipients:
        opened = bundle.open_with(data, identities())
    else:
        opened = _open_with_passphrase(data, ask_passphrase, tries)
    if opened.header.version == 1:
        return _without_lines(json_format.read(_first_version(opened)), "a bundle")
    return bundle_content.read(opened)


def _first_version(opened: bundle.Opened) -> str:
    try:
        return opened.content.decode("ascii")
    except UnicodeDecodeError:
        raise BundleDamaged("What is in the bundle is not an export of Strongroom.", DAMAGED) from None


def _open_with_passphrase(data: bytes, ask: Callable[[], SecretValue], tries: int) -> bundle.Opened:
    for left in reversed(range(tries)):
        try:
            return bundle.open_with_passphrase(data, ask())
        except BundleLocked:
            if not left:
                raise
    raise ValueError("a passphrase is asked for once at least")


def read_vault(path: str, ways: Sequence[Way], community: str | None) -> ParsedFile:
    """Return the entries of another vault's community, by default the current one."""
    with Vault.unlock(path, ways, sealed=True) as other:
        chosen = community or other.current_community()
        if chosen is None:
            raise TransferError(
                "The other vault has several communities.", "Name one: --from-community NAME."
            )
        if chosen not in other.communities():
            raise TransferError(
                f"The other vault has no community `{chosen}`.",
                f"It has {', '.join(f'`{name}`' for name in other.communities()) or 'none'}.",
            )
        held = other.read_all(chosen).values()
    items = [FileEntry(0, one.name, one.value, one.kind, one.note, one.expires) for one in held]
    return ParsedFile("another vault", items, [], [])


def _without_lines(source: ParsedFile, what: str) -> ParsedFile:
    """Return the file without line numbers.

    Lines inside a bundle say nothing to a person.
    """
    return ParsedFile(
        what,
        [item._replace(line=0) for item in source.entries],
        [refusal._replace(line=0) for refusal in source.refusals],
        [],
    )
