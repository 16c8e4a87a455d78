"""Measure how far a request came in the HTTP library, and how long each part took."""

import time
from typing import Any, Final


class Phases:
    """Take the events of httpx2's `trace` extension.

    `reached` is the part that began last.
    """

    _NAMES: Final = {
        "connect_tcp": "connect",
        "start_tls": "tls",
        "send_request_headers": "send",
        "send_request_body": "send",
        "receive_response_headers": "wait",
        "receive_response_body": "receive",
    }

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._taken: dict[str, float] = {}
        self.reached = "connect"

    async def record(self, event: str, _info: Any) -> None:
        step, _dot, state = event.partition(".")[2].rpartition(".")
        name = self._NAMES.get(step)
        if name is None:
            return
        if state == "started":
            self._started[step] = time.perf_counter()
            self.reached = name
        elif step in self._started:
            self._taken[name] = self._taken.get(name, 0.0) + time.perf_counter() - self._started.pop(step)

    def milliseconds(self) -> dict[str, float]:
        return {name: round(seconds * 1000, 3) for name, seconds in self._taken.items()}
