"""Open the engine of a community, after the person agreed to its host.

A folder may be anybody's, and its settings name the host. So nothing is sent there before the person agreed, once for
the folder, the community and the host.
"""

import os
from typing import TYPE_CHECKING

from strongroom.backends.errors import BackendError
from strongroom.settings.trusted_hosts import TrustedHosts, trusts_everything
from strongroom.text.terminal import visible
from strongroom_cli.terminal.prompts import confirm, has_terminal

if TYPE_CHECKING:
    from strongroom.backends.place import EnginePlace
    from strongroom.backends.shared_vault import SharedVault
    from strongroom.settings.model import Settings


def open_place(settings: "Settings", place: "EnginePlace") -> "SharedVault":
    """Return the community at a place.

    Raises `BackendError` if the person does not agree to the host.
    """
    agree_to_host(settings, place)
    from strongroom.backends.shared_vault import SharedVault

    return SharedVault(place)


def agree_to_host(settings: "Settings", place: "EnginePlace") -> None:
    """Ask for an agreement to the host of a place, if there is none.

    Raises `BackendError` without an agreement.
    """
    trusted = TrustedHosts()
    hosts = trusted.missing(settings.folder, place.community, [place.host])
    if not hosts or trusts_everything(os.environ):
        return
    question = (
        f'The settings of this folder say that {place.words} holds the secrets of "{place.community}". '
        "Log in there, now and later?"
    )
    allow = f'strongroom hosts allow {place.host} --community "{place.community}"'
    if not has_terminal() or not confirm(visible(question), f"`{allow}`"):
        raise BackendError(
            f'Nobody agreed yet that {place.words} holds the secrets of "{place.community}".',
            f"If it is your team's, run `{allow}`.",
        )
    trusted.agree(settings.folder, place.community, hosts)
