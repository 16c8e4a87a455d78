"""Copying a value, and saying which way it went and when it goes."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom_tui.model.secrets.state import Row
    from strongroom_tui.places.secrets import SecretsPane


async def copy_value(pane: "SecretsPane", row: "Row") -> None:
    """Copy the value of `row`; a secret's is cleared after a while."""
    room = pane.room
    if row.kind is Kind.VARIABLE:
        value = SecretValue(row.value or "")
    elif await room.ensure_unlocked():
        value = await room.vault_call(room.session.value, room.snapshot.community, row.name)
    else:
        return
    copied = await room.in_thread(room.copier.copy, value)
    seconds = f"{room.copier.seconds:.0f} s"
    ends = f"cleared in {seconds}" if copied.checked else f"cleared in {seconds}, whatever is there then"
    paste = f" · paste: {copied.told}" if copied.told else ""
    room.say(f"✓ copied with {copied.way} · {ends}{paste}")
    room.clear_clipboard_later()
