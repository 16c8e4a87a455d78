"""Import a file: show what would change, then save all of it in one transaction."""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from strongroom.store.errors import EntryChanged
from strongroom.store.identity import identities_of
from strongroom.store.opened import OpenStore
from strongroom.text.phrases import counted
from strongroom.transfer import bundle, sources
from strongroom.transfer.errors import TransferError
from strongroom.transfer.exporting import need_vault
from strongroom.transfer.merging import make_merge
from strongroom.transfer.parsed_file import ParsedFile
from strongroom.transfer.planning import (
    CONFLICT,
    DELETED,
    KEPT,
    NEW,
    RENAMED,
    SAME,
    ImportChoices,
    Plan,
    PlannedChange,
    apply_plan,
    make_plan,
)
from strongroom.transfer.recipient import Recipient
from strongroom.transfer.recipients_file import find_recipients_file, read_recipients_file
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.import_file import ImportFile, NeedsPassphrase
from strongroom_tui.model.secrets import undo

if TYPE_CHECKING:
    from strongroom_tui.host import Host

SHOWN: Final = 6
"""Lines that are shown of an import that differs by now."""


async def import_entries(host: "Host") -> undo.UndoableChange | None:
    """Ask for a file, show its changes, make them, and return them."""
    if not await host.ensure_unlocked():
        return None
    community, folder, key_file = host.snapshot.community, host.folder, host.key_file
    again: Callable[[], Awaitable[Plan]]

    async def look(path: str, passphrase: SecretValue, choices: ImportChoices) -> Plan:
        nonlocal again
        again = partial(look, path, passphrase, choices)
        given = (folder, key_file, path, passphrase, community, choices)
        return await host.vault_call(host.session.do, _plan, *given)

    plan = await host.push_screen_wait(ImportFile(community, look))
    if plan is None:
        return None
    while True:
        try:
            saved = await host.vault_call(host.session.do, apply_plan, plan)
            break
        except EntryChanged as error:
            if (plan := await _plan_again(host, error, plan, again)) is None:
                return None
    moves = [undo.Move(community, save.seen, now) for save, now in zip(plan.saves, saved, strict=True)]
    first = next((move for move in moves if move.before is None), moves[0])
    return undo.UndoableChange(
        f"imported {counted(len(moves), 'entry', 'entries')}", first.after.name, tuple(moves)
    )


async def _plan_again(
    host: "Host", error: EntryChanged, old: Plan, again: Callable[[], Awaitable[Plan]]
) -> Plan | None:
    """Show what the import would do after another program's change.

    Return None if the person leaves the import.
    """
    plan = await again()
    former = {change.name: change for change in old.changes}
    differs = [change for change in plan.changes if former.get(change.name) != change]
    lines = [error.message, "", "By now the import would do this:"]
    lines += [f"  · {_in_words(change)}" for change in differs[:SHOWN]]
    if len(differs) > SHOWN:
        lines.append(f"  … and {len(differs) - SHOWN} more")
    if not differs:
        lines.append("  · the same as before, over the other program's change")
    if not plan.saves:
        host.say("nothing is left to import")
        return None
    yes = await host.push_screen_wait(Confirm("The vault changed", [*lines, ""], "import it", "leave it"))
    return plan if yes else None


_WORDS: Final = {
    NEW: "is added",
    DELETED: "is deleted",
    CONFLICT: "was changed on both sides",
    KEPT: "is newer here",
    SAME: "is the same",
}


def _in_words(change: PlannedChange) -> str:
    was = f"was {change.original}" if change.action == RENAMED else ""
    changes = f"changes: {', '.join(filter(None, (was, *change.parts)))}"
    what = _WORDS.get(change.action, changes)
    return f"{change.name} {what}"


def _plan(  # noqa: PLR0917 - called on the vault's thread, which takes no keywords
    store: OpenStore,
    folder: str,
    key_file: str,
    path: str,
    passphrase: SecretValue,
    community: str,
    choices: ImportChoices,
) -> Plan:
    path = os.path.join(folder, os.path.expanduser(path))
    if sources.is_vault(path):
        raise TransferError("That file is a vault.", "`strongroom secret import` reads another vault.")
    data = sources.read_bytes(path)
    form = sources.find_format(path, data)
    if form != "bundle":
        return make_plan(store, community, sources.read_text_file(form, data), choices)
    vault = need_vault(store)
    if not bundle.read_header(data).recipients and not passphrase.reveal():
        raise NeedsPassphrase("This is a bundle. Type its passphrase.")
    source = sources.open_bundle(data, lambda: identities_of(vault, key_file), lambda: passphrase)
    if isinstance(source, ParsedFile):
        return make_plan(vault, community, source, choices)
    listed = find_recipients_file(folder)
    sender = read_recipients_file(listed).name_of(source.sender) if listed else ""
    plan = make_merge(vault, community, source, choices, sender)
    return plan._replace(what=f"a bundle of {source.origin.sealed[:10]}{_by(source.sender, sender)}")


def _by(sender: Recipient | None, name: str) -> str:
    """Return the proved sender of a bundle for a sentence."""
    if sender is None:
        return ""
    return f" by {name}" if name else f" by {sender.short}, who is not listed"
