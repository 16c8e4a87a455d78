"""Renaming a secret, variable, path parameter or step: the exact edits, and applying them to files.

Planning reads and changes nothing, so a screen can show what would happen. Applying changes all files or, as far as
a file system allows it, none: every new text is written beside its file before the first file is replaced, and
when a replacement fails, those before it are taken back.
"""

import os
import re
import stat
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from strongroom.document import Document, encode
from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.platform.fields import STEP_NAME_PATTERN
from strongroom.platform.naming import is_valid_name, why_invalid
from strongroom.validator.findings import Edit
from strongroom.workspace.files import Source, UnreadableFile, read_source
from strongroom.workspace.references import Occurrence, Symbol, Thing, same_symbol


class InvalidNewName(StrongroomError):  # noqa: N818 - reads as what it says
    """The new name is none that the platform takes, or it is taken."""


class FileRename(NamedTuple):
    """What a rename changes in one file: `edits` are in source offsets, in order, and do not overlap."""

    source: Source
    edits: tuple[Edit, ...]

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def text(self) -> str:
        """The whole new text."""
        return apply_edits(self.source.text, self.edits)


class RenamePlan(NamedTuple):
    """What a rename changes in all files; `files` has only those with an edit, `unread` those that cannot be read."""

    old: str
    new: str
    files: tuple[FileRename, ...]
    unread: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many places change."""
        return sum(len(file.edits) for file in self.files)


def check_new_name(symbol: Symbol, new: str) -> None:
    """Raise `InvalidNewName` where the platform would not take `new` for this kind of thing."""
    if symbol.thing is Thing.NAME and not is_valid_name(new):
        raise InvalidNewName(
            f"`{new}` is no name for a secret or variable: it {why_invalid(new)}.",
            "Use letters, digits and underscores; not a digit first.",
        )
    if symbol.thing is Thing.STEP and _STEP.fullmatch(new) is None:
        raise InvalidNewName(
            f"`{new}` is no name for a step.", "Use lowercase letters, digits and hyphens only."
        )
    if symbol.thing is Thing.PATH_PARAMETER and not _IDENTIFIER.fullmatch(new):
        raise InvalidNewName(
            f"`{new}` is no name for a path parameter.", "Use letters, digits and underscores."
        )
    if symbol.thing is Thing.CONNECTOR:
        raise InvalidNewName(
            "A permalink is the connector's identity on the platform: renaming it would make another connector."
        )


def check_is_free(document: Document, symbol: Symbol, new: str) -> None:
    """Raise `InvalidNewName` where the connector already has a step or path parameter `new`."""
    taken = Symbol(symbol.thing, new, symbol.scope)
    if symbol.scope and any(found.is_definition for found in same_symbol(document, taken)):
        raise InvalidNewName(f"This connector already has a {symbol.thing.value} `{new}`.")


def edits_in(document: Document, symbol: Symbol, new: str, kind: Kind | None = None) -> tuple[Edit, ...]:
    """The edits that rename `symbol` in a document; with `kind`, only in calls that ask for that kind."""
    found = (
        _edit(occurrence, new)
        for occurrence in same_symbol(document, symbol)
        if kind is None or occurrence.kind is kind
    )
    return tuple(sorted(found))


def plan_rename(paths: Iterable[str], old: str, new: str, kind: Kind | None = None) -> RenamePlan:
    """What renaming the secret or variable `old` to `new` changes in these connector files.

    With `kind`, only calls of its function change. Raises `InvalidNewName`; a file that cannot be read is listed.
    """
    symbol = Symbol(Thing.NAME, old)
    check_new_name(symbol, new)
    files, unread = [], []
    for path in paths:
        try:
            source = read_source(path)
        except UnreadableFile:
            unread.append(path)
            continue
        # An escape may spell a name in another way; without one, a text that lacks the name has no use of it.
        if old not in source.text and "\\" not in source.text:
            continue
        if edits := edits_in(Document.parse(source.text), symbol, new, kind):
            files.append(FileRename(source, edits))
    return RenamePlan(old, new, tuple(files), tuple(unread))


def apply_rename(files: Sequence[FileRename]) -> None:
    """Write the new texts, each file whole and with its permissions and byte order mark; all of them or none.

    Raises `UnreadableFile` when a file was changed since it was read or cannot be written; then no file is changed,
    except where taking back a change failed too, which the message says.
    """
    staged: list[_Staged] = []
    done: list[_Staged] = []
    try:
        for file in files:
            staged.append(_stage(file))
        for one in staged:
            os.replace(one.temporary, one.target)
            done.append(one)
    except OSError as error:
        broken = [one.path for one in done if not _take_back(one)]
        kept = f" {', '.join(broken)} could not be put back." if broken else " No file was changed."
        raise UnreadableFile(f"The files cannot be written: {error.strerror or error}.{kept}") from error
    finally:
        for one in staged:
            if os.path.exists(one.temporary):
                os.unlink(one.temporary)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` after edits that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


_STEP: Final = re.compile(STEP_NAME_PATTERN)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class _Staged(NamedTuple):
    path: str
    target: str
    temporary: str
    before: bytes
    mode: int


def _edit(occurrence: Occurrence, new: str) -> Edit:
    # `steps.new-name` would be a subtraction: a name that is no identifier is reached by an item.
    if occurrence.dot >= 0 and not _IDENTIFIER.fullmatch(new):
        return Edit(occurrence.dot, occurrence.end, f"['{new}']")
    return Edit(occurrence.start, occurrence.end, encode(new))


def _stage(file: FileRename) -> _Staged:
    # A link keeps pointing where it did: what it points to is replaced.
    target = os.path.realpath(file.path)
    temporary = f"{target}.strongroom-{os.getpid()}"
    # Opening for writing asks the system whether this file may be changed at all: replacing it would not.
    with open(target, "r+b") as stream:
        mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
        before = stream.read()
    if before != file.source.encode(file.source.text):
        raise UnreadableFile(
            f"{file.path} was changed by another program in the meantime.",
            "Do it again; no file was changed.",
        )
    _write(temporary, file.source.encode(file.text), mode)
    return _Staged(file.path, target, temporary, before, mode)


def _write(path: str, data: bytes, mode: int) -> None:
    with open(path, "xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.chmod(path, mode)


def _take_back(one: _Staged) -> bool:
    try:
        _write(one.temporary, one.before, one.mode)
        os.replace(one.temporary, one.target)
    except OSError:
        return False
    return True
