"""Ask before a test run sends secrets to a new host.

The child that runs has no terminal to ask on. It sends nothing then, and its report names the secrets and their
hosts. The person is asked in the editor, and a yes is remembered for exactly that folder, community and host.
"""

import asyncio
import shlex
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from lsprotocol import types

from strongroom.settings.loading import load_settings
from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom.text.terminal import visible
from strongroom_lsp.protocol.messages import look_up
from strongroom_lsp.services import CommandServices

SEND: Final = "Send and remember"
CANCEL: Final = "Cancel"


class Withheld(NamedTuple):
    """Hold the secrets of a community that were not sent to a host."""

    community: str
    host: str
    secrets: tuple[str, ...]

    def __str__(self) -> str:
        return visible(f"{', '.join(self.secrets)} of {self.community} to {self.host}")


def withheld_in(reports: Iterable[object]) -> list[Withheld]:
    """Return what the runs did not send, each community and host once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for report in reports:
        rows = look_up(report, "withheld")
        for row in rows if isinstance(rows, list) else ():
            place = (str(look_up(report, "community") or ""), str(look_up(row, "host")))
            found.setdefault(place, {}).update(dict.fromkeys(map(str, look_up(row, "secrets") or ())))
    return [Withheld(community, host, tuple(secrets)) for (community, host), secrets in found.items()]


async def ask(services: CommandServices, withheld: Iterable[Withheld]) -> bool:
    """Ask whether these secrets may be sent.

    Anything but a yes is a no, as is the answer of an editor that cannot ask.
    """
    question = f"Send {'; '.join(map(str, withheld))}?"
    chosen: asyncio.Future[str | None] = services.loop.create_future()

    def answered(title: str | None) -> None:
        if not chosen.done():
            chosen.set_result(title)

    services.offer(types.MessageType.Warning, question, [SEND, CANCEL], answered)
    return await chosen == SEND


def remember(folder: str, withheld: Iterable[Withheld]) -> None:
    """Remember that these may be sent from `folder`, as a yes in a terminal does.

    Raises `StrongroomError`.
    """
    trusted, place = TrustedHosts(), load_settings(folder).folder
    for one in withheld:
        trusted.agree(place, one.community, [one.host])


def with_way_out(report: Any, folder: str) -> Any:
    """Return a report that says how to agree to what was not sent."""
    withheld = withheld_in([report])
    if not withheld or not isinstance(report, Mapping):
        return report
    lines = look_up(report, "explanation")
    explanation = lines if isinstance(lines, list) else []
    return {**report, "explanation": [*explanation, *(_way_out(one, folder) for one in withheld)]}


def remark(reports: Iterable[object], folder: str) -> str:
    """Return a sentence for each host on how to agree to what was not sent."""
    return "".join(f" {_way_out(one, folder)}" for one in withheld_in(reports))


def _way_out(one: Withheld, folder: str) -> str:
    place, host, community = (shlex.quote(word) for word in (folder, one.host, one.community))
    command = f"cd {place} && strongroom hosts allow {host} --community {community}"
    return visible(f"To agree, run `{command}`.")
