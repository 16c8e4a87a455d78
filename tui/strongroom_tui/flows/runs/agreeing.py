"""Ask before a run sends secrets to an API's host for the first time."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from strongroom.resolver.request.asking import AskedOnce
from strongroom_tui.dialogs.send_secrets import SendSecrets

if TYPE_CHECKING:
    from strongroom.resolver.request.consent import Consent
    from strongroom.resolver.terms.failures import Destination
    from strongroom_tui.host import Host


def consent_of(host: "Host") -> "Consent":
    """Return the question of one run, or of all runs of one batch.

    The answer no holds until the run or the batch ends. The answer yes is remembered.
    """
    return AskedOnce(host.settings.folder, partial(_ask, host), host.complain)


async def _ask(host: "Host", community: str, destinations: "Sequence[Destination]") -> bool:
    """Ask on the screen. A yes counts only if the vault is still unlocked."""
    question = SendSecrets(community, destinations)
    try:
        agreed = await host.push_screen_wait(question)
    except asyncio.CancelledError:
        question.dismiss(None)  # the run was cancelled
        raise
    return bool(agreed) and host.is_unlocked
