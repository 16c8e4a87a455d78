"""Send the community and what is known of its names to a status bar.

The notification is `strongroom/status`.
"""

from typing import Any

from strongroom.names import Knowledge, Names
from strongroom_lsp.services import Services


def _known(names: Names) -> tuple[str, ...]:
    """Return the chosen community if it has a list of names.

    Only such a community can be picked.
    """
    return (names.community,) if names.community and names.knowledge is not Knowledge.NONE else ()


class Status:
    """Send the status to a client that asked for it.

    A client asks with `"status": true` in its initialization options.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sent: dict[str, Any] | None = None

    def send(self) -> None:
        """Send the status if it has changed."""
        services = self._services
        if not services.contexts.options.status:
            return
        newest = next(reversed(services.documents.all()), None)
        names = services.contexts.of(newest.path if newest is not None else None).names
        status = {
            "community": names.community or None,
            "communities": sorted({*_known(names), *(other.community for other in names.others)}),
            "knowledge": names.knowledge.value,
            "names": len(names.by_name),
            "source": names.source,
        }
        if status != self._sent:
            self._sent = status
            services.notify("strongroom/status", status)
