"""The community and how much is known of its names, for an editor's status bar (`strongroom/status`)."""

from typing import Any

from strongroom.names import Knowledge, Names
from strongroom_lsp.services import Services


def _known(names: Names) -> tuple[str, ...]:
    """The chosen community, where there is a list of its names: one that nobody knows cannot be picked."""
    return (names.community,) if names.community and names.knowledge is not Knowledge.NONE else ()


class Status:
    """Tells a client that asked for it (`"status": true` in its initialization options), when anything is new."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sent: dict[str, Any] | None = None

    def send(self) -> None:
        """Send the status, unless it is as it was."""
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
