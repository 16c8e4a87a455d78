"""Check who may see a file before it is opened, and make private files.

On POSIX a vault and a key file belong to the user and are ordinary files of mode 0600. A vault is never
reached through a symbolic link in its last part, a key file only through links that nobody else could have
laid. A folder of a vault that others can write to is refused, because they could put another file in its
place. A backup is sealed and checked before it is used, so these checks do not apply to it. On Windows the access
control list of the user's profile takes the place of all that, and only links are refused.
"""

import errno
import os
import stat

from strongroom.files.writing import create, remove_leftovers
from strongroom.store.errors import VaultExposed, VaultStorage
from strongroom.store.file import mounts, places

IS_POSIX = os.name == "posix"


def check_private_file(path: str, found: os.stat_result, what: str) -> None:
    """Raise `VaultExposed` if the file at `path` is open to others.

    `found` is the lstat of the file. `what` names it in the message ("The vault", "The key file").
    """
    if stat.S_ISLNK(found.st_mode):
        raise VaultExposed(
            f"{what} {path} is a symbolic link, and links are not followed.",
            f'Name the file itself: "{os.path.realpath(path)}".',
        )
    if not stat.S_ISREG(found.st_mode):
        raise VaultExposed(f"{what} {path} is not an ordinary file.", "Name a file.")
    if not IS_POSIX:
        return
    if found.st_uid != os.geteuid():
        raise VaultExposed(
            f"{what} {path} belongs to another user.",
            "Use one that belongs to you, or change its owner with chown.",
        )
    if found.st_mode & 0o077:
        raise VaultExposed(
            f"{what} {path} can be read or changed by others (mode {stat.S_IMODE(found.st_mode):04o}).",
            f"Run: chmod 600 {_quoted(path)}"
            if mounts.keeps_modes(path)
            else "Files have no modes of their own on this file system: keep it on another one.",
        )


_MOST_LINKS = 40


def follow_safe_links(path: str, what: str) -> str:
    """Return `path` with every link in it resolved.

    Raises `VaultExposed` for a link that another user made or could exchange, and OSError for a path that
    does not exist or has too many links.
    """
    if not IS_POSIX:
        return path
    trusted = (os.geteuid(), 0)
    ahead = os.path.abspath(path).split("/")[::-1]
    done = "/"
    links = 0
    while ahead:
        name = ahead.pop()
        if name in ("", "."):
            continue
        if name == "..":
            done = os.path.dirname(done)
            continue
        here = os.path.join(done, name)
        found = os.lstat(here)
        if not stat.S_ISLNK(found.st_mode):
            done = here
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        folder = os.lstat(done)
        # In a sticky folder such as /tmp others can add names, and not exchange ours.
        open_to_others = _others_can_write(folder) and not folder.st_mode & stat.S_ISVTX
        if found.st_uid not in trusted or folder.st_uid not in trusted or open_to_others:
            raise VaultExposed(
                f'{what} {path} is reached through the symbolic link "{here}", which another user could change.',
                f'Name the file itself: "{os.path.realpath(path)}".',
            )
        target = os.readlink(here)
        if target.startswith("/"):
            done = "/"
        ahead += target.split("/")[::-1]
    return done


def check_private_folder(folder: str) -> None:
    """Raise `VaultExposed` where others could replace what is stored in `folder`.

    The way out never changes the mode of a folder that may belong to others too: it names another place.
    """
    if not IS_POSIX:
        return
    found = os.stat(folder)
    if found.st_uid not in (os.geteuid(), 0):
        raise VaultExposed(
            f"The folder {folder} belongs to another user, who could replace what is stored in it.",
            _another_place(),
        )
    if _others_can_write(found):
        is_ours = os.path.realpath(folder) == os.path.realpath(places.data_folder())
        raise VaultExposed(
            f"The folder {folder} can be written to by others (mode {stat.S_IMODE(found.st_mode):04o}), who could "
            "replace what is stored in it.",
            f"Run: chmod 700 {_quoted(folder)}" if is_ours else _another_place(),
        )


def _another_place() -> str:
    place = os.path.join(places.data_folder(), places.VAULT_FILE)
    return (
        f"Keep the vault in a folder of your own, such as {place}: --vault FILE or STRONGROOM_VAULT names it."
    )


def _others_can_write(found: os.stat_result) -> bool:
    return bool(found.st_mode & 0o002 or (found.st_mode & 0o020 and not _is_own_group(found.st_gid)))


def _is_own_group(number: int) -> bool:
    """Return True if nobody but this user is in the group.

    Many systems give each user a group of their own (umask 002).
    """
    import grp
    import pwd

    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(number)
    except KeyError:
        return False
    others = {one.pw_name for one in pwd.getpwall() if one.pw_gid == number} | set(group.gr_mem)
    return group.gr_name == user.pw_name and others <= {user.pw_name}


def make_private_folder(folder: str) -> None:
    """Make `folder` (and those above it) with mode 0700 where it is missing."""
    if os.path.isdir(folder):
        return
    parent = os.path.dirname(folder)
    if parent and parent != folder:
        make_private_folder(parent)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise VaultStorage(
                f"{folder} is a file where a folder is needed.", "Choose another path."
            ) from None
    except OSError as error:
        raise storage_error(folder, error) from None


def create_private(path: str, content: bytes) -> None:
    """Write a new file of mode 0600 that survives a power cut.

    Raises FileExistsError, and OSError.
    """
    create(path, content, mode=0o600)
    sync_folder(os.path.dirname(path))


def write_new(path: str, content: bytes) -> None:
    """Write a new file, whole or not at all, and read it again.

    Raises FileExistsError or OSError.
    """
    temporary = f"{path}.new-{os.urandom(6).hex()}"
    try:
        create_private(temporary, content)
        with open(temporary, "rb") as file:
            if file.read() != content:
                raise OSError(errno.EIO, "it does not read back as it was written", path)
        publish(temporary, path)
    finally:
        remove_leftovers(temporary)


def publish(temporary: str, path: str) -> None:
    """Give the finished file `temporary` its name without ever overwriting.

    Raises FileExistsError.
    """
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError, AttributeError):
        # A file system without hard links: hold the name first, so that the rename replaces our own file.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(temporary, path)
    else:
        os.unlink(temporary)
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """Make a new name in `folder` survive a power cut.

    Does nothing where the system cannot do that (on Windows).
    """
    if not IS_POSIX:
        return
    descriptor = os.open(folder or ".", os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage_error(path: str, error: OSError) -> VaultStorage:
    """Return `error` in one plain sentence."""
    return VaultStorage(
        f"{path} could not be read or written: {(error.strerror or 'unknown error').lower()}.",
        "Check the disk and the permissions; nothing that was saved before is lost.",
    )


def _quoted(path: str) -> str:
    """Quote a path for a shell, in single quotes if anything in it is unusual."""
    if path.replace("/", "").replace(".", "").replace("_", "").replace("-", "").isalnum():
        return path
    return "'" + path.replace("'", "'\\''") + "'"
