"""Derive the key that wraps the master key from a passphrase or 32 random bytes.

The numbers are written into the slot ("m=65536,t=3,p=4") and are read from a file that somebody may have
changed: they are held to limits before anything runs, so that no file can make Strongroom use up the machine.
"""

import re
from typing import NamedTuple

from strongroom.store.errors import NoKey, VaultAltered
from strongroom.store.format.crypto import KEY_BYTES, hkdf


class Stretching(NamedTuple):
    """Hold a key derivation: its name and its numbers, as a slot records them."""

    kdf: str
    params: str


ARGON2ID = Stretching("argon2id", "m=65536,t=3,p=4")
"""RFC 9106's second recommended choice, about 170 ms.

64 MiB (m is in KiB), 3 passes, 4 lanes.
"""

SCRYPT = Stretching("scrypt", "n=131072,r=8,p=1")
"""The choice where OpenSSL does not have Argon2id.

That is so for a `cryptography` with an OpenSSL before 3.2.
"""

HKDF = Stretching("hkdf-sha256", "")
"""The choice for secrets of 32 random bytes, which need no stretching."""

_LIMITS = {
    "argon2id": {"m": (8, 1 << 20), "t": (1, 20), "p": (1, 16)},
    "scrypt": {"n": (2, 1 << 20), "r": (1, 16), "p": (1, 16)},
    "hkdf-sha256": {},
}
_SCRYPT_WORK = 1 << 30
"""The most work for scrypt, in bytes: 128 n r p, a few seconds."""
_ARGON2ID_WORK = 1 << 22
"""The most work for Argon2id, in KiB: memory times passes, a few seconds."""
_INFO = b"strongroom slot key"


def default_stretching() -> Stretching:
    """Return Argon2id, or scrypt where this machine's OpenSSL has no Argon2id."""
    try:
        stretch(b"probe", b"0123456789abcdef", Stretching("argon2id", "m=8,t=1,p=1"))
    except NoKey:
        return SCRYPT
    return ARGON2ID


def stretch(secret: bytes, salt: bytes, how: Stretching) -> bytes:
    """Return 32 bytes from `secret`.

    Raises `VaultAltered` for numbers that no Strongroom writes.

    Raises `NoKey` for Argon2id on a machine whose OpenSSL does not have it.
    """
    numbers = parse_params(how)
    if how.kdf == "hkdf-sha256":
        return hkdf(secret, salt, _INFO, KEY_BYTES)
    if how.kdf == "argon2id":
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        try:
            return Argon2id(
                salt=salt,
                length=KEY_BYTES,
                iterations=numbers["t"],
                lanes=numbers["p"],
                memory_cost=numbers["m"],
            ).derive(secret)
        except UnsupportedAlgorithm:
            raise NoKey(
                "This slot was made with Argon2id, which this machine's OpenSSL does not have.",
                "Update it with: pip install --upgrade cryptography",
            ) from None
    import hashlib

    return hashlib.scrypt(
        secret,
        salt=salt,
        n=numbers["n"],
        r=numbers["r"],
        p=numbers["p"],
        maxmem=2 * _SCRYPT_WORK - 1,
        dklen=KEY_BYTES,
    )


def parse_params(how: Stretching) -> dict[str, int]:
    """Return the numbers, held to the limits. Raises `VaultAltered`."""
    limits = _LIMITS.get(how.kdf)
    found = re.findall(r"([a-z])=([0-9]{1,9})(?:,|\Z)", how.params)
    numbers = {key: int(value) for key, value in found}
    if (
        limits is None
        or ",".join(f"{key}={value}" for key, value in found) != how.params
        or list(numbers) != list(limits)
        or not all(low <= numbers[key] <= high for key, (low, high) in limits.items())
        or not _is_bearable(how.kdf, numbers)
    ):
        raise VaultAltered(
            f"A slot asks for a key derivation that no Strongroom writes ({how.kdf[:20]} {how.params[:60]}).",
            "The file was changed by something else: restore it from a backup.",
        )
    return numbers


def _is_bearable(kdf: str, numbers: dict[str, int]) -> bool:
    """Return True if the numbers go together and take seconds at most.

    Each number is within its limit already.
    """
    if kdf == "argon2id":
        return 8 * numbers["p"] <= numbers["m"] and numbers["m"] * numbers["t"] <= _ARGON2ID_WORK
    if kdf == "scrypt":
        is_power_of_two = numbers["n"] & (numbers["n"] - 1) == 0
        return is_power_of_two and 128 * numbers["n"] * numbers["r"] * numbers["p"] <= _SCRYPT_WORK
    return True
