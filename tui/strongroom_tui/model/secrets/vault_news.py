"""Tell a person how the vault changed since the last look."""

from typing import NamedTuple

from strongroom_tui.vault_state import Snapshot, VaultState


class News(NamedTuple):
    """Hold one sentence and the way out.

    `is_alarm` is True for what needs a person's attention.
    """

    text: str
    way_out: str = ""
    is_alarm: bool = False


def news(before: Snapshot, after: Snapshot, path: str) -> News | None:
    """Return the news of the change between two looks.

    Return None for an obvious change.
    """
    if after.engine != before.engine:
        return None
    if after.state is before.state and after.vault_id == before.vault_id:
        return None
    if after.state is VaultState.GONE:
        return News(
            f'The vault has gone: it was at "{path}".',
            "This app did not delete it. Put it back: it is shown as soon as it is there.",
            is_alarm=True,
        )
    if after.state is VaultState.UNREADABLE:
        return News(after.problem, is_alarm=True)
    if not after.state.is_there:
        return None
    if before.vault_id and after.vault_id != before.vault_id:
        return News(
            f"Another vault is at {path} now, not the one that was open before.",
            "u unlocks it; restore a backup where that is not meant.",
            is_alarm=True,
        )
    if before.state is VaultState.GONE:
        return News("the vault is back: u unlocks it")
    if before.state is VaultState.UNREADABLE:
        return News("the vault can be read again")
    if before.state is VaultState.NEVER and after.state is VaultState.LOCKED:
        return News("a vault was made here: u unlocks it")
    if before.state is VaultState.UNLOCKED and after.problem:
        return News(after.problem, is_alarm=True)
    if before.state is VaultState.UNLOCKED and after.fingerprint.file != before.fingerprint.file:
        return News(
            f"The file at {path} was replaced: by a backup, or by another program.",
            "u unlocks it.",
            is_alarm=True,
        )
    return None
