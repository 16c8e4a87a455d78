"""The community and how much is known of its names, for an editor's status bar (`strongroom/status`)."""

from typing import TYPE_CHECKING, Any

from strongroom.names import Knowledge, Names

if TYPE_CHECKING:
    from strongroom_lsp.session import Session


def _known(names: Names) -> tuple[str, ...]:
    """The chosen community, where there is a list of its names: one that nobody knows cannot be picked."""
    return (names.community,) if names.community and names.knowledge is not Knowledge.NONE else ()


class Status:
    """Tells a client that asked for it (`"status": true` in its initialization options), when anything is new."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._told: dict[str, Any] | None = None

    def tell(self) -> None:
        """Send the status, unless it is as it was."""
        session = self._session
        if not session.surroundings.options.status:
            return
        newest = next(reversed(session.documents.all()), None)
        names = session.surroundings.of(newest.path if newest is not None else None).names
        status = {
            "community": names.community or None,
            "communities": sorted({*_known(names), *(other.community for other in names.others)}),
            "knowledge": names.knowledge.value,
            "names": len(names.by_name),
            "source": names.source,
        }
        if status != self._told:
            self._told = status
            session.notify("strongroom/status", status)
