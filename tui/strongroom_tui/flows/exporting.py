"""Export entries to a new file that only this user can read."""

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.store.identity import identities_of
from strongroom.store.opened import OpenStore
from strongroom.text.phrases import counted
from strongroom.transfer import bundle
from strongroom.transfer.exporting import (
    chosen_content,
    chosen_entries,
    need_vault,
    write_new_file,
    write_plain,
)
from strongroom.transfer.recipient import Recipient
from strongroom.transfer.recipients_file import find_recipients_file, read_recipients_file, sender_among
from strongroom_tui.dialogs.export_file import PASSPHRASE, PLAIN, ExportChoice, ExportFile

if TYPE_CHECKING:
    from strongroom_tui.host import Host


async def export_entries(host: "Host", names: Sequence[str]) -> None:
    """Export the entries with these names, or all entries of the community."""
    if not host.snapshot.entries:
        host.say("there is nothing to export")
        return
    if not await host.ensure_unlocked():
        return
    community, folder, key_file = host.snapshot.community, host.folder, host.key_file
    what = counted(len(names) or len(host.snapshot.entries), "entry", "entries")

    async def write(chosen: ExportChoice) -> str:
        return await host.vault_call(host.session.do, _write, folder, key_file, community, names, chosen)

    suggestion = re.sub(r"[^\w-]+", "-", community).strip("-") or "export"
    path = await host.push_screen_wait(ExportFile(f"{what} of {community}", suggestion, write))
    if path:
        host.say(f"✓ exported {what} to {path}")


def _write(  # noqa: PLR0917 - called on the vault's thread, which takes no keywords
    vault: OpenStore,
    folder: str,
    key_file: str,
    community: str,
    names: Sequence[str],
    chosen: ExportChoice,
) -> str:
    path = os.path.join(folder, os.path.expanduser(chosen.path))
    if chosen.form in PLAIN:
        data = write_plain(PLAIN[chosen.form], chosen_entries(vault, community, names))
    else:
        content = chosen_content(vault, community, names).data
        if chosen.form == PASSPHRASE:
            data = bundle.seal_with_passphrase(content, community, chosen.passphrase)
        else:
            to = [Recipient.parse(text) for text in chosen.recipient.replace(",", " ").split()]
            listed = find_recipients_file(folder)
            people = read_recipients_file(listed) if listed else None
            sender = sender_among(identities_of(need_vault(vault), key_file), people)
            data = bundle.seal_for(content, community, to, sender)
    write_new_file(path, data)
    return path
