"""Importing a file: read, show what would change, then save all of it in one transaction."""

import os
from typing import TYPE_CHECKING

from strongroom.secret_value import SecretValue
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, sources
from strongroom.transfer.errors import TransferError
from strongroom.transfer.planning import CHANGED, NEW, Choices, Plan, apply_plan, make_plan
from strongroom_tui.screens.import_file import ImportFile, NeedsPassphrase
from strongroom_tui.words import count

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane


async def import_entries(pane: "SecretsPane") -> None:
    """Ask for the file, show the plan, do it, and remember how to take it back."""
    room = pane.room
    if not await room.ensure_unlocked():
        return
    community, folder = room.snapshot.community, room.folder

    async def look(path: str, passphrase: SecretValue, choices: Choices) -> Plan:
        return await room.vault_call(room.session.do, _plan, folder, path, passphrase, community, choices)

    plan = await room.push_screen_wait(ImportFile(community, look))
    if plan is None:
        return
    before = {entry.name: entry for entry in room.snapshot.entries}
    new = [change.name for change in plan.changes if change.action == NEW]
    changed = [change for change in plan.changes if change.action == CHANGED]
    back = [(before[c.name].name, "value" in c.parts, before[c.name]) for c in changed if c.name in before]

    async def take_back() -> None:
        await room.vault_call(room.session.do, _take_back, community, new, back)

    saved = await room.vault_call(room.session.do, apply_plan, plan)
    first = (new or [change.name for change in changed])[0]
    await pane.done(f"imported {count(saved, 'entry', 'entries')}", first, take_back)


def _plan(  # noqa: PLR0917 - called on the vault's thread, which takes no keywords
    vault: Vault, folder: str, path: str, passphrase: SecretValue, community: str, choices: Choices
) -> Plan:
    path = os.path.join(folder, os.path.expanduser(path))
    if sources.is_vault(path):
        raise TransferError("That file is a vault.", "`strongroom secret import` reads another vault.")
    data = sources.read_bytes(path)
    form = sources.find_format(path, data)
    if form != "bundle":
        return make_plan(vault, community, sources.read_text_file(form, data), choices)
    if bundle.read_header(data).recipient is None and not passphrase.reveal():
        raise NeedsPassphrase("This is a bundle. Type its passphrase.")
    return make_plan(vault, community, sources.read_bundle(data, vault, lambda: passphrase), choices)


def _take_back(
    vault: Vault, community: str, new: list[str], changed: list[tuple[str, bool, "EntryLike"]]
) -> None:
    for name in new:
        vault.delete(community, name)
    for name, has_value, entry in changed:
        if has_value:
            vault.restore(community, name, entry.version)
        vault.set(community, name, note=entry.note, expires=entry.expires)


if TYPE_CHECKING:
    from strongroom_tui.state import EntryLike
