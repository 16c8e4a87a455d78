"""Keep the hosts to which a person has agreed to send secrets.

An agreement is for a community's secrets from a folder.

One small file in the state folder, outside every repository, holds the agreements. So no repository can write them:

    {"version": 1, "agreed": [["/home/ann/connectors", "production", "api.example.com"]]}
"""

import json
import os
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole
from strongroom.store.file import files
from strongroom.store.file.places import state_folder

ENVIRONMENT: Final = "STRONGROOM_TRUST"
"""The variable that stops all questions if it is 1.

It is for CI, in which the person who sets it has chosen the tests that run.
"""


class Agreement(NamedTuple):
    """Allow secrets of `community` to go to `host` from the folder.

    `host` has its port if the port is unusual.
    """

    folder: str
    community: str
    host: str


def trusts_everything(environ: Mapping[str, str]) -> bool:
    """Return True if the environment says that no question is to be asked."""
    return environ.get(ENVIRONMENT, "") not in ("", "0")


class TrustedHosts:
    """Keep the agreements.

    Each look reads the file again, because another program may have written it.
    """

    def __init__(self, path: str | None = None) -> None:
        self.path = path or os.path.join(state_folder(), "trusted-hosts.json")

    def agreements(self) -> list[Agreement]:
        """Return all agreements, oldest first; none if the file is unreadable."""
        try:
            with open(self.path, encoding="utf-8") as file:
                rows = json.load(file)["agreed"]
            return [Agreement(str(folder), str(community), str(host)) for folder, community, host in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def missing(self, folder: str, community: str, hosts: Iterable[str]) -> list[str]:
        """Return the hosts without an agreement."""
        agreed = set(self.agreements())
        return [host for host in hosts if _agreement(folder, community, host) not in agreed]

    def agree(self, folder: str, community: str, hosts: Iterable[str]) -> None:
        """Note an agreement for the hosts.

        Raises StrongroomError if the state folder cannot be written.
        """
        known = self.agreements()
        self._write(list(dict.fromkeys([*known, *(_agreement(folder, community, host) for host in hosts)])))

    def forget(self, host: str | None = None, folder: str | None = None) -> int:
        """Forget a host or all hosts, in one folder or in all.

        Returns the number of forgotten agreements.
        """
        known = self.agreements()
        real = None if folder is None else os.path.realpath(folder)
        kept = [one for one in known if one.host != (host or one.host) or one.folder != (real or one.folder)]
        if len(kept) < len(known):
            self._write(kept)
        return len(known) - len(kept)

    def _write(self, agreements: list[Agreement]) -> None:
        text = json.dumps({"version": 1, "agreed": agreements}, indent=1)
        try:
            files.make_private_folder(os.path.dirname(self.path))
            write_whole(self.path, text.encode(), mode=0o600)
        except OSError as error:
            raise StrongroomError(
                f"{self.path} cannot be written: {error.strerror}.", "The answer is not remembered."
            ) from None


def _agreement(folder: str, community: str, host: str) -> Agreement:
    return Agreement(os.path.realpath(folder), community, host)
