"""Rename in the vault and files as one transaction, or end an interrupted rename.

The order is: the rename is noted, the new texts are written beside their files, the vault is renamed, and the
files are put in place. A step that fails takes back the steps before it. The vault's own transaction decides:
an interrupted rename that the vault does not have is dropped, and one that it has is finished in the files.

If an editor changes the files (`JournaledRename.is_held`), it is the other way round: without the editor's
word the vault gets the old name back.
"""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from strongroom.errors import StrongroomError
from strongroom.store.errors import VaultMissing
from strongroom.store.reader import NamesReader
from strongroom.workspace import staged_files
from strongroom.workspace.rename_journal import JournaledRename, Note, interrupted, note
from strongroom.workspace.renaming import FileRename


class RenameTransaction:
    """Change files together with one entry of a vault.

    Call `begin`, then rename the entry, then call `write`. Call `cancel` if the entry was not renamed, or was renamed
    back.
    """

    def __init__(self, rename: JournaledRename, noted: Note | None) -> None:
        self._rename = rename
        self._note = noted

    @classmethod
    def begin(
        cls, vault: str, community: str, old: str, new: str, files: Sequence[FileRename] = ()
    ) -> "RenameTransaction":
        """Note the rename, and write the new texts beside their files.

        Raises `UnreadableFile`.
        """
        rename = JournaledRename(vault, community, old, new, staged_files.describe(files))
        change = cls(rename, note(rename) if rename.files else None)
        try:
            staged_files.stage(rename.files, files)
        except BaseException:
            change.cancel()
            raise
        return change

    def write(self) -> None:
        """Put the new texts in place, all of them or none, and end.

        Raises `UnreadableFile`. Then call `cancel`.
        """
        staged_files.replace(self._rename.files)
        self._end()

    def cancel(self) -> None:
        """Change no file, and end."""
        staged_files.drop(self._rename.files)
        self._end()

    def _end(self) -> None:
        if self._note is not None:
            self._note.close()
            self._note = None


class EndedRename(NamedTuple):
    """Return the sentence that says how an interrupted rename was ended."""

    rename: JournaledRename
    sentence: str


class OpenVault(Protocol):
    """Describe an unlocked vault, as far as it is needed here."""

    @property
    def path(self) -> str:
        """Return the file, or a text that only the place of this engine has."""

    def find(self, community: str, name: str) -> object | None:
        """Return the entry of exactly this name, or None."""

    def rename(self, community: str, old: str, new: str) -> object:
        """Give an entry another name. Raises `StrongroomError`."""


def end_interrupted(vault: OpenVault) -> list[EndedRename]:
    """End the renames whose processes have died.

    Those of a vault that cannot be read now are left for later.
    """
    return [ended for one in interrupted() if (ended := _end(one, vault)) is not None]


def _end(noted: Note, vault: OpenVault) -> EndedRename | None:
    rename = noted.rename
    what = f"The interrupted rename of {rename.old} to {rename.new}"
    try:
        is_done = _is_in_vault(rename, vault)
        is_doubled = not is_done and _is_doubled(rename, vault)
        if is_done and rename.is_held:
            if rename.vault != vault.path:
                noted.close(keep=True)
                return None
            vault.rename(rename.community, rename.new, rename.old)
    except StrongroomError:
        noted.close(keep=True)
        return None
    if not is_done:
        staged_files.drop(rename.files)
        has = "the old name"
        if is_doubled:
            has = "both names. Delete the one that is not wanted"
        sentence = f'{what} was dropped: community "{rename.community}" has {has}.'
    elif rename.is_held:
        sentence = f'{what} was taken back in community "{rename.community}".'
    else:
        left = [one.target for one in rename.files if not staged_files.finish(one)]
        staged_files.drop(rename.files)
        sentence = f"{what} was finished in {len(rename.files) - len(left)} of {len(rename.files)} files."
        if left:
            sentence += f" Changed in the meantime, and to be looked at: {', '.join(left)}."
    noted.close()
    return EndedRename(rename, sentence)


def _is_in_vault(rename: JournaledRename, vault: OpenVault) -> bool:
    if rename.vault == vault.path:
        return _has_new_name(rename, vault.find)
    if not os.path.isabs(rename.vault):
        raise StrongroomError("The rename is of an engine, which is not open.")
    try:
        with NamesReader.open(rename.vault) as reader:
            return _has_new_name(rename, reader.find)
    except VaultMissing:
        return False


def _is_doubled(rename: JournaledRename, vault: OpenVault) -> bool:
    """Return True if the rename of an engine ended between its two writes.

    A vault has both writes in one transaction.
    """
    return not os.path.isabs(rename.vault) and vault.find(rename.community, rename.new) is not None


def _has_new_name(rename: JournaledRename, find: Callable[[str, str], object | None]) -> bool:
    has_old = find(rename.community, rename.old) is not None
    return not has_old and find(rename.community, rename.new) is not None
