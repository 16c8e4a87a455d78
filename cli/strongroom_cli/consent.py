"""Asking a person, once for each folder, community and host, before a test run sends secrets there."""

import asyncio
import os
import sys
from collections.abc import Callable, Collection, Sequence

from strongroom.errors import StrongroomError
from strongroom.resolver.bounded import beside
from strongroom.resolver.failures import Destination
from strongroom.trusted_hosts import TrustedHosts, trusts_everything
from strongroom_cli.prompts import confirm, has_terminal
from strongroom_cli.style import visible


class Asker:
    """Answers for one batch of runs from `folder`.

    `agrees` is the answer that the command line gives: to every host (`--yes`) or to those of `hosts`
    (`--send-to`). `before` is called before a question, to take a progress bar off the screen.
    """

    def __init__(self, folder: str, *, agrees: bool = False, hosts: Collection[str] = ()) -> None:
        self.folder = folder
        self._agrees = agrees
        self._hosts = frozenset(hosts)
        self._trusted = TrustedHosts()
        self._refused: set[tuple[str, str]] = set()
        self._one_at_a_time = asyncio.Lock()
        self.before: Callable[[], None] = lambda: None
        self.withheld = False
        """Whether a question could not be asked, for want of a terminal."""

    async def __call__(self, community: str, destinations: Sequence[Destination]) -> bool:
        """Return True if the secrets may be sent. See `Consent`."""
        if trusts_everything(os.environ):
            return True
        async with self._one_at_a_time:
            hosts = self._trusted.missing(self.folder, community, [one.host for one in destinations])
            if not hosts:
                return True
            if any((community, host) in self._refused for host in hosts):
                return False
            agreed = self._agrees or self._hosts.issuperset(hosts)
            if not agreed:
                agreed = await self._ask(community, [one for one in destinations if one.host in hosts])
            if agreed:
                self._remember(community, hosts)
            else:
                self._refused.update((community, host) for host in hosts)
            return agreed

    async def _ask(self, community: str, destinations: Sequence[Destination]) -> bool:
        if not has_terminal():
            self.withheld = True
            return False
        self.before()
        lines = [f"Secrets of {visible(community)} go to a new host from this folder:"]
        lines += [f"  {visible(one.host)}: {visible(', '.join(one.secrets))}" for one in destinations]
        print("\n".join(lines), file=sys.stderr)
        return await beside(lambda: confirm("Send them, now and later?", "--yes"))

    def _remember(self, community: str, hosts: Sequence[str]) -> None:
        try:
            self._trusted.agree(self.folder, community, hosts)
        except StrongroomError as error:
            print(f"strongroom: {visible(str(error))}", file=sys.stderr)
