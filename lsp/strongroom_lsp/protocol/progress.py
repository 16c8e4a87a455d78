"""Long work shown in the editor: a bar with a title, what is going on, and how much of it is done."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strongroom_lsp.session import Session


class Progress:
    """One piece of long work. To a client that shows none, nothing is sent.

    `token` is the client's own, where a request brought one; otherwise the client is asked to make a bar first.
    """

    def __init__(
        self,
        session: "Session",
        title: str,
        token: object = None,
        on_cancel: Callable[[], object] | None = None,
    ) -> None:
        self._session = session
        self._token = token
        self._is_open = False
        self._is_over = False
        begin = {"kind": "begin", "title": title, "cancellable": on_cancel is not None, "percentage": 0}
        if token is not None:
            self._begin(begin)
        elif session.client.progress:
            self._token = session.new_token(on_cancel)
            session.ask(
                "window/workDoneProgress/create",
                {"token": self._token},
                lambda _answer, is_result: self._created(begin) if is_result else None,
            )

    def report(self, message: str, done: int, total: int) -> None:
        """Tell how far it is."""
        if self._is_open:
            self._send({"kind": "report", "message": message, "percentage": 100 * done // max(total, 1)})

    def end(self, message: str = "") -> None:
        """It is over; saying so again does nothing."""
        self._is_over = True
        if self._is_open:
            self._is_open = False
            self._send({"kind": "end", **({"message": message} if message else {})})
        self._session.drop_token(self._token)

    def _created(self, begin: dict[str, Any]) -> None:
        if not self._is_over:
            self._begin(begin)

    def _begin(self, begin: dict[str, Any]) -> None:
        self._is_open = True
        self._send(begin)

    def _send(self, value: dict[str, Any]) -> None:
        self._session.notify("$/progress", {"token": self._token, "value": value})
