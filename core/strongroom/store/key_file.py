"""The key file: 32 random bytes as text, three short lines.

    STRONGROOM KEY FILE 1
    <64 hexadecimal digits>
    check <8 hexadecimal digits: the start of a SHA-256 over the key>

The first line and the checksum tell a wrong or damaged file from a key that simply belongs to another vault.
"""

import hashlib
import os

from strongroom.store import files
from strongroom.store.errors import KeyFileInvalid

HEADER = "STRONGROOM KEY FILE 1"
_LONGEST = 4096


def create_key_file(path: str) -> bytes:
    """A new key, written to a new file of mode 0600. Raises FileExistsError, or VaultStorage."""
    key = os.urandom(32)
    files.make_private_folder(os.path.dirname(os.path.abspath(path)))
    try:
        files.create_private(path, f"{HEADER}\n{key.hex()}\ncheck {_check(key)}\n".encode("ascii"))
    except FileExistsError:
        raise
    except OSError as error:
        raise files.storage_error(path, error) from None
    return key


def read_key_file(path: str) -> bytes:
    """The 32 bytes. Raises KeyFileInvalid (missing, no key file, damaged) or VaultExposed.

    Links are followed where nobody but this user and root could have laid them: that is how machines hand
    secrets to containers and services.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        target = files.follow_safe_links(path, "The key file")
        files.check_private_file(path, os.lstat(target), "The key file")
        descriptor = os.open(target, flags)
        with os.fdopen(descriptor, "rb") as file:
            # Asked again of the open file: the name may have been given to another one in between.
            files.check_private_file(path, os.fstat(file.fileno()), "The key file")
            content = file.read(_LONGEST)
    except FileNotFoundError:
        raise KeyFileInvalid(
            f'There is no key file at "{path}".',
            "Name it with --key-file or STRONGROOM_KEY_FILE, or leave both out to use another way in.",
        ) from None
    except OSError as error:
        raise files.storage_error(path, error) from None
    return parse_key_file(path, content)


def parse_key_file(path: str, content: bytes) -> bytes:
    """The key in `content`. Raises `KeyFileInvalid`, naming `path`."""
    lines = content.decode("ascii", "replace").split()
    if lines[:4] != HEADER.split():
        raise KeyFileInvalid(
            f"{path} is not a Strongroom key file.",
            f"One begins with the line {HEADER!r}; name it with --key-file or STRONGROOM_KEY_FILE.",
        )
    try:
        digits, word, check = lines[4:]
        key = bytes.fromhex(digits)
    except ValueError:
        key, word, check = b"", "", ""
    if len(key) != 32 or word != "check" or check != _check(key):
        raise KeyFileInvalid(
            f"The key file {path} is damaged: its checksum does not fit.",
            "Use an undamaged copy of it, or another way in.",
        )
    return key


def _check(key: bytes) -> str:
    return hashlib.sha256(b"strongroom key file" + key).hexdigest()[:8]
