"""Refuse to send secrets or change the vault until a person trusts the folders."""

from strongroom.errors import StrongroomError
from strongroom_lsp.services import Services


class NotTrusted(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that the client's folders are not trusted."""

    def __init__(self) -> None:
        super().__init__(
            "This folder is not trusted, so nothing is sent and the vault is not changed.",
            "Trust the folder in the editor first.",
        )


def check_trusted(services: Services) -> None:
    """Raise `NotTrusted` if the client's folders are not trusted."""
    if not services.contexts.options.is_trusted:
        raise NotTrusted
