"""Find the file system that a path is on.

Because SQLite's locks do not hold on a network file system, two machines that write at once would break the vault.

On Linux the system's own table of mounts says it, on macOS statfs(2); on Windows a network path looks like one.
"""

import os
import sys

from strongroom.store.errors import VaultStorage

MOUNTS = "/proc/self/mountinfo"
# fmt: off
NETWORK = frozenset({
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda",
    "davfs", "fuse.ceph", "fuse.davfs2", "fuse.gcsfuse", "fuse.glusterfs", "fuse.rclone",
    "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs", "gfs2", "glusterfs", "gpfs",
    "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs",
    "smb2", "smb3", "smbfs", "webdav",
})
WITHOUT_MODES = frozenset({
    "9p", "cifs", "drvfs", "exfat", "fuseblk", "msdos", "ntfs", "ntfs3", "smb2", "smb3", "smbfs", "vfat",
})
# fmt: on


def refuse_network(path: str) -> None:
    """Raise `VaultStorage` for a vault on a network file system.

    An environment variable can allow it.
    """
    if os.environ.get("STRONGROOM_ALLOW_NETWORK_VAULT", "") not in ("", "0"):
        return
    kind = file_system(path)
    if kind in NETWORK or _is_windows_share(path):
        raise VaultStorage(
            f"{path} is on a network file system{f' ({kind})' if kind else ''}, where two machines that write "
            "at once can destroy the vault.",
            "Keep the vault on a local disk. If only one machine ever writes to it, set "
            "STRONGROOM_ALLOW_NETWORK_VAULT=1.",
        )


def keeps_modes(path: str) -> bool:
    """Return True if a file's owner can choose its mode there.

    A stick or a share shows one mode for all files.
    """
    return file_system(path) not in WITHOUT_MODES


_SYSTEMS = ("linux", "darwin")


def file_system(path: str) -> str:
    """Return the kind of file system that `path` is on; "" if unknown.

    If `path` does not exist, the nearest existing folder above it counts.
    """
    if sys.platform not in _SYSTEMS:
        return ""
    while not os.path.exists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    if sys.platform == "darwin":
        return kind_in_statfs(_statfs(path))
    try:
        device = os.stat(path).st_dev
        with open(MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            table = file.read()
    except OSError:
        return ""
    return find_kind(table, f"{os.major(device)}:{os.minor(device)}", os.path.realpath(path))


def find_kind(table: str, device: str, path: str) -> str:
    """Return the kind in mountinfo's lines (proc(5)), by device number, else by path."""
    by_folder: dict[str, str] = {}
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        columns = before.split(" ")
        if len(columns) < 5 or not after:
            continue
        kind = after.split(" ", 1)[0]
        if columns[2] == device:
            return kind
        by_folder[_unescape(columns[4])] = kind  # the last one mounted at a folder is the one that counts
    while path not in by_folder and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return by_folder.get(path, "")


def kind_in_statfs(answer: bytes) -> str:
    """Return the kind (f_fstypename) in macOS's `struct statfs` with 64-bit inodes.

    It has 16 bytes, from byte 72 on.
    """
    return answer[72:88].split(b"\0", 1)[0].decode("ascii", "replace")


def _statfs(path: str) -> bytes:
    """Return macOS's statfs of the file system of `path`, empty if it gives none."""
    import ctypes

    library = ctypes.CDLL(None)
    # On Intel the function with the old, shorter structure still has the plain name.
    function = getattr(library, "statfs$INODE64", None) or library.statfs
    answer = ctypes.create_string_buffer(4096)
    return answer.raw if function(os.fsencode(path), answer) == 0 else b""


def _unescape(folder: str) -> str:
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        folder = folder.replace(escape, character)
    return folder


def _is_windows_share(path: str) -> bool:
    return os.name == "nt" and os.path.abspath(path).startswith(("\\\\", "//"))
