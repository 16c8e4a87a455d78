"""Write and read a key file: 32 random bytes as text, three short lines.

    STRONGROOM KEY FILE 1
    <64 hexadecimal digits>
    check <8 hexadecimal digits: the start of a SHA-256 over the key>

The first line and the checksum distinguish a wrong or damaged file from a key that simply belongs to another vault.
"""

import hashlib
import os
import re
import select
import stat
from collections.abc import Callable

from strongroom.store.errors import KeyFileInvalid, VaultExposed
from strongroom.store.file import files, mounts
from strongroom.store.format import public_keys

HEADER = "STRONGROOM KEY FILE 1"
_LONGEST = 4096
_SECONDS_FOR_A_WRITER = 60.0
"""The seconds to wait for the writer of a pipe.

A password manager that writes to a pipe may ask somebody first.
"""


def create_key_file(path: str) -> bytes:
    """Return a new key, written to a new file of mode 0600.

    Raises FileExistsError, or VaultStorage.
    """
    key = os.urandom(32)
    files.make_private_folder(os.path.dirname(os.path.abspath(path)))
    try:
        files.create_private(path, f"{HEADER}\n{key.hex()}\ncheck {_check(key)}\n".encode("ascii"))
    except FileExistsError:
        raise
    except OSError as error:
        raise files.storage_error(path, error) from None
    return key


def read_key_file(path: str, tell: Callable[[str], None] | None = None) -> bytes:
    """Return the 32 bytes of the key.

    Raises KeyFileInvalid (missing, not a key file, damaged) or VaultExposed.

    Links are followed where nobody but this user and root could have laid them: that is how machines hand
    secrets to containers and services. A pipe is read to its end. Where a file's owner cannot choose who reads it,
    `tell` is called with a sentence that says who can.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        if _is_descriptor(path):
            # What `<(command)` names: a pipe of this process, which no path but this one leads to.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        else:
            target = files.follow_safe_links(path, "The key file")
            _check_access(path, target, os.lstat(target))
            descriptor = os.open(target, flags)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            # The open file is checked again: another file may have got the name in between.
            found = os.fstat(file.fileno())
            remark = _check_access(path, path, found)
            content = _read_pipe(path, file.fileno()) if stat.S_ISFIFO(found.st_mode) else file.read(_LONGEST)
    except FileNotFoundError:
        raise KeyFileInvalid(
            f'There is no key file at "{path}".',
            "Name it with --key-file or STRONGROOM_KEY_FILE, or leave both out to use another way in.",
        ) from None
    except OSError as error:
        raise files.storage_error(path, error) from None
    key = parse_key_file(path, content or b"")
    if remark and tell is not None:
        tell(remark)
    return key


def _check_access(path: str, target: str, found: os.stat_result) -> str:
    """Return a remark about who else can read the key file, or "".

    Raises `VaultExposed` if that is not accepted. `target` is where `path` leads. Others may read it only if
    this user cannot change that: root owns it (a secret that a container was given), or the file system is
    read-only or has no modes (a stick).
    """
    if not files.IS_POSIX or not (stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode)):
        files.check_private_file(path, found, "The key file")
        return ""
    if found.st_uid == os.geteuid() and not found.st_mode & 0o077:
        return ""
    mode = stat.S_IMODE(found.st_mode)
    without_modes = stat.S_ISREG(found.st_mode) and not mounts.keeps_modes(target)
    fixed = found.st_uid == 0 and os.geteuid() != 0
    read_only = bool(os.statvfs(target).f_flag & os.ST_RDONLY)
    is_accepted = found.st_uid in (os.geteuid(), 0) and (
        without_modes or (not mode & 0o022 and (fixed or read_only))
    )
    if not is_accepted:
        if stat.S_ISFIFO(found.st_mode):
            raise VaultExposed(
                f"The key file {path} is a pipe that others can use (mode {mode:04o}).",
                "Make it with: mkfifo -m 600",
            )
        files.check_private_file(path, found, "The key file")
    if not mode & 0o004:
        return ""  # a group that was chosen for the file
    why = "its file system has no modes" if without_modes else "this user cannot change that"
    return (
        f"The key file {path} can be read by others on this machine (mode {mode:04o}; {why}): "
        "everybody who has it and the vault reads the secrets."
    )


def _is_descriptor(path: str) -> bool:
    return (
        files.IS_POSIX and re.fullmatch(r"/dev/fd/\d+|/dev/stdin|/proc/(?:self|\d+)/fd/\d+", path) is not None
    )


def _read_pipe(path: str, descriptor: int) -> bytes:
    """Return the bytes that a pipe gives until its writer is done.

    Raises `KeyFileInvalid` if nothing comes.
    """
    content = b""
    while len(content) < _LONGEST:
        if not select.select([descriptor], [], [], _SECONDS_FOR_A_WRITER)[0]:
            break
        piece = os.read(descriptor, _LONGEST)
        if not piece:
            break
        content += piece
    if not content:
        raise KeyFileInvalid(
            f"The key file {path} is a pipe, and nothing came from it: it was read already, or nobody writes to it.",
            "A pipe gives its key once. Name a file where a command needs the key twice.",
        )
    return content


def parse_key_file(path: str, content: bytes) -> bytes:
    """Return the key in `content`. Raises `KeyFileInvalid`, naming `path`."""
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


def private_key(key: bytes) -> bytes:
    """Return the private key of the identity that a key file is (see `identity`)."""
    return public_keys.derive_private(key, b"", b"strongroom key file identity")
