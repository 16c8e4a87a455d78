"""Copy a value to the clipboard, and say when it is cleared."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow


async def copy_value(host: "Host", row: "NameRow") -> None:
    """Copy the value of `row`. Clear the clipboard after a while."""
    if row.kind is Kind.VARIABLE:
        value = SecretValue(row.value or "")
    elif await host.ensure_unlocked():
        value = await host.vault_call(host.session.value, host.snapshot.community, row.name)
    else:
        return
    copied = await host.in_thread(host.copier.copy, value)
    seconds = f"{host.copier.seconds:.0f} s"
    ends = f"cleared in {seconds}" if copied.checked else f"cleared in {seconds}, whatever is there then"
    paste = f" · paste: {copied.paste_hint}" if copied.paste_hint else ""
    host.say(f"✓ copied with {copied.way} · {ends}{paste}")
    host.clear_clipboard_later()
