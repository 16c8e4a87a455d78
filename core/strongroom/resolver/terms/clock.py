"""Measure a run's time in the parts that Server-Timing names (PLATFORM §6)."""

import time


class Clock:
    """Count the milliseconds that are spent in each part, from now on."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._parts = {"setup": 0.0, "transform": 0.0, "cache": 0.0, "external": 0.0}
        self._steps: dict[str, float] = {}
        self._stopped: float | None = None
        self._skipped = 0.0

    def lap(self, part: str) -> None:
        """Count the time since the last lap to a part."""
        now = time.perf_counter()
        self._parts[part] += (now - self._last) * 1000
        self._last = now

    def skip(self) -> None:
        """Leave out the time since the last lap, of the total too.

        Because that time was a person's, it is not the run's.
        """
        now = time.perf_counter()
        self._skipped += now - self._last
        self._last = now

    def elapsed(self) -> float:
        """Return the milliseconds since the start, without what was skipped."""
        end = time.perf_counter() if self._stopped is None else self._stopped
        return (end - self._started - self._skipped) * 1000

    def step(self, name: str, milliseconds: float) -> None:
        """Keep what a composite's step took."""
        self._steps[f"step.{name}"] = milliseconds

    def stop(self) -> None:
        """End the total.

        Later work, such as masking the answer, is not the connector's time.
        """
        self._stopped = time.perf_counter()

    def timing(self) -> dict[str, float]:
        """Return the parts, the steps and the total so far."""
        total = self.elapsed()
        return {
            name: round(value, 3) for name, value in {**self._parts, **self._steps, "total": total}.items()
        }
