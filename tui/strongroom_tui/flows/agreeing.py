"""Asking before secrets go to a host for the first time, in the middle of a run that has not sent them yet."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from strongroom.resolver.request.asking import AskedOnce
from strongroom_tui.dialogs.send_secrets import SendSecrets

if TYPE_CHECKING:
    from strongroom.resolver.request.consent import Consent
    from strongroom.resolver.terms.failures import Destination
    from strongroom_tui.vault_app import Keyholder


def consent_of(room: "Keyholder") -> "Consent":
    """Return what one run asks, or all runs of one batch. A no holds until they end, a yes is remembered."""
    return AskedOnce(room.settings.folder, partial(_ask, room), room.complain)


async def _ask(room: "Keyholder", community: str, destinations: "Sequence[Destination]") -> bool:
    """Ask on the screen. A yes counts only while the vault is unlocked."""
    question = SendSecrets(community, destinations)
    try:
        agreed = await room.push_screen_wait(question)
    except asyncio.CancelledError:
        question.dismiss(None)  # a run that was cancelled asks nothing any more
        raise
    return bool(agreed) and room.is_unlocked
