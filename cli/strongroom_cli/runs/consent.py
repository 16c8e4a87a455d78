"""Ask before a test run sends secrets to a new host."""

import sys
from collections.abc import Callable, Collection, Sequence

from strongroom.errors import StrongroomError
from strongroom.resolver.request.asking import AskedOnce
from strongroom.resolver.templates.bounded import beside
from strongroom.resolver.terms.failures import Destination
from strongroom.text.terminal import visible
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import confirm, has_terminal


class Asker:
    """Ask for one batch of runs from `folder`, through its `consent`.

    `agrees` is the consent to every host (`--yes`). `hosts` are the hosts with consent (`--send-to`). `before` is
    called before a question, to remove a progress bar from the screen.
    """

    def __init__(self, folder: str, *, agrees: bool = False, hosts: Collection[str] = ()) -> None:
        self.folder = folder
        self.consent = AskedOnce(folder, self._ask, _complain)
        self._agrees = agrees
        self._hosts = frozenset(hosts)
        self.before: Callable[[], None] = lambda: None
        self.withheld = False
        """True if a question could not be asked, because there was no terminal."""

    async def _ask(self, community: str, destinations: Sequence[Destination]) -> bool:
        if self._agrees or self._hosts.issuperset(one.host for one in destinations):
            return True
        if not has_terminal():
            self.withheld = True
            return False
        self.before()
        lines = [f"Secrets of {visible(community)} go to a new host from this folder:"]
        lines += [f"  {visible(one.host)}: {visible(', '.join(one.secrets))}" for one in destinations]
        print("\n".join(lines), file=sys.stderr)
        return await beside(lambda: confirm("Send them, now and later?", "--yes"))


def _complain(error: StrongroomError) -> None:
    say(str(error))
