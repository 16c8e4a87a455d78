"""Copying a value, and saying which way it went and when it goes."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom_tui.model.secrets.state import Row
    from strongroom_tui.places.secrets import SecretsPane


async def copy_value(pane: "SecretsPane", row: "Row") -> None:
    """Copy the value of `row`; a secret's is cleared after a while."""
    host = pane.host
    if row.kind is Kind.VARIABLE:
        value = SecretValue(row.value or "")
    elif await host.ensure_unlocked():
        value = await host.vault_call(host.session.value, host.snapshot.community, row.name)
    else:
        return
    copied = await host.in_thread(host.copier.copy, value)
    seconds = f"{host.copier.seconds:.0f} s"
    ends = f"cleared in {seconds}" if copied.checked else f"cleared in {seconds}, whatever is there then"
    paste = f" · paste: {copied.told}" if copied.told else ""
    host.say(f"✓ copied with {copied.way} · {ends}{paste}")
    host.clear_clipboard_later()
