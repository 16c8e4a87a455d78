"""Keep the master key of a vault in memory, for a stated time.

So several commands in a row ask for the passphrase once. Only `strongroom vault unlock` keeps a key, and
`strongroom vault lock` forgets it. On Linux the key is in the kernel's key store of this user, which never
writes it to a disk and drops it by itself when its time is over. Where a container forbids that, it is in a
file of mode 0600 in a folder of mode 0700 on a file system that is in memory (`$XDG_RUNTIME_DIR`, else
/dev/shm). Elsewhere nothing is remembered, and that is said. What this costs: docs/threat-model.md.
"""

import os
import platform
import stat
import sys
import time
from collections.abc import Iterator

from strongroom.files.writing import remove_leftovers
from strongroom.store.errors import CannotRemember
from strongroom.store.file import files, mounts
from strongroom.store.format import crypto

_NAME = "strongroom"
"""The name of this user's keys and folders, by which all are found again."""

LONGEST_SECONDS = 12 * 3600
_MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})


def remember(store_id: bytes, master: bytes, seconds: int) -> None:
    """Keep `master` for `seconds`, over an earlier key. Raises `CannotRemember`."""
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise CannotRemember(
            "A vault can stay unlocked for 1 second to 12 hours.", "Choose a time such as 15m or 2h."
        )
    forget(store_id)
    if not (_kernel_put(store_id, master, seconds) or _file_put(store_id, master, seconds)):
        raise CannotRemember(
            "This machine has no place in memory where the key could be kept for a while.",
            "On Linux that is the kernel's key store or $XDG_RUNTIME_DIR on a tmpfs. Use a key file or the "
            "system's keyring instead: both open the vault without a question.",
        )


def recall(store_id: bytes) -> bytes | None:
    """Return the master key that is kept for this vault now, or None."""
    found = _kernel_get(store_id) or _file_get(store_id)
    return found if found is not None and len(found) == crypto.KEY_BYTES else None


def forget(store_id: bytes) -> bool:
    """Drop the key of this vault. Return True if one was kept."""
    in_kernel, in_file = _kernel_drop(store_id), _file_drop(store_id)
    return in_kernel or in_file


def forget_all() -> int:
    """Drop every key that is kept for this user, and return their number."""
    return _kernel_drop_all() + _file_drop_all()


# --- the kernel's key store (add_key(2), keyctl(2)), by system call: no other program and no library is needed

_SYSTEM_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219), "riscv64": (217, 219)}
_USER_KEYRING = -4  # KEY_SPEC_USER_KEYRING: every process of this user has the same one
_SETPERM, _DESCRIBE, _UNLINK, _SEARCH, _READ, _SET_TIMEOUT, _REVOKE = 5, 6, 9, 10, 11, 15, 3
_OWNER_ONLY = 0x3F3F0000  # everything to the possessor and the user, nothing to group and others


def _call(which: int, *arguments: object) -> int:
    """Make one of the two system calls.

    The result is negative if the call failed or does not exist.
    """
    numbers = _SYSTEM_CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if numbers is None or sys.maxsize < 1 << 32:
        return -1
    import ctypes

    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    syscall = ctypes.CDLL(None).syscall
    syscall.restype = ctypes.c_long
    result: int = syscall(ctypes.c_long(numbers[which]), *wide)
    return result


def _description(store_id: bytes) -> bytes:
    return f"{_NAME}:{store_id.hex()}".encode()


def _kernel_key(store_id: bytes) -> int:
    return _call(1, _SEARCH, _USER_KEYRING, b"user", _description(store_id), 0)


def _kernel_put(store_id: bytes, master: bytes, seconds: int) -> bool:
    key = _call(0, b"user", _description(store_id), master, len(master), _USER_KEYRING)
    if key < 0:
        return False
    if _call(1, _SET_TIMEOUT, key, seconds) < 0 or _call(1, _SETPERM, key, _OWNER_ONLY) < 0:
        _kernel_drop(store_id)
        return False
    return _kernel_get(store_id) == master  # a later process can read the key, too


