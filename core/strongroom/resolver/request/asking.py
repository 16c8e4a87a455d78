"""Ask a person for consent, once for each folder, community and host.

See `consent`.
"""

import asyncio
import os
from collections.abc import Callable, Sequence

from strongroom.errors import StrongroomError
from strongroom.resolver.request.consent import Consent
from strongroom.resolver.templates.bounded import beside
from strongroom.resolver.terms.failures import Destination
from strongroom.settings.trusted_hosts import TrustedHosts, trusts_everything


class AskedOnce:
    """Ask for consent in one run, or one batch of runs, from `folder`.

    The object is a `Consent`. `ask` is called for hosts that nobody has agreed to, one question at a time. A
    yes is remembered on this machine, a no as long as this object. `complain` is called if a yes cannot be
    remembered; it holds for this object then.
    """

    def __init__(self, folder: str, ask: Consent, complain: Callable[[StrongroomError], None]) -> None:
        self._folder = folder
        self._ask = ask
        self._complain = complain
        self._trusted = TrustedHosts()
        self._answers: dict[tuple[str, str], bool] = {}
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, community: str, destinations: Sequence[Destination]) -> bool:
        """Return True if the secrets may be sent."""
        if trusts_everything(os.environ):
            return True
        async with self._one_at_a_time:
            missing = self._trusted.missing(self._folder, community, [one.host for one in destinations])
            answers = {host: self._answers.get((community, host)) for host in missing}
            if False in answers.values():
                return False
            new = [one for one in destinations if one.host in answers and answers[one.host] is None]
            return not new or await self._answer(community, new)

    async def _answer(self, community: str, destinations: Sequence[Destination]) -> bool:
        agreed = await self._ask(community, destinations)
        hosts = [one.host for one in destinations]
        self._answers.update(((community, host), agreed) for host in hosts)
        if agreed:
            try:
                await beside(lambda: self._trusted.agree(self._folder, community, hosts))
            except StrongroomError as error:
                self._complain(error)
        return agreed
