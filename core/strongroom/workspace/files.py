"""Find connector files, and read and write their exact text.

By name, two files count (PLATFORM §4): `connectors_registry.json`, the one that the platform reads, and
`connectors.json`, the older one per widget. Build scripts, backups and collections put a prefix before those names
(`production.connectors_registry.json`, `e375776b__widgets__todo__connectors.json`). So a name that ends with one of
them after `.`, `_` or `-` counts as well. A file that is given by name always counts, whatever its name is, because
Code Mode exports one connector object under any name.
"""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here.

import codecs
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole
from strongroom.text.expressions import expression
from strongroom.workspace.belonging import Folder, PathFilter
from strongroom.workspace.identity import FileId, file_id

SIZE_LIMIT: Final = 10_000_000
"""The largest size of a file that is read, in bytes.

A connector file of 1 MB is already exceptional. The limit keeps a wrong file from filling memory.
"""

_NAME: Final = expression(r"(?:.*[._-])?connectors(?:_registry)?\.json", re.DOTALL)


class UnreadableFile(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Report a file that is missing, may not be read, or is not UTF-8 text."""


class Source:
    """Hold a file's text, and the parts that are needed to write it back unchanged.

    The text has no byte order mark. Line breaks are kept as they are, so that offsets are code points of the text on
    the disk. `mark` is the byte order mark that was before the text: `codecs.BOM_UTF8` or nothing.
    """

    __slots__ = ("mark", "path", "text")

    def __init__(self, path: str, text: str, mark: bytes = b"") -> None:
        self.path = path
        self.text = text
        self.mark = mark

    def encode(self, text: str) -> bytes:
        """Return `text` as the bytes that this file would hold."""
        return self.mark + text.encode("utf-8")


def is_connector_path(path: str) -> bool:
    """Return True if a file of this name is read when a whole folder is checked.

    The module's docstring has the names.
    """
    return _NAME.fullmatch(os.path.basename(path)) is not None


def find_connector_files(
    paths: Sequence[str],
    on_problem: Callable[[UnreadableFile], None] | None = None,
    path_filter: PathFilter | None = None,
    on_left_out: Callable[[str], None] | None = None,
    is_wanted: Callable[[str], bool] = is_connector_path,
) -> list[str]:
    """Return the connector files at or below `paths`, in a stable order.

    Each file is given once. A file is taken as it is, unless `exclude` matches it (`on_left_out` is called then). Below
    a folder, files count as `strongroom.workspace.belonging` says. Links to folders are left out, because a link can
    lead in a circle, or out of the workspace. A link that leads nowhere counts, so that reading it reports it. A folder
    that cannot be looked into is given to `on_problem`. Another `is_wanted`, which is given a file's name, finds files
    of another kind. Raises `UnreadableFile` for a path that does not exist.
    """
    found: dict[FileId, str] = {}
    chosen = path_filter or PathFilter()
    for path in paths:
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error
        if chosen.leaves_out(path):
            if on_left_out is not None:
                on_left_out(path)
        elif stat.S_ISDIR(status.st_mode):
            for file in walk_connector_files(path, on_problem or _ignore, is_wanted, chosen):
                if file is not None:
                    found.setdefault(file_id(file), file)
        else:
            found.setdefault(file_id(path), path)
    return list(found.values())


def read_source(path: str) -> Source:
    """Return the text of `path`.

    Raises `UnreadableFile` as `read_bytes` does, and for a file that is binary or in another encoding than UTF-8. The
    message has the byte offset.
    """
    return source_from(path, read_bytes(path))


def read_bytes(path: str, called: str = "", *, may_wait: bool = False) -> bytes:
    """Return the bytes of `path`, which messages name as `called`.

    Raises `UnreadableFile` for a file that is missing, may not be read or is larger than 10 MB. Without
    `may_wait`, it raises for a pipe, too, because a pipe without a writer waits for ever.
    """
    name = called or path
    try:
        kind = os.stat(path).st_mode
        if not (may_wait or stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            raise UnreadableFile(f"{name} is not a regular file.", "Use - to read from standard input.")
        with open(path, "rb") as stream:
            return within_limit(name, stream.read(SIZE_LIMIT + 1))
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error


def within_limit(name: str, data: bytes) -> bytes:
    """Return `data`, which was read up to one byte above the limit.

    Raises `UnreadableFile` if it is too large.
    """
    if len(data) > SIZE_LIMIT:
        raise UnreadableFile(f"{name} is larger than 10 MB.", "Is it the right file?")
    return data


def source_from(path: str, data: bytes) -> Source:
    """Return the text in `data`, which came from `path`.

    Raises `UnreadableFile` as `read_source` does.
    """
    within_limit(path, data)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(*_encoding_mistake(path, data, error.start + len(mark))) from error
    if "\0" in text:
        raise UnreadableFile(*_encoding_mistake(path, data, data.index(b"\0")))
    return Source(path, text, mark)


def read_text(path: str) -> str:
    """Return the text of `path` without its byte order mark.

    Raises `UnreadableFile` as `read_source` does.
    """
    return read_source(path).text


def write_source(source: Source, text: str) -> None:
    """Put `text` into the file of `source`, all of it or nothing.

    The file keeps its permissions and its byte order mark. Raises `UnreadableFile` if the file has changed since it was
    read, or may not be written.
    """
    # A link keeps its target: the target is replaced.
    target = os.path.realpath(source.path)
    try:
        with open(target, "rb") as stream:
            if stream.read() != source.encode(source.text):
                raise UnreadableFile(
                    f"{source.path} was changed by another program in the meantime.",
                    "Do it again: nothing was written.",
                )
        # Opening for writing asks the system if this file may be changed at all. Replacing it would not.
        with open(target, "r+b"):
            pass
        write_whole(target, source.encode(text))
    except OSError as error:
        raise UnreadableFile(f"{source.path} cannot be written: {error.strerror or error}.") from error


def _ignore(_problem: UnreadableFile) -> None:
    """Ignore a folder that cannot be looked into, as one without connector files."""


def walk_connector_files(
    folder: str,
    on_problem: Callable[[UnreadableFile], None] = _ignore,
    is_wanted: Callable[[str], bool] = is_connector_path,
    path_filter: PathFilter | None = None,
) -> Iterator[str | None]:
    """Yield the connector files below `folder`, and None after each folder.

    At each None the caller can do other work. Another `is_wanted`, which is given a file's name, finds files
    of another kind.
    """
    chosen = path_filter or PathFilter()
    yield from _walk(folder, chosen.root(folder), _Walk(on_problem, is_wanted, chosen))


class _Walk(NamedTuple):
    """Hold the options of one walk."""

    on_problem: Callable[[UnreadableFile], None]
    is_wanted: Callable[[str], bool]
    path_filter: PathFilter


def _walk(folder: str, rules: Folder, walk: _Walk) -> Iterator[str | None]:
    yield None
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        walk.on_problem(_unreadable(folder, error))
        return
    folders = []
    for entry in listed:
        path = entry.name if folder == os.curdir else os.path.join(folder, entry.name)
        if entry.is_dir(follow_symlinks=False):
            folders.append((entry.name, path))
        elif rules.takes(entry.name, walk.is_wanted) and not entry.is_dir():
            yield path
    for name, path in folders:
        below = walk.path_filter.child(rules, name)
        if below is not None:
            yield from _walk(path, below, walk)


def _unreadable(path: str, error: OSError | ValueError) -> UnreadableFile:
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableFile(f"{path} cannot be read: {reason}.")


_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def _encoding_mistake(path: str, data: bytes, offset: int) -> tuple[str, str]:
    """Return the sentence and the way out for bytes that are not UTF-8 text.

    `offset` is the first bad byte.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return f"{path} is written in {encoding}; JSON is UTF-8.", "Save the file as UTF-8."
    if b"\0" in data[:65536]:
        return f"{path} is not a text: it has a zero byte at offset {data.index(0)}.", "Is it the right file?"
    line = data.count(b"\n", 0, offset) + 1
    return (
        f"{path} is not valid UTF-8: byte 0x{data[offset]:02x} at offset {offset} (line {line}).",
        "Save the file as UTF-8.",
    )
