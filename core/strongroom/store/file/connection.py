"""Open a vault's SQLite file, and say in plain words what SQLite refused.

The settings are measured ones: a rollback journal (the WAL of many SQLite versions can lose acknowledged
commits), synchronous=EXTRA (the only setting that lost nothing in simulated power cuts), secure_delete, and
nothing in the file's schema trusted. Within one process a vault file is only ever opened by SQLite: opening
and closing it by other means would drop the process's locks on it (POSIX), so its size and mode come from
`stat`.
"""

import os
import sqlite3
import stat
from types import TracebackType

from strongroom.errors import StrongroomError
from strongroom.store.errors import (
    VaultAltered,
    VaultBusy,
    VaultClosed,
    VaultDamaged,
    VaultExposed,
    VaultForeign,
    VaultMissing,
    VaultNewer,
    VaultStorage,
)
from strongroom.store.file import files, mounts
from strongroom.store.format.schema import APPLICATION_ID, FORMAT

BUSY_SECONDS = 10.0
"""The seconds that a read or write waits for another process.

After that time it gives up with `VaultBusy`.
"""


def connect(path: str, *, write: bool, sealed: bool = False) -> sqlite3.Connection:
    """Return an open vault, checked to be one and to be private.

    `write=False` sets query_only. With `sealed` it is a copy that is only read, and checked before it is
    used: anybody may have it, anywhere.

    Readers open read-write too: after a writer crashed, only a connection that may write can roll its journal
    back, and a read-only one fails instead.
    """
    check_vault_file(path, sealed=sealed)
    with explained(path):
        connection = open_database(path)
        try:
            _identify(connection, path)
            _leave_wal(connection)
            if not write:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
    return connection


_SAFETY = {"ENABLE_TRIGGER": False, "ENABLE_VIEW": False, "DEFENSIVE": True, "TRUSTED_SCHEMA": False}


