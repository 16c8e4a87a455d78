"""List what a rename changes in the files, line by line, and the way back."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from strongroom.errors import StrongroomError
from strongroom.settings.loading import load_settings
from strongroom.text.edits import Edit
from strongroom.workspace import read_source
from strongroom.workspace.rename_scope import scope_of
from strongroom.workspace.renaming import FileRename, RenamePlan, plan_rename


class ChangedCall(NamedTuple):
    """Hold one call that changes: its place, and its line before and after."""

    file: str
    """The path below the folder, with `/` between."""
    line: int
    before: str
    after: str


def plan(folder: str, community: str, old: str, new: str) -> RenamePlan:
    """Return the changes of renaming `old` to `new` in `folder`.

    Raises `InvalidNewName`.
    """
    scope = scope_of(load_settings(folder))
    return plan_rename(
        scope.connector_files, old, new, names_files=scope.names_files, communities=[community]
    )


def changed_calls(folder: str, planned: RenamePlan) -> list[ChangedCall]:
    """Return every call that `planned` changes, in the order of files and text."""
    found = []
    for file in planned.files:
        text = file.source.text
        shown = os.path.relpath(file.path, folder).replace(os.sep, "/")
        for edit in file.edits:
            start = text.rfind("\n", 0, edit.start) + 1
            end = text.find("\n", edit.end)
            line = text.count("\n", 0, edit.start) + 1
            after = text[edit.end : end if end >= 0 else len(text)]
            found.append(ChangedCall(shown, line, text[start : edit.start], after))
    return found


def inverse(files: Sequence[FileRename]) -> list[FileRename]:
    """Return the renames that put these files back.

    Raises `StrongroomError` for a changed one.
    """
    found = []
    for file in files:
        source = read_source(file.path)
        if source.text != file.text:
            raise StrongroomError(
                f"{file.path} was changed since the rename.", "Rename it back: the files are checked again."
            )
        edits, shift = [], 0
        for edit in file.edits:
            start = edit.start + shift
            edits.append(Edit(start, start + len(edit.new), file.source.text[edit.start : edit.end]))
            shift += len(edit.new) - (edit.end - edit.start)
        found.append(FileRename(source, tuple(edits)))
    return found
