"""Asking, once for each folder, community and host, before runs send secrets there."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.resolver.failures import Destination
from strongroom.trusted_hosts import TrustedHosts, trusts_everything
from strongroom_tui.screens.confirm import Confirm
from strongroom_tui.words import one_line

if TYPE_CHECKING:
    from strongroom_tui.room import Room


class Agreement:
    """Answers for one run, or for all runs of one batch: a no holds until it ends, a yes is remembered."""

    def __init__(self, room: "Room", folder: str) -> None:
        self._room = room
        self._folder = folder
        self._refused: set[tuple[str, str]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, community: str, destinations: Sequence[Destination]) -> bool:
        """Return True if the secrets may be sent. See `Consent`."""
        if trusts_everything(os.environ):
            return True
        async with self._one_at_a_time:
            trusted = TrustedHosts()
            hosts = trusted.missing(self._folder, community, [one.host for one in destinations])
            if any((community, host) in self._refused for host in hosts):
                return False
            if hosts and not await self._ask(community, [one for one in destinations if one.host in hosts]):
                self._refused.update((community, host) for host in hosts)
                return False
            try:
                trusted.agree(self._folder, community, hosts)
            except StrongroomError as error:
                self._room.complain(error)
            return True

    async def _ask(self, community: str, destinations: Sequence[Destination]) -> bool:
        lines = [f"{one_line(one.host)}: {one_line(', '.join(one.secrets))}" for one in destinations]
        heading = f"Send secrets of {one_line(community)} to a new host?"
        told = ["From this folder they have not been sent there before.", ""]
        question = Confirm(heading, [*told, *lines], "send them, now and later", "send nothing")
        agreed = await self._room.push_screen_wait(question)
        return bool(agreed)
