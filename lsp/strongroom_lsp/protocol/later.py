"""Answer a request later: when the index is built, or a program has ended."""

from collections.abc import Callable
from typing import Any

from strongroom.errors import StrongroomError
from strongroom_lsp.protocol.messages import INTERNAL_ERROR, REQUEST_FAILED
from strongroom_lsp.protocol.transport import ClientGone

Outcome = dict[str, Any]
"""The part of a response that differs: `{"result": ...}` or `{"error": ...}`."""


class Later:
    """Hold the outcome of one request.

    The first outcome counts; later ones are ignored. With `on_late_stop` the request can be cancelled after its
    answer as well, until `close`, because the client's message may have crossed the answer.
    """

    __slots__ = ("_on_late_stop", "_on_stop", "_outcome", "_then", "on_close")

    def __init__(
        self,
        on_stop: Callable[[], object] | None = None,
        on_late_stop: Callable[[], object] | None = None,
    ) -> None:
        self._on_stop = on_stop
        self._on_late_stop = on_late_stop
        self.on_close: Callable[[], object] | None = None
        self._then: Callable[[Outcome], object] | None = None
        self._outcome: Outcome | None = None

    @property
    def is_done(self) -> bool:
        return self._outcome is not None

    @property
    def is_open(self) -> bool:
        """Tell whether the request can be cancelled."""
        return self._outcome is None or ("result" in self._outcome and self._on_late_stop is not None)

    def close(self) -> None:
        """Refuse every later cancellation."""
        self._on_late_stop = None
        if self.on_close is not None:
            self.on_close()

    def then(self, call: Callable[[Outcome], object]) -> None:
        """Call `call` with the outcome, at once if there is one already."""
        self._then = call
        if self._outcome is not None:
            call(self._outcome)

    def give(self, result: object) -> None:
        """Answer with a result."""
        self._end({"result": result})

    def fail(self, code: int, message: str) -> None:
        """Answer with an error."""
        self._end({"error": {"code": code, "message": message}})

    def stop(self, code: int, message: str) -> None:
        """End the work, if it can be ended, because the client does not wait for it."""
        if self._outcome is None:
            if self._on_stop is not None:
                self._on_stop()
            self.fail(code, message)
        elif self._on_late_stop is not None:
            self._on_late_stop()

    def attempt(self, work: Callable[[], object]) -> None:
        """Do a part of the work, and answer with its error if it fails.

        The loop logs an unexpected error.
        """
        if self.is_done:
            return
        try:
            work()
        except StrongroomError as error:
            self.fail(REQUEST_FAILED, str(error))
        except ClientGone:
            raise
        except Exception:
            self.fail(INTERNAL_ERROR, "The request failed; the server's log says how.")
            raise

    def _end(self, outcome: Outcome) -> None:
        if self._outcome is None:
            self._outcome = outcome
            if self._then is not None:
                self._then(outcome)
