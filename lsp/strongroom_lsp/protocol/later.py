"""An answer that is not there yet: a check that waits for the last edit, an index, a program that runs."""

from collections.abc import Callable
from typing import Any

from strongroom.errors import StrongroomError
from strongroom_lsp.protocol.messages import INTERNAL_ERROR, REQUEST_FAILED
from strongroom_lsp.protocol.transport import ClientGone

Outcome = dict[str, Any]
"""The part of a response that says how it went: `{"result": ...}` or `{"error": ...}`."""


class Later:
    """Gives its outcome once, to the one who calls `then`; whatever comes after that is passed over.

    With `on_late_stop` the request can be cancelled after its answer, too, until `close`: the client's message may have
    crossed the answer.
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
        """Whether a cancellation still means something."""
        return self._outcome is None or ("result" in self._outcome and self._on_late_stop is not None)

    def close(self) -> None:
        """Take no cancellation any more."""
        self._on_late_stop = None
        if self.on_close is not None:
            self.on_close()

    def then(self, call: Callable[[Outcome], object]) -> None:
        """Call this with the outcome, at once where it is there already."""
        self._then = call
        if self._outcome is not None:
            call(self._outcome)

    def give(self, result: object) -> None:
        """The answer is there."""
        self._end({"result": result})

    def fail(self, code: int, message: str) -> None:
        """There will be none, and why."""
        self._end({"error": {"code": code, "message": message}})

    def stop(self, code: int, message: str) -> None:
        """Nobody waits any more: end the work, where it can be ended."""
        if self._outcome is None:
            if self._on_stop is not None:
                self._on_stop()
            self.fail(code, message)
        elif self._on_late_stop is not None:
            self._on_late_stop()

    def attempt(self, work: Callable[[], object]) -> None:
        """Do a part of the work. Where it fails, the one who asked is told, and the loop's log has the rest."""
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
