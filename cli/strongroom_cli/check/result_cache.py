"""Keep the findings of unchanged files in the user's cache folder.

Each workspace has one small file. An entry's key is a hash of everything that its findings depend on: the
bytes of the file, the names of the communities, the connectors that code may call, the levels of the rules,
and the code of the rules. So an entry can be missing and cannot be stale. An entry has places and messages.
It has no file's text and no secret's value. Only the owner can read the file, and its first line is its own
hash, which shows damage.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from typing import Final

import strongroom
from strongroom.files.writing import write_whole
from strongroom.names import Names
from strongroom.version import __version__
from strongroom.widgets.scripts import is_widget_path
from strongroom.workspace.files import SIZE_LIMIT, source_from
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker
from strongroom_cli.check.file_results import Plain, from_plain, has_findings

ENTRIES: Final = 20_000
"""The number of entries of a workspace."""
SIZE: Final = 32 * 1024 * 1024
"""The bytes of the largest cache file that is written."""
WORKSPACES: Final = 50
"""The number of cache files. The one with the oldest write is removed first."""
CODE: Final = (
    "",
    "text",
    "platform",
    "document",
    "widgets",
    "validator",
    "validator/calls",
    "validator/rules",
)
"""The folders of the core whose code makes findings."""


class ResultCache:
    """Hold the cache of the workspace in the current folder."""

    def __init__(self, file: str, checker: Checker) -> None:
        self.file = file
        self.checker = checker
        self._known = dict(_read(file))
        self._used: dict[str, str] = {}
        self._is_changed = False
        self._code = _digest(__version__, sys.version, *_code_files())
        self._contexts: dict[tuple[int, object, int], bytes] = {}

    @classmethod
    def open(cls, checker: Checker) -> "ResultCache | None":
        """Return the cache, or None without a folder for one."""
        folder = cache_folder()
        if not folder:
            return None
        return cls(os.path.join(folder, f"{_digest(os.getcwd()).hex()[:32]}.check"), checker)

    def look_up(self, path: str) -> CheckedFile | None:
        """Return the file with its findings; None if the cache has none for its bytes."""
        if not self._known:
            return None
        try:
            with open(path, "rb") as stream:
                data = stream.read(SIZE_LIMIT + 1)
        except (OSError, ValueError):
            return None
        key = self.key(path, data)
        entry = self._known.get(key)
        if entry is None:
            return None
        self._used[key] = entry
        plain = json.loads(entry)
        return from_plain(path, source_from(path, data).text if has_findings(plain) else "", plain)

    def key(self, path: str, data: bytes) -> str:
        """Return the key of a file with these bytes.

        The path decides which settings count.
        """
        context = self.checker.context_of(path)
        rules = self.checker.rules_for(context.settings, path)
        connectors = self.checker.projects.connectors(path) if is_widget_path(path) else None
        place = (id(context), rules, id(connectors))
        key = self._contexts.get(place)
        if key is None:
            lists = self.checker.parsed.lists
            chosen = (sorted(lists.get("select", ())), sorted(lists.get("ignore", ())))
            names = [_plain_names(names) for names in context.names]
            called = (connectors.all(), connectors.is_complete) if connectors is not None else ()
            key = _digest(repr((rules, chosen, names, called)), self._code.hex())
            self._contexts[place] = key
        return hashlib.blake2b(data, digest_size=16, key=key).hexdigest()

    def add(self, key: str, plain: Plain) -> None:
        """Add the findings of one file."""
        self._used[key] = json.dumps(plain, separators=(",", ":"))
        self._is_changed = True

    def save(self) -> None:
        """Write the entries of this run, and earlier ones up to the limit.

        A cache that cannot be written is not an error, because the next run does the work again.
        """
        if not self._is_changed:
            return
        older = ((key, entry) for key, entry in self._known.items() if key not in self._used)
        kept = [*self._used.items(), *older][:ENTRIES]
        body = "".join(f"{key} {entry}\n" for key, entry in kept).encode()
        if len(body) > SIZE:
            return
        try:
            os.makedirs(os.path.dirname(self.file), mode=0o700, exist_ok=True)
            write_whole(self.file, _digest_of(body) + b"\n" + body, mode=0o600, durable=False)
            _remove_oldest(os.path.dirname(self.file))
        except OSError:
            return


def cache_folder() -> str:
    """Return the cache folder (`~/.cache/strongroom` on Linux), or "" without one."""
    # Compared as a plain text, because a type checker on Linux calls the rest unreachable.
    if str(sys.platform) == "linux":
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        return os.path.join(base, "strongroom") if os.path.isabs(base) else ""
    import platformdirs

    return platformdirs.user_cache_dir("strongroom", appauthor=False)


def _read(file: str) -> Iterator[tuple[str, str]]:
    """Yield the entries of a cache file. A missing, damaged or foreign file has none."""
    try:
        with open(file, "rb") as stream:
            status = os.fstat(stream.fileno())
            if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
                return
            head, _, body = stream.read(SIZE + 256).partition(b"\n")
    except OSError:
        return
    if head != _digest_of(body):
        return
    for line in body.decode("ascii").splitlines():
        key, _, entry = line.partition(" ")
        yield key, entry


def _remove_oldest(folder: str) -> None:
    with os.scandir(folder) as entries:
        files = sorted(
            (entry.stat().st_mtime, entry.path) for entry in entries if entry.name.endswith(".check")
        )
    for _, path in files[:-WORKSPACES]:
        os.unlink(path)


def _plain_names(names: Names) -> tuple[object, ...]:
    """Return all that a rule can see of a list of names."""
    return (
        names.knowledge.value,
        names.community,
        sorted(map(tuple, names.by_name.values())),
        [_plain_names(other) for other in names.others],
    )


def _code_files() -> Iterator[str]:
    """Yield the name, size and time of each file of the code that makes findings."""
    package = os.path.dirname(strongroom.__file__)
    for part in CODE:
        with os.scandir(os.path.join(package, part)) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    yield f"{part}/{entry.name} {status.st_size} {status.st_mtime_ns}"


def _digest(*texts: str) -> bytes:
    return hashlib.blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=32).digest()


def _digest_of(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).hexdigest().encode()
