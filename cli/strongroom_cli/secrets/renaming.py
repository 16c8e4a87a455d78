"""Run `secret rename` and `variable rename`: in the vault, and in files."""

import signal
import sys
from typing import TYPE_CHECKING, Final

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.secrets.shared import users_of
from strongroom_cli.terminal.session import CommandSession, print_lines

if TYPE_CHECKING:
    from strongroom.store.opened import OpenStore
    from strongroom.workspace.rename_transaction import EndedRename
    from strongroom.workspace.renaming import RenamePlan

KEEP: Final = "keep"
"""The line by which an editor confirms that the files are changed."""


def rename_entry(
    session: CommandSession, kind: Kind, old: str, new: str, *, in_files: bool, recover: bool, hold: bool
) -> int:
    """Rename an entry, after ending interrupted renames. Return the exit status."""
    if bool(old and new) == recover:
        raise StrongroomError(
            "A rename needs the old and the new name.", f"Run `strongroom {kind.value} rename OLD NEW`."
        )
    with session.open() as vault:
        ended = _end_interrupted(vault)
        if recover:
            if not ended:
                print("No rename was interrupted.")
            return 0
        community = session.community(vault)
        if vault.find(community, old) is None and any(
            {old, new} == {one.rename.old, one.rename.new} for one in ended
        ):
            return 0  # this rename was interrupted, and is ended now as it was asked for
        session.find(vault, community, old, kind)
        if hold:
            return _hold(vault, community, old, new)
        if in_files:
            changed = _rename_with_files(session, vault, community, old, new)
        else:
            vault.rename(community, old, new)
    also = f" and in {counted(len(changed.files), 'file')}" if in_files else ""
    print(f'Renamed {kind.value} {visible(old)} to {visible(new)} in community "{visible(community)}"{also}.')
    if users := users_of(session, old):
        print(f"Still using {visible(old)}:")
        print_lines(users)
    elif in_files and changed.unread:
        print("Not readable, and not changed:")
        print_lines(f"  {visible(path)}" for path in changed.unread)
    return 0


def _end_interrupted(vault: "OpenStore") -> "list[EndedRename]":
    from strongroom.workspace.rename_transaction import end_interrupted

    ended = end_interrupted(vault)
    for one in ended:
        print(visible(one.sentence), file=sys.stderr)
    return ended


def _rename_with_files(
    session: CommandSession, vault: "OpenStore", community: str, old: str, new: str
) -> "RenamePlan":
    from strongroom.workspace.rename_scope import scope_of
    from strongroom.workspace.rename_transaction import RenameTransaction
    from strongroom.workspace.renaming import plan_rename

    scope = scope_of(session.settings)
    plan = plan_rename(
        scope.connector_files, old, new, names_files=scope.names_files, communities=[community]
    )
    change = RenameTransaction.begin(vault.path, community, old, new, plan.files)
    try:
        vault.rename(community, old, new)
    except BaseException:
        change.cancel()
        raise
    try:
        change.write()
    except BaseException:
        vault.rename(community, new, old)
        change.cancel()
        raise
    return plan


def _hold(vault: "OpenStore", community: str, old: str, new: str) -> int:
    """Rename and print it.

    Rename back unless standard input confirms, before its end, that the files are changed.
    """
    from strongroom.workspace.rename_journal import JournaledRename, note

    noted = note(JournaledRename(vault.path, community, old, new, is_held=True))
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.SIG_IGN)  # the process ends with its input, after the vault is right
    is_kept = is_back = False
    try:
        vault.rename(community, old, new)
        is_kept = _says("renamed") and sys.stdin is not None and sys.stdin.readline().strip() == KEEP
        if not is_kept:
            vault.rename(community, new, old)
            is_back = True
    finally:
        if noted is not None:
            noted.close(keep=not is_kept and not is_back and vault.find(community, old) is None)
    if is_back:
        _says("renamed back")
    return 0 if is_kept else 1


def _says(word: str) -> bool:
    """Write a line to the editor. Return False if the editor is gone."""
    try:
        print(word, flush=True)
    except OSError:
        return False
    return True
