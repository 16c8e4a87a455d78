"""Show one run in the Test tab, in parts whose lines are made when first shown."""

from collections.abc import Sequence
from typing import Any

from strongroom_tui.model.runs import answer_lines, report_lines
from strongroom_tui.model.runs.raw_lines import is_binary, raw
from strongroom_tui.model.runs.report_lines import Line, Piece, ReportLike, ResultPart
from strongroom_tui.model.runs.run import Run
from strongroom_tui.model.text.json_body import find_break, parse, written
from strongroom_tui.model.text.json_tree import JsonTree


class Result:
    """Hold a report, its body read once, and the run that the report is of.

    Making one parses the body: do it in a thread. `notes` are lines above the explanation.
    """

    def __init__(self, report: ReportLike, notes: Sequence[Line] = (), run: Run | None = None) -> None:
        self.report = report
        self.notes = tuple(notes)
        self.run = run
        self.text = report_lines.body_text(report)
        # A sentence is shown in place of a body that masking could not look into.
        is_unread = bool(getattr(report, "unread", ""))
        self.body: bytes = (not is_unread and report.body) or self.text.encode("utf-8", "replace")
        self.is_binary = is_binary(self.body)
        self.data: Any = None if self.is_binary else parse(self.text)
        self.tree = JsonTree(self.data) if self.data is not None else None
        type_ = report_lines.content_type(report)
        self.broken = None if self.is_binary or self.tree else find_break(self.text, type_)
        self._parts: dict[tuple[str, int], ResultPart] = {}

    @property
    def summary(self) -> list[Piece]:
        """Return the line of the outcome."""
        size = len(self.body) if self.is_binary else len(self.text)
        return report_lines.summary(self.report, size, "bytes" if self.is_binary else "characters")

    def part(self, name: str, width: int) -> ResultPart:
        """Return one of `report_lines.PARTS`, folded to `width`."""
        key = (name, width)
        if key not in self._parts:
            if len(self._parts) > 2 * len(report_lines.PARTS):
                self._parts.clear()
            self._parts[key] = self._make(name, width)
        return self._parts[key]

    def _make(self, name: str, width: int) -> ResultPart:
        report = self.report
        if name in ("Response", "Raw"):
            body = raw(self.text, self.body, width)
            return report_lines.broken(self.broken, body, width) if self.broken else body
        if name == "API":
            return answer_lines.answers(report, width)
        if name == "Headers":
            return report_lines.headers(report, width)
        if name == "Request":
            return report_lines.request(report, width)
        if name == "Timing":
            return report_lines.timing(report, width)
        return report_lines.explain(report, width, self.notes)

    def scalar_at(self, path: Sequence[str | int]) -> str:
        """Return the value at a place of the JSON body as text."""
        value = self.data
        for key in path:
            value = value[key]
        return value if isinstance(value, str) else written(value)