def open_database(path: str) -> sqlite3.Connection:
    """Return a connection with this product's settings to an existing file.

    What is in the file is not looked at.
    """
    connection = sqlite3.connect(
        _uri(path),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in (
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "secure_delete=ON",
        "synchronous=EXTRA",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    for setting, on in _SAFETY.items():
        number = getattr(sqlite3, f"SQLITE_DBCONFIG_{setting}", None)
        if number is not None:  # from Python 3.12 on
            getattr(connection, "setconfig")(number, on)  # noqa: B009  # unknown to the types of 3.11
    connection.set_authorizer(_refuse_hidden)
    return connection


def _refuse_hidden(
    _action: int, _first: str | None, _second: str | None, _database: str | None, source: str | None
) -> int:
    """Refuse what a trigger or a view (`source`) would do.

    No statement of Strongroom goes through one. SQLite asks while it prepares a statement, before anything of
    it is done.
    """
    return sqlite3.SQLITE_OK if source is None else sqlite3.SQLITE_DENY


def check_vault_file(path: str, *, sealed: bool = False) -> None:
    """Raise `VaultMissing` or `VaultExposed` before anything is opened.

    A `sealed` copy may be seen by anybody.
    """
    try:
        found = os.stat(path) if sealed else os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise VaultMissing(
            f'There is no vault at "{path}".',
            "Make one with `strongroom vault init`, or name another with --vault or STRONGROOM_VAULT.",
        ) from None
    except OSError as error:
        raise files.storage_error(path, error) from None
    except ValueError:
        raise VaultMissing("A path cannot hold a null character.", "Name another path.") from None
    if stat.S_ISDIR(found.st_mode):
        raise VaultForeign(f"{path} is a folder, not a vault.", "Name the vault's file.")
    if sealed:
        if not stat.S_ISREG(found.st_mode):
            raise VaultForeign(f"{path} is not an ordinary file.", "Name a file.")
        return
    files.check_private_file(path, found, "The vault")
    files.check_private_folder(os.path.dirname(os.path.abspath(path)))
    mounts.refuse_network(path)
    try:
        journal = os.lstat(path + "-journal")
    except OSError:
        return
    # SQLite would play a journal back into the vault: a journal of somebody else is refused.
    files.check_private_file(path + "-journal", journal, "The vault's journal")


def _uri(path: str) -> str:
    """Return an SQLite `file:` URI that can hold any path."""
    text = os.path.abspath(path)
    if not files.IS_POSIX:
        text = "/" + text.replace("\\", "/")
    return "file://" + text.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=rw"


RESTORE = "Restore it from a backup; the file was left as it is."


def _identify(connection: sqlite3.Connection, path: str) -> None:
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise VaultForeign(
            f"{path} is not a Strongroom vault: it is empty or another program's database.",
            "Name the vault with --vault or STRONGROOM_VAULT; this file was left as it is.",
        )
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise VaultNewer(
            f"{path} has format {version}, and this Strongroom knows formats up to {FORMAT}.",
            "Update Strongroom with: pip install --upgrade strongroom",
        )
    if version < 1:
        raise VaultDamaged(f"{path} does not say which format it has.", RESTORE)


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Give a vault that somebody put into WAL mode its rollback journal back.

    The change is made under an exclusive lock.
    """
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        return
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").close()
    mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    connection.execute("PRAGMA locking_mode=NORMAL").close()
    connection.execute("SELECT 1 FROM vault").fetchall()  # the lock is let go at the next read
    if mode != "delete":
        raise sqlite3.OperationalError("database is locked")


class explained:  # noqa: N801  # reads as a word in `with explained(path):`
    """Turn an error of SQLite in the block into one of this package's, about `path`."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error):
            raise explain(self._path, error) from None
        if isinstance(
            error, UnicodeDecodeError
        ):  # damaged text in a row, or in SQLite's own message about one
            raise damaged(self._path) from None


def damaged(path: str) -> VaultDamaged:
    """Return the error for a part that cannot be read."""
    return VaultDamaged(
        f"{path} is damaged or was cut short, or its disk fails: a part of the vault cannot be read.",
        "Check the disk. If it is sound, restore the vault from a backup. The file was left as it is.",
    )


def explain(path: str, error: sqlite3.Error) -> StrongroomError:
    """Return the error that `error` is for the person whose vault is at `path`."""
    if isinstance(error, sqlite3.ProgrammingError):
        return VaultClosed("The vault is locked.", "Unlock it again.")
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        code = sqlite3.SQLITE_BUSY if "locked" in str(error) else sqlite3.SQLITE_CORRUPT
    reason = _REASONS.get(code & 0xFF)
    if reason is None:
        return damaged(path)
    kind, sentence, way_out = reason
    return kind(sentence.format(path=path), way_out)


_SPACE = "Make room or mend the disk and do it again; everything that was saved before is untouched."
_REASONS: dict[int, tuple[type[StrongroomError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        VaultBusy,
        f"Another process kept {{path}} locked for {BUSY_SECONDS:.0f} seconds.",
        "Let it finish or end it, and do it again; nothing was changed.",
    ),
    sqlite3.SQLITE_LOCKED: (
        VaultBusy,
        "{path} is being used by another part of this program.",
        "Do it again.",
    ),
    sqlite3.SQLITE_FULL: (VaultStorage, "The disk is full: {path} could not be written.", _SPACE),
    sqlite3.SQLITE_IOERR: (VaultStorage, "Reading or writing {path} failed.", _SPACE),
    sqlite3.SQLITE_CANTOPEN: (
        VaultStorage,
        "{path} or its journal could not be opened.",
        "Check that you may write to its folder, and that the disk is neither full nor broken.",
    ),
    sqlite3.SQLITE_READONLY: (
        VaultStorage,
        "{path} cannot be written to.",
        "Check the permissions of the file, its folder and the disk.",
    ),
    sqlite3.SQLITE_PERM: (VaultExposed, "You may not open {path}.", "Check who owns it."),
    sqlite3.SQLITE_NOTADB: (
        VaultForeign,
        "{path} is not a Strongroom vault, or its first bytes are damaged.",
        "Name the vault with --vault or STRONGROOM_VAULT, or restore a backup; the file was left as it is.",
    ),
    sqlite3.SQLITE_AUTH: (
        VaultAltered,
        "{path} holds a trigger or a view that Strongroom did not make; nothing of it was run.",
        "Run `strongroom vault verify`, which names it, or restore a backup; the file was left as it is.",
    ),
    sqlite3.SQLITE_TOOBIG: (VaultStorage, "A value is too long for {path}.", "Store a shorter one."),
}
