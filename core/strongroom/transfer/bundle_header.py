"""Read and write the header of a bundle, which can be read without opening it.

docs/transfer.md describes the lines. All of them are authenticated when the bundle is opened. Until then a
header says only for whom a bundle seems to be.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final, NamedTuple

from strongroom.store.errors import InvalidField, VaultAltered
from strongroom.store.format import crypto, kdf, public_keys
from strongroom.store.rows.saving import clean_community
from strongroom.transfer.errors import BundleDamaged, TransferError
from strongroom.transfer.recipient import Recipient

MAGIC: Final = b"strongroom bundle "
VERSIONS: Final = (1, 2)
MOST_RECIPIENTS: Final = 1000
SALT_BYTES: Final = 32
SEALED_KEY_BYTES: Final = crypto.KEY_BYTES + public_keys.OVERHEAD_BYTES

DAMAGED: Final = (
    "Ask for it again, and send it as a file: the rest of a bundle cannot be read once a part is changed."
)

_PASSPHRASE = re.compile(rb"passphrase (argon2id|scrypt) ([a-z0-9=,]{1,60}) ([0-9a-f]{64})\n")
_RECIPIENT_1 = re.compile(rb"recipient x25519-hkdf-sha256-aes-256-gcm (strongroom1[a-z2-7]{58})\n")
_RECIPIENT = re.compile(
    rb"recipient x25519-hkdf-sha256-aes-256-gcm (strongroom1[a-z2-7]{58}) ([A-Za-z0-9+/]{107}=)\n"
)
_COMMUNITY = re.compile(rb'community ("[ -~]{1,1300}")\n')
_END = b"content\n"


class Header(NamedTuple):
    """Hold the header of a bundle.

    `lines` are its own bytes, which are authenticated. `keys` has a sealed key for each recipient; version 1 has one
    recipient and no sealed key. `community` is empty in version 1.
    """

    lines: bytes
    version: int
    community: str
    recipients: tuple[Recipient, ...] = ()
    keys: tuple[bytes, ...] = ()
    stretching: kdf.Stretching | None = None
    salt: bytes = b""


def is_bundle(data: bytes) -> bool:
    """Return True if the file begins like a bundle of any version."""
    return data.startswith(MAGIC)


def first_lines(community: str) -> bytes:
    """Return the lines that every bundle of `community` begins with."""
    return b"%s2\ncommunity %s\n" % (MAGIC, json.dumps(community).encode("ascii"))


def for_recipients(community: str, sealed: Sequence[tuple[Recipient, bytes]]) -> bytes:
    """Return the header of a bundle for recipients, each with its sealed key."""
    lines = [
        f"recipient {public_keys.SUITE} {recipient} {b64encode(key).decode()}\n".encode("ascii")
        for recipient, key in sealed
    ]
    return first_lines(community) + b"".join(lines) + _END


def for_passphrase(community: str, how: kdf.Stretching, salt: bytes) -> bytes:
    """Return the header of a bundle that a passphrase opens."""
    return first_lines(community) + f"passphrase {how.kdf} {how.params} {salt.hex()}\n".encode("ascii") + _END


def read_header(data: bytes) -> Header:
    """Return what the bundle says of itself, unopened. Raises `BundleDamaged`."""
    data = data.replace(b"\r\n", b"\n")
    version = _version(data)
    if version == 1:
        return _read_first_version(data)
    start = at = data.index(b"\n") + 1
    found = _COMMUNITY.match(data, at)
    community = _community(found[1]) if found else ""
    if found is None or first_lines(community)[start:] != found[0]:
        raise BundleDamaged("The second line of the bundle is damaged.", DAMAGED)
    at = found.end()
    if passphrase := _PASSPHRASE.match(data, at):
        how = _stretching(passphrase)
        return Header(
            _until_end(data, passphrase.end()),
            2,
            community,
            (),
            (),
            how,
            bytes.fromhex(passphrase[3].decode()),
        )
    recipients: list[Recipient] = []
    keys: list[bytes] = []
    while line := _RECIPIENT.match(data, at):
        recipients.append(_recipient(line[1]))
        keys.append(_sealed_key(line[2]))
        at = line.end()
        if len(keys) > MOST_RECIPIENTS:
            raise BundleDamaged(f"The bundle has more than {MOST_RECIPIENTS:,} recipients.", DAMAGED)
    texts = [str(recipient) for recipient in recipients]
    if not texts or texts != sorted(set(texts)):
        raise BundleDamaged("The recipients in the bundle are damaged.", DAMAGED)
    return Header(_until_end(data, at), 2, community, tuple(recipients), tuple(keys))


def _version(data: bytes) -> int:
    if not is_bundle(data):
        raise BundleDamaged(
            "This is not a bundle of Strongroom.", "A bundle begins with the words `strongroom bundle`."
        )
    first, line_break, _ = data.partition(b"\n")
    text = first.removeprefix(MAGIC)
    if line_break and text in (b"%d" % version for version in VERSIONS):
        return int(text)
    if text.isdigit() and len(text) < 6:
        raise BundleDamaged(
            f"The bundle has version {int(text)}, and this Strongroom knows versions up to {VERSIONS[-1]}.",
            "Update Strongroom with: pip install --upgrade strongroom",
        )
    raise BundleDamaged("The first line of the bundle is damaged.", DAMAGED)


def _read_first_version(data: bytes) -> Header:
    at = data.index(b"\n") + 1
    if found := _PASSPHRASE.match(data, at):
        salt = bytes.fromhex(found[3].decode())
        return Header(data[: found.end()], 1, "", stretching=_stretching(found), salt=salt)
    if found := _RECIPIENT_1.match(data, at):
        return Header(data[: found.end()], 1, "", (_recipient(found[1]),))
    raise BundleDamaged("The second line of the bundle is damaged.", DAMAGED)


def _until_end(data: bytes, at: int) -> bytes:
    if not data.startswith(_END, at):
        raise BundleDamaged("The header of the bundle is damaged.", DAMAGED)
    return data[: at + len(_END)]


def _community(text: bytes) -> str:
    try:
        community = json.loads(text)
        return community if clean_community(community) == community else ""
    except (ValueError, InvalidField):
        return ""


def _recipient(text: bytes) -> Recipient:
    try:
        return Recipient.parse(text.decode("ascii"))
    except TransferError:
        raise BundleDamaged("A recipient in the bundle is damaged.", DAMAGED) from None


def _sealed_key(text: bytes) -> bytes:
    sealed = b64decode(text)
    if len(sealed) != SEALED_KEY_BYTES or b64encode(sealed) != text:
        raise BundleDamaged("A recipient's key in the bundle is damaged.", DAMAGED)
    return sealed


def _stretching(found: re.Match[bytes]) -> kdf.Stretching:
    how = kdf.Stretching(found[1].decode(), found[2].decode())
    try:
        kdf.parse_params(how)
    except VaultAltered:
        raise BundleDamaged(
            "The bundle asks for a key derivation that no Strongroom writes.", DAMAGED
        ) from None
    return how
