"""One item in the operating system's keyring, reached through a child process with a time limit.

Keyrings hang: on a locked collection that asks nobody, on a bus that does not answer. The child (see
`keyring_child`) is given a few seconds, and every failure ends in the same message with the ways out.
"""

import subprocess
import sys

from strongroom.store.errors import KeyringUnavailable

SECONDS = 4.5
"""So that, with the start of a process, the person has an answer within five."""
_CHILD = "strongroom.store.keyring_child"


def fetch(store_id: bytes) -> bytes:
    """The 32 bytes kept for this vault. Raises `KeyringUnavailable`."""
    secret = _ask("get", store_id)
    if len(secret) != 32:
        raise unavailable("the item that it holds for this vault is damaged")
    return secret


def keep(store_id: bytes, secret: bytes) -> bytes:
    """Keeps `secret` for this vault where nothing is kept yet; what is kept then, read back.

    Never overwrites: the slots that were made with what is kept open with nothing else. Raises
    `KeyringUnavailable`.
    """
    kept = _ask("keep", store_id, secret)
    if fetch(store_id) != kept:
        raise unavailable("it did not give back what was stored in it")
    return kept


def unavailable(why: str) -> KeyringUnavailable:
    """The one message that every failure of the keyring ends in. `why` is a clause."""
    return KeyringUnavailable(
        f"The system's keyring could not be used: {why}.",
        "Unlock the keyring and do it again, or open the vault another way: name a key file with "
        "--key-file or STRONGROOM_KEY_FILE, or set STRONGROOM_NO_KEYRING=1 to be asked for the passphrase.",
    )


def _ask(action: str, store_id: bytes, secret: bytes = b"") -> bytes:
    """What the child answers: `ok` and hexadecimal digits, or `no` and a clause."""
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-I", "-m", _CHILD, action, store_id.hex()],
            input=secret.hex().encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise unavailable(f"it did not answer within {SECONDS:g} seconds") from None
    except OSError as error:
        raise unavailable(f"its helper could not be started ({error.strerror})") from None
    word, _, rest = done.stdout.decode("utf-8", "replace").strip().partition(" ")
    if done.returncode == 0 and word == "ok":
        return bytes.fromhex(rest)
    raise unavailable(rest if word == "no" and rest else "its helper ended without an answer")
