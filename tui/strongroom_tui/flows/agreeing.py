"""Ask before secrets are sent to a host for the first time. The run that asks has not sent them yet."""

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
    """Return the question of one run, or of all runs of one batch. A no holds until they end, a yes is remembered."""
    return AskedOnce(host.settings.folder, partial(_ask, host), host.complain)


async def _ask(host: "Host", community: str, destinations: "Sequence[Destination]") -> bool:
    """Ask on the screen. A yes counts only while the vault is unlocked."""
    question = SendSecrets(community, destinations)
    try:
        agreed = await host.push_screen_wait(question)
    except asyncio.CancelledError:
        question.dismiss(None)  # the run was cancelled
        raise
    return bool(agreed) and host.is_unlocked
