"""The values that an entry had: how old each is, one of them revealed for a moment, one made current again."""

from typing import TYPE_CHECKING

from strongroom.store.rows.expected import Saved
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.history import History
from strongroom_tui.flows.conflicts import Mine, write_or_ask

if TYPE_CHECKING:
    from strongroom_tui.model.secrets.state import Row
    from strongroom_tui.places.secrets import SecretsPane


async def show_history(pane: "SecretsPane", row: "Row") -> None:
    """List the versions; restore the one that is chosen."""
    host = pane.host
    if not await host.ensure_unlocked():
        return
    community = host.snapshot.community
    versions = await host.vault_call(host.session.do, Vault.history, community, row.name)
    current = next((version.number for version in versions if version.is_current), 0)

    async def value(number: int) -> SecretValue:
        return await host.vault_call(host.session.do, Vault.get_version, community, row.name, number)

    async def restore(tag: bytes) -> Saved:
        return await host.vault_call(host.session.restore, community, row.name, number, None, None, tag)

    dialog = History(row.name, versions, value, pane.state.clock, host.reveal_seconds)
    number = await host.push_screen_wait(dialog)
    if number and number != current:
        mine = Mine("restore", community, f"version {number}")
        made = await write_or_ask(host, row, mine, restore)
        await pane.done(f"restored version {number} of {row.name}", row.name, [made])
