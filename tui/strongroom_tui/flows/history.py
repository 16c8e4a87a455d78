"""Show the earlier values of an entry, and make one current again."""

from typing import TYPE_CHECKING

from strongroom.store.rows.expected import Saved
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.history import History
from strongroom_tui.flows.conflicts import Mine, write_or_ask
from strongroom_tui.model.secrets.undo import UndoableChange

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow


async def show_history(host: "Host", row: "NameRow") -> UndoableChange | None:
    """List the versions of `row`. Restore the chosen one and return the change."""
    if not await host.ensure_unlocked():
        return None
    community = host.snapshot.community
    versions = await host.vault_call(host.session.versions, community, row.name)
    current = next((version.number for version in versions if version.is_current), 0)

    async def value(number: int) -> SecretValue:
        return await host.vault_call(host.session.version, community, row.name, number)

    number = await host.push_screen_wait(History(row.name, versions, value, host.clock, host.reveal_seconds))
    if not number or number == current:
        return None

    async def restore(tag: bytes) -> Saved:
        return await host.vault_call(host.session.restore, community, row.name, number, None, None, tag)

    made = await write_or_ask(host, row, Mine("restore", community, f"version {number}"), restore)
    return UndoableChange(f"restored version {number} of {row.name}", row.name, (made,)) if made else None
