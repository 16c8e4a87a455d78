"""Write new texts of several files, all of them or none.

They are first written beside their files, and then put in place together.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from strongroom.files.writing import create, has_several_names, overwrite, put_in_place, remove_leftovers
from strongroom.workspace.files import UnreadableFile
from strongroom.workspace.renaming import FileRename


class StagedFile(NamedTuple):
    """Describe one file whose new content waits beside it.

    `before` and `after` are digests of its contents.
    """

    target: str
    temporary: str
    before: str
    after: str


def describe(files: Iterable[FileRename]) -> tuple[StagedFile, ...]:
    """Return the plan for the new texts, before anything is written.

    Raises `UnreadableFile` if a file was changed since it was read, or may not be written.
    """
    try:
        return tuple(_describe(file) for file in files)
    except OSError as error:
        raise _not_written(error) from error


def stage(staged: Sequence[StagedFile], files: Iterable[FileRename]) -> None:
    """Write each new text beside its file, with the file's permissions.

    No file is changed, even if this function raises. Raises `UnreadableFile`.
    """
    try:
        for one, file in zip(staged, files, strict=True):
            create(one.temporary, file.source.encode(file.text), like=one.target)
    except BaseException as error:
        drop(staged)
        if isinstance(error, OSError):
            raise _not_written(error) from error
        raise


def replace(staged: Sequence[StagedFile]) -> None:
    """Put the new contents in place, or none of them.

    Raises `UnreadableFile`. Its message names the files that could not be put back, if that failed too.
    """
    done: list[tuple[StagedFile, bytes]] = []
    try:
        for one in staged:
            before = _read(one.target)
            if digest(before) != one.before:
                raise OSError(0, f"{one.target} was changed by another program in the meantime")
            done.append((one, before))
            put_in_place(one.temporary, one.target)
    except BaseException as error:  # an interrupt, too
        broken = [one.target for one, before in reversed(done) if not _is_put_back(one, before)]
        if not isinstance(error, OSError):
            raise
        kept = f" {', '.join(broken)} could not be put back." if broken else " No file was changed."
        raise UnreadableFile(f"The files cannot be written: {error.strerror or error}.{kept}") from error
    finally:
        drop(staged)


def drop(staged: Iterable[StagedFile]) -> None:
    """Take away the new contents that wait."""
    remove_leftovers(*(one.temporary for one in staged))


def finish(one: StagedFile) -> bool:
    """Put a content in place that an interrupted run left behind.

    Return False if the file was changed since.
    """
    try:
        now = _read(one.target)
        if digest(now) == one.after:
            return True
        new = _read(one.temporary)
        if digest(new) != one.after:
            return False
        if digest(now) == one.before:
            put_in_place(one.temporary, one.target)
        elif has_several_names(one.target) and now.startswith(new):
            overwrite(one.target, new)  # the run ended before the old end was cut off
        else:
            return False
    except OSError:
        return False
    return True


def digest(content: bytes) -> str:
    """Return a digest, which is different for different contents."""
    return hashlib.sha256(content).hexdigest()


def _describe(file: FileRename) -> StagedFile:
    # A link keeps its target: the target is replaced.
    target = os.path.realpath(file.path)
    before, after = file.source.encode(file.source.text), file.source.encode(file.text)
    # Opening for writing asks the system if this file may be changed at all. Replacing it would not.
    with open(target, "r+b") as stream:
        if stream.read() != before:
            raise UnreadableFile(
                f"{file.path} was changed by another program in the meantime.",
                "Do it again; no file was changed.",
            )
    return StagedFile(target, f"{target}.strongroom-{os.urandom(4).hex()}", digest(before), digest(after))


def _not_written(error: OSError) -> UnreadableFile:
    return UnreadableFile(f"The files cannot be written: {error.strerror or error}. No file was changed.")


def _is_put_back(one: StagedFile, before: bytes) -> bool:
    try:
        if _read(one.target) == before:
            return True
        drop([one])
        create(one.temporary, before, like=one.target)
        put_in_place(one.temporary, one.target)
    except OSError:
        return False
    return True


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
