"""Show an earlier run, read from its capture, as a report."""

from collections.abc import Mapping, Sequence
from typing import Any


class CapturedReport:
    """Give a capture's data under the names of a report.

    The data is that of `strongroom.resolver.load_capture`. Odd data counts as absent.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def _mapping(self, key: str) -> dict[str, Any]:
        found = self.data.get(key)
        return dict(found) if isinstance(found, Mapping) else {}

    def _texts(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key)
        return tuple(str(text) for text in found) if isinstance(found, list) else ()

    def _numbers(self, key: str) -> dict[str, float]:
        return {k: float(v) for k, v in self._mapping(key).items() if isinstance(v, int | float)}

    @property
    def saved(self) -> str:
        """Return the time of the run, ISO 8601 in UTC."""
        return str(self.data.get("saved") or "")

    @property
    def community(self) -> str:
        """Return the community of its values."""
        return str(self.data.get("community") or "")

    @property
    def connector(self) -> str:
        """Return the connector's name."""
        return str(self.data.get("connector") or "")

    @property
    def file(self) -> str:
        """Return the connector's file below the folder, or ""."""
        return str(self._mapping("run").get("file") or "")

    @property
    def permalink(self) -> str:
        """Return the connector's permalink, or ""."""
        return str(self._mapping("run").get("permalink") or "")

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what the run noticed."""
        return self._texts("notices")

    @property
    def is_composite(self) -> bool:
        """Return True if the connector is a composite."""
        return "steps" in self._mapping("debug")

    @property
    def digest(self) -> str:
        """Return the connector's digest (`model.run.digest_of`), or ""."""
        return str(self._mapping("run").get("digest") or "")

    @property
    def inputs(self) -> Mapping[str, str] | None:
        """Return the kept inputs, by field, or None in a capture without inputs."""
        found = self._mapping("run").get("inputs")
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, Mapping) else None

    @property
    def dropped(self) -> tuple[str, ...]:
        """Return the fields whose text was not kept."""
        found = self._mapping("run").get("dropped")
        return tuple(map(str, found)) if isinstance(found, list) else ()

    @property
    def passed(self) -> bool:
        """Return True if the run passed."""
        return self.data.get("passed") is True

    @property
    def status(self) -> int | None:
        """Return the answer's status."""
        found = self.data.get("status")
        return found if isinstance(found, int) else None

    @property
    def reason(self) -> str:
        """Return the status' reason, or why the run failed."""
        return str(self.data.get("reason") or "")

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the answer's headers."""
        return {str(k): str(v) for k, v in self._mapping("headers").items()}

    @property
    def text(self) -> str:
        """Return the body. Of a binary body only the length was kept."""
        found = self.data.get("body")
        if isinstance(found, str):
            return found
        length = self.data.get("body_length")
        return f"({length} bytes that are not text; they were not kept)" if length else ""

    @property
    def body(self) -> bytes:
        """Return the body's text as bytes."""
        return self.text.encode("utf-8", "replace")

    @property
    def request_id(self) -> str:
        """Return the X-Request-ID."""
        return str(self.data.get("request_id") or "")

    @property
    def server_timing(self) -> Mapping[str, float]:
        """Return the parts of the time, in milliseconds."""
        return self._numbers("server_timing")

    @property
    def phases(self) -> Mapping[str, float]:
        """Return the parts of the external time."""
        return self._numbers("phases")

    @property
    def debug(self) -> Mapping[str, Any]:
        """Return the request as it was sent, with literals."""
        return self._mapping("debug")

    @property
    def unresolved(self) -> Sequence[str]:
        """Return the expressions that were left as they were written."""
        return self._texts("unresolved")

    @property
    def failure(self) -> Mapping[str, Any] | None:
        """Return the platform's envelope of a failure."""
        return self._mapping("failure") or None

    @property
    def explanation(self) -> Sequence[str]:
        """Return the meaning of the outcome."""
        return self._texts("explanation")
