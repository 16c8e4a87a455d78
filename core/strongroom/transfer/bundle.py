"""Seal a content for colleagues in a bundle, and open it.

A bundle is sealed for recipients (a key for each by HPKE, RFC 9180) or by a passphrase. docs/transfer.md describes the
file byte by byte. The header is authenticated with the content, and the numbers of the key derivation are held to
limits before it runs.

The content begins with a code for each recipient, made with the key that the sender and this recipient share. Because
of that a recipient knows who sealed the bundle, and no other recipient can seal one in the sender's name.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from strongroom.store.errors import EmptyValue
from strongroom.store.format import crypto, kdf, public_keys
from strongroom.store.identity import Identity
from strongroom.text.phrases import counted
from strongroom.transfer import bundle_header
from strongroom.transfer.bundle_header import DAMAGED, MOST_RECIPIENTS, Header, is_bundle, read_header
from strongroom.transfer.errors import BundleDamaged, BundleLocked, TransferError
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

__all__ = [
    "Header",
    "Opened",
    "is_bundle",
    "open_with",
    "open_with_passphrase",
    "read_header",
    "seal_for",
    "seal_with_passphrase",
]

_PAD_BYTES: Final = 1024
_LINE: Final = 76
_CODE_BYTES: Final = 32
_PASSPHRASE_INFO: Final = b"strongroom bundle key"
_CONTENT_INFO: Final = b"strongroom bundle content"


class Opened(NamedTuple):
    """Hold the content of a bundle that was opened.

    `sender` is proved, and None where nothing proves it: with a passphrase and in version 1. `content` is JSON, of
    which `bundle_content` knows the parts.
    """

    header: Header
    content: bytes
    sender: Recipient | None

    def __repr__(self) -> str:
        return "Opened(…)"


def seal_for(content: bytes, community: str, to: Iterable[Recipient], sender: Identity) -> bytes:
    """Return a bundle that each of the recipients opens, and only they.

    Raises `TransferError` for no recipient or too many, and `PublicKeyUnusable`.
    """
    recipients = sorted(set(to), key=str)
    if not 0 < len(recipients) <= MOST_RECIPIENTS:
        raise TransferError(
            f"A bundle is for 1 to {MOST_RECIPIENTS:,} recipients, not for {counted(len(recipients), 'recipient')}.",
            "Name recipients with --to, or list them in strongroom.recipients.",
        )
    key = os.urandom(crypto.KEY_BYTES)
    info = bundle_header.first_lines(community)
    lines = bundle_header.for_recipients(
        community,
        [(recipient, public_keys.seal_for(recipient.public, info, key)) for recipient in recipients],
    )
    signed = sender.public + _padded(content)
    codes = [
        _code(sender.private, recipient.public, sender.public, recipient.public, lines + signed)
        for recipient in recipients
    ]
    return _finished(lines, _encrypt(key, b"", _CONTENT_INFO, lines, b"".join(codes) + signed))


def seal_with_passphrase(
    content: bytes, community: str, passphrase: SecretValue, stretching: kdf.Stretching | None = None
) -> bytes:
    """Return a bundle that `passphrase` opens. Raises EmptyValue for an empty one."""
    secret = _passphrase_bytes(passphrase)
    if not secret:
        raise EmptyValue("An empty passphrase protects nothing.", "Type one, several words long.")
    how = stretching or kdf.default_stretching()
    salt = os.urandom(bundle_header.SALT_BYTES)
    lines = bundle_header.for_passphrase(community, how, salt)
    key = kdf.stretch(secret, salt, how)
    return _finished(lines, _encrypt(key, salt, _PASSPHRASE_INFO, lines, _padded(content)))


def seal_again(opened: Opened, to: Iterable[Recipient], sender: Identity) -> bytes:
    """Return the bundle sealed again with new keys, for these recipients.

    Raises what `seal_for` raises.
    """
    if opened.header.version == 1:
        raise TransferError("The bundle is of an earlier version.", "Import it, and seal a new one.")
    return seal_for(opened.content.rstrip(b" "), opened.header.community, to, sender)


def check_form(data: bytes) -> Header:
    """Return the header of a bundle that is whole as far as can be seen without a key.

    Raises `BundleDamaged`.
    """
    return _parts(data)[0]


def open_with_passphrase(data: bytes, passphrase: SecretValue) -> Opened:
    """Return the content. Raises BundleDamaged or `BundleLocked`."""
    header, sealed = _parts(data)
    if header.stretching is None:
        raise BundleLocked("The bundle is for recipients, not for a passphrase.", "Open it with their vault.")
    key = kdf.stretch(_passphrase_bytes(passphrase), header.salt, header.stretching)
    try:
        return Opened(header, _decrypt(key, header.salt, _PASSPHRASE_INFO, header.lines, sealed), None)
    except crypto.Tampered:
        raise BundleLocked(
            "The passphrase does not open the bundle, or the bundle was changed on its way.",
            "Type it again; if it is right, ask for the bundle again.",
        ) from None


def open_with(data: bytes, identities: Sequence[Identity]) -> Opened:
    """Return the content of a bundle that was sealed for one of these identities.

    Raises BundleDamaged or BundleLocked.
    """
    header, sealed = _parts(data)
    recipients = [recipient.public for recipient in header.recipients]
    mine = next((one for one in identities if one.public in recipients), None)
    if mine is None:
        raise BundleLocked(
            "The bundle is not for this vault.",
            "Give its sender the recipient that `strongroom vault identity` prints; `vault rotate` changes it.",
        )
    try:
        if header.version == 1:
            return Opened(header, public_keys.open_with(mine.private, header.lines, sealed), None)
        return _open_with(header, sealed, mine, recipients.index(mine.public))
    except (crypto.Tampered, public_keys.PublicKeyUnusable):
        raise BundleDamaged("The bundle was changed on its way.", DAMAGED) from None


def _open_with(header: Header, sealed: bytes, mine: Identity, place: int) -> Opened:
    info = bundle_header.first_lines(header.community)
    key = public_keys.open_with(mine.private, info, header.keys[place])
    plain = _decrypt(key, b"", _CONTENT_INFO, header.lines, sealed)
    signed = plain[_CODE_BYTES * len(header.keys) :]
    sender, content = signed[: crypto.KEY_BYTES], signed[crypto.KEY_BYTES :]
    if len(sender) != crypto.KEY_BYTES:
        raise crypto.Tampered
    given = plain[_CODE_BYTES * place : _CODE_BYTES * (place + 1)]
    if not crypto.same(given, _code(mine.private, sender, sender, mine.public, header.lines + signed)):
        raise BundleDamaged(
            "The bundle was not sealed by the sender that it names.",
            "Ask the sender: another of its recipients may have changed it.",
        )
    return Opened(header, content, Recipient(sender))


def _code(private: bytes, other: bytes, sender: bytes, recipient: bytes, text: bytes) -> bytes:
    """Return a code over `text` that only the sender and this recipient can make."""
    info = crypto.pack("strongroom bundle sender", 2, sender, recipient)
    return crypto.mac(public_keys.agree(private, other, info), text)


def _parts(data: bytes) -> tuple[Header, bytes]:
    header = read_header(data)
    text = data.replace(b"\r\n", b"\n")[len(header.lines) :].rstrip(b"\n") + b"\n"
    try:
        sealed = b64decode(text)
    except ValueError:
        sealed = b""
    # Only the one way of writing these bytes is taken, so that a change of any character is a change.
    if not sealed or _lines(sealed) != text:
        raise BundleDamaged("The bundle is cut short, or a part of it was changed.", DAMAGED)
    return header, sealed


def _finished(lines: bytes, sealed: bytes) -> bytes:
    return lines + _lines(sealed)


def _lines(sealed: bytes) -> bytes:
    text = b64encode(sealed)
    return b"".join(text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))


def _padded(content: bytes) -> bytes:
    """Return JSON padded with spaces, so that its length says little of the values."""
    return content + b" " * (-len(content) % _PAD_BYTES)


def _encrypt(secret: bytes, salt: bytes, info: bytes, lines: bytes, plain: bytes) -> bytes:
    key, nonce = _key_and_nonce(secret, salt, info)
    return crypto.gcm_encrypt(key, nonce, plain, lines)


def _decrypt(secret: bytes, salt: bytes, info: bytes, lines: bytes, sealed: bytes) -> bytes:
    key, nonce = _key_and_nonce(secret, salt, info)
    return crypto.gcm_decrypt(key, nonce, sealed, lines)


def _key_and_nonce(secret: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes]:
    material = crypto.hkdf(secret, salt, info, crypto.KEY_BYTES + crypto.NONCE_BYTES)
    return material[: crypto.KEY_BYTES], material[crypto.KEY_BYTES :]


def _passphrase_bytes(passphrase: SecretValue) -> bytes:
    from unicodedata import normalize

    return normalize("NFC", passphrase.reveal()).encode("utf-8", "surrogatepass")
