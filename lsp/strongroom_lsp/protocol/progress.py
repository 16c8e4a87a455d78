"""Show long work in the editor: a bar with a title and a message."""

from collections.abc import Callable
from typing import Any

from strongroom_lsp.protocol.conversation import Conversation


class Progress:
    """Report one piece of long work.

    `token` is the one of the client's request, if there is one. Otherwise the client is asked to make a progress bar,
    or nothing is sent if `is_shown` is False, because the client shows no progress.
    """

    def __init__(
        self,
        conversation: Conversation,
        title: str,
        token: object,
        on_cancel: Callable[[], object] | None,
        *,
        is_shown: bool,
    ) -> None:
        self._conversation = conversation
        self._token = token
        self._is_open = False
        self._is_over = False
        begin = {"kind": "begin", "title": title, "cancellable": on_cancel is not None, "percentage": 0}
        if token is not None:
            self._begin(begin)
        elif is_shown:
            self._token = conversation.new_token(on_cancel)
            conversation.ask(
                "window/workDoneProgress/create",
                {"token": self._token},
                lambda _answer, is_result: self._created(begin) if is_result else None,
            )

    def report(self, message: str, done: int, total: int) -> None:
        """Show how much is done."""
        if self._is_open:
            self._send({"kind": "report", "message": message, "percentage": 100 * done // max(total, 1)})

    def end(self, message: str = "") -> None:
        """Close the bar. A second call does nothing."""
        self._is_over = True
        if self._is_open:
            self._is_open = False
            self._send({"kind": "end", **({"message": message} if message else {})})
        self._conversation.drop_token(self._token)

    def _created(self, begin: dict[str, Any]) -> None:
        if not self._is_over:
            self._begin(begin)

    def _begin(self, begin: dict[str, Any]) -> None:
        self._is_open = True
        self._send(begin)

    def _send(self, value: dict[str, Any]) -> None:
        self._conversation.notify("$/progress", {"token": self._token, "value": value})