def _kernel_get(store_id: bytes) -> bytes | None:
    key = _kernel_key(store_id)
    if key < 0:
        return None
    import ctypes

    buffer = ctypes.create_string_buffer(crypto.KEY_BYTES + 1)
    length = _call(1, _READ, key, buffer, len(buffer))
    return buffer.raw[:length] if length > 0 else None


def _kernel_drop(store_id: bytes) -> bool:
    key = _kernel_key(store_id)
    return key >= 0 and _kernel_end(key)


def _kernel_end(key: int) -> bool:
    _call(1, _REVOKE, key)
    return _call(1, _UNLINK, key, _USER_KEYRING) >= 0


def _kernel_drop_all() -> int:
    listed = _kernel_read(_READ, _USER_KEYRING)
    keys = [
        int.from_bytes(listed[at : at + 4], sys.byteorder, signed=True) for at in range(0, len(listed), 4)
    ]
    # Described as "user;uid;gid;permissions;description", for a key of the type that `_kernel_put` makes.
    return sum(
        _kernel_end(key)
        for key in keys
        if (said := _kernel_read(_DESCRIBE, key)).startswith(b"user;")
        and said.split(b";", 4)[-1].startswith(f"{_NAME}:".encode())
    )


def _kernel_read(operation: int, key: int) -> bytes:
    """Return all that the kernel answers, or nothing if it refuses."""
    import ctypes

    length = _call(1, operation, key, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 0) + 64)
    length = _call(1, operation, key, buffer, len(buffer))
    return buffer.raw[: max(length, 0)]


# --- a file on a file system in memory


def _file_put(store_id: bytes, master: bytes, seconds: int) -> bool:
    path = _file(store_id)
    if path is None:
        return False
    content = f"{_clock() + seconds:.0f} {master.hex()}\n".encode("ascii")
    try:
        files.make_private_folder(os.path.dirname(path))
        files.create_private(path, content)
    except OSError:
        return False
    return True


def _file_get(store_id: bytes) -> bytes | None:
    path = _file(store_id)
    if path is None:
        return None
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o600:
                return None
            until, digits = file.read(256).split()
        if _clock() < int(until):
            return bytes.fromhex(digits.decode("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        pass  # the file is damaged, or its time is over: it is dropped below
    _file_drop(store_id)
    return None


def _file_drop(store_id: bytes) -> bool:
    path = _file(store_id)
    try:
        if path is not None:
            os.unlink(path)
            return True
    except OSError:
        return False
    return False


def _file_drop_all() -> int:
    found = [
        os.path.join(folder, name)
        for folder in _folders()
        if os.path.isdir(folder)
        for name in os.listdir(folder)
        if len(name) == 32 and not set(name) - set("0123456789abcdef")
    ]
    remove_leftovers(*found)
    return sum(not os.path.lexists(path) for path in found)


def _file(store_id: bytes) -> str | None:
    """Return the path of the key's file, or None if no folder of ours is in memory."""
    return next((os.path.join(folder, store_id.hex()) for folder in _folders()), None)


def _folders() -> Iterator[str]:
    """Yield the folders in memory that may be used, the first of which is used.

    They are Strongroom's own, or missing so far.
    """
    if not files.IS_POSIX:
        return
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for parent, name in ((runtime, _NAME), ("/dev/shm", f"{_NAME}-{os.geteuid()}")):  # noqa: S108 - made 0700 and checked to be ours
        if not parent.startswith("/") or not os.path.isdir(parent):
            continue
        if mounts.file_system(parent) not in _MEMORY_FILE_SYSTEMS:
            continue
        folder = os.path.join(parent, name)
        try:
            found = os.lstat(folder)
        except OSError:
            yield folder
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077:
            yield folder


def _clock() -> float:
    """Return the seconds since the machine started, sleep included.

    Setting the clock back does not prolong the time.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.time()
