"""Return a test's report as lines, in the parts that `PARTS` names.

The report holds literals where secrets were. Because it was rendered a second time without the secrets, no line
here can show a value.
"""

import json
import re
import textwrap
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple, Protocol

from strongroom_tui.model.runs.waterfall import waterfall
from strongroom_tui.model.text.json_body import Break
from strongroom_tui.model.text.words import one_line, visible

Piece = tuple[str, str]
Line = Sequence[Piece]

PARTS: Final = ("Response", "Raw", "Headers", "Request", "Timing", "Explain", "API")
"""The parts of a result, as the line above the result names them.

API is one key from Response and Explain.
"""


class ReportLike(Protocol):
    """Hold as much of the resolver's report as the screen shows."""

    @property
    def passed(self) -> bool: ...
    @property
    def status(self) -> int | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def headers(self) -> Any: ...
    @property
    def text(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def request_id(self) -> str: ...
    @property
    def server_timing(self) -> Mapping[str, float]: ...
    @property
    def phases(self) -> Mapping[str, float]: ...
    @property
    def debug(self) -> Mapping[str, Any]: ...
    @property
    def unresolved(self) -> Sequence[str]: ...
    @property
    def failure(self) -> Mapping[str, Any] | None: ...
    @property
    def explanation(self) -> Sequence[str]: ...


class ResultPart(NamedTuple):
    """Hold lines that are made when they are first shown.

    `find` gives the lines that hold a text.
    """

    height: int
    line: Callable[[int], Line]
    widest: int
    find: Callable[[str], list[int]] | None = None

    def search(self, query: str) -> list[int]:
        """Return the numbers of the lines that hold `query`, case ignored."""
        wanted = query.lower()
        if not wanted:
            return []
        if self.find is not None:
            return self.find(query)
        lines = ("".join(text for text, _ in self.line(i)) for i in range(self.height))
        return [i for i, text in enumerate(lines) if wanted in text.lower()]


def part(lines: Sequence[Line]) -> ResultPart:
    """Return a part of ready-made lines."""
    return ResultPart(
        len(lines), lines.__getitem__, max((sum(len(t) for t, _ in line) for line in lines), default=0)
    )


def summary(report: ReportLike, size: int, unit: str = "characters") -> list[Piece]:
    """Return the outcome, the status, the time and the size in `unit` as one line."""
    total = report.server_timing.get("total")
    took: list[Piece] = [(f"   {total:,.0f} ms", "muted")] if total is not None else []
    verdict: Piece = ("✓ passed", "good") if report.passed else ("✗ failed", "bad")
    status = f"  {report.status or 'no response'} {one_line(report.reason)}".rstrip()
    amount: list[Piece] = [(f"   {size:,} {unit}", "muted")] if size else []
    cached: list[Piece] = [("   cached", "accent")] if getattr(report, "cache", "") == "hit" else []
    return [verdict, (status, "strong"), *took, *cached, *amount]


_KEY: Final = re.compile(r'(\s*)("(?:[^"\\]|\\.)*")(: )(.*)', re.DOTALL)


def json_line(line: str) -> Line:
    """Return one line of indented JSON, its key in another style."""
    match = _KEY.fullmatch(line)
    if match is None:
        return [(visible(line), "")]
    space, key, colon, rest = match.groups()
    return [(space, ""), (visible(key), "accent"), (colon, "muted"), (visible(rest), "")]


def body_text(report: ReportLike) -> str:
    """Return the body, or the platform's envelope of a run without an answer."""
    if report.failure is not None and not report.text:
        return json.dumps(dict(report.failure))
    return report.text


def content_type(report: ReportLike) -> str:
    """Return the Content-Type of what the widget gets, or ""."""
    return next((value for name, value in _pairs(report.headers) if name.lower() == "content-type"), "")


def broken(at: Break, body: ResultPart, width: int) -> ResultPart:
    """Return a body that should be JSON, below the place where it breaks."""
    place = f"line {at.line:,}, column {at.column:,}: "
    head = _wrapped_note([("✗ not JSON  ", "bad"), (place + visible(at.message), "")], width)
    return joined([part([*head, []]), body])


def joined(parts: Sequence[ResultPart]) -> ResultPart:
    """Return parts below each other, each still made line by line."""
    starts = [0, *accumulate(one.height for one in parts)]

    def line(number: int) -> Line:
        at = bisect_right(starts, number) - 1
        return parts[at].line(number - starts[at])

    def find(query: str) -> list[int]:
        return [start + row for start, one in zip(starts, parts, strict=False) for row in one.search(query)]

    return ResultPart(starts[-1], line, max((one.widest for one in parts), default=0), find)


def _pairs(headers: Any) -> list[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(str(name), str(value)) for name, value in pairs]


def headers(report: ReportLike, width: int) -> ResultPart:
    """Return the headers of what the widget gets, folded to `width`."""
    rows = _pairs(report.headers)
    if not rows:
        return part([[("There was no response, so there are no headers.", "muted")]])
    return part(header_lines(rows, width))


def header_lines(rows: Sequence[tuple[str, str]], width: int) -> list[Line]:
    """Return some headers, their names below each other, folded to `width`."""
    column = min(28, max((len(name) for name, _ in rows), default=0))
    lines: list[Line] = [
        [(f"{visible(name):<{column}}  ", "accent"), (visible(value), "")] for name, value in rows
    ]
    return [piece for line in lines for piece in folded(line, max(20, width))]


def request(report: ReportLike, width: int) -> ResultPart:
    """Return the request as it was sent, with templates where secrets were.

    Because what was sent has to be read whole, long lines are folded to `width` cells.
    """
    lines: list[Line] = []
    if report.unresolved:
        lines.append([("✗ not resolved, so the text itself was sent:", "bad")])
        lines += [[("  ", ""), (visible(expression), "mark")] for expression in report.unresolved]
        lines.append([])
    text = json.dumps(dict(report.debug), indent=2, ensure_ascii=False)
    lines += [_debug_line(line, report.unresolved) for line in text.split("\n")]
    return part([piece for line in lines for piece in folded(line, max(20, width))])


def folded(line: Line, width: int) -> list[Line]:
    """Fold one line to at most `width` characters. Later lines are indented by four."""
    folded: list[list[Piece]] = [[]]
    room = width
    for text, style in line:
        at = 0
        while len(text) - at > room:
            folded[-1].append((text[at : at + room], style))
            at += room
            folded.append([("    ", "")])
            room = width - 4
        folded[-1].append((text[at:], style))
        room -= len(text) - at
    return [list(pieces) for pieces in folded]


def _debug_line(line: str, unresolved: Sequence[str]) -> Line:
    for expression in unresolved:
        written = json.dumps(expression, ensure_ascii=False)[1:-1]
        before, found, after = line.partition(written)
        if found:
            # Every such line is indented by two at least: the sign is where nothing can cut it off.
            return [("✗ ", "bad"), (visible(before[2:]), ""), (visible(found), "mark"), (visible(after), "")]
    return json_line(line)


def timing(report: ReportLike, width: int) -> ResultPart:
    """Return Server-Timing as a waterfall, and the request's id."""
    lines: list[Line] = list(waterfall(report.server_timing, report.phases, width))
    if report.request_id:
        lines += [[], [("X-Request-ID", "muted")], [(visible(report.request_id), "")]]
    return part(lines)


def explain(report: ReportLike, width: int, notes: Sequence[Line] = ()) -> ResultPart:
    """Return the meaning of the outcome, folded.

    The reason of a failure and what the run noticed are first, then `notes`, then the rest.
    """
    verdict = list(dict.fromkeys([*getattr(report, "verdict", ()), *getattr(report, "notices", ())]))
    rest = [line for line in report.explanation if line not in verdict]
    if report.failure is not None and report.reason:
        failed = f"The run failed: {report.reason}"
        verdict, rest = [[line for line in lines if line != failed] for lines in (verdict, rest)]
        verdict.insert(0, report.reason)
    sign, style = ("· ", "") if report.passed else ("✗ ", "strong")
    lines = _sentences(verdict, sign, "muted" if report.passed else "bad", style, width)
    lines += [[]] if lines and notes else []
    lines += [piece for note in notes for piece in _wrapped_note(note, max(20, width))]
    lines += [[]] if lines and rest and not notes else []
    lines += _sentences(rest, "· ", "muted", "", width)
    return part(lines or [[("Nothing to explain: the connector answered as it should.", "muted")]])


def _sentences(texts: Sequence[str], sign: str, sign_style: str, style: str, width: int) -> list[Line]:
    return [
        [(sign if first else "  ", sign_style), (piece, style)]
        for text in texts
        for first, piece in _wrapped(text, max(20, width - 2))
    ]


def _wrapped_note(note: Line, width: int) -> list[Line]:
    """Fold the sentence that ends a line.

    Each later line is below the sentence's beginning.
    """
    if not note or sum(len(text) for text, _ in note) <= width:
        return [note]
    *head, (text, style) = note
    indent = sum(len(piece) for piece, _ in head)
    first, *rest = textwrap.wrap(text, max(16, width - indent)) or [""]
    return [[*head, (first, style)], *([(" " * indent + piece, style)] for piece in rest)]


def _wrapped(text: str, width: int) -> list[tuple[bool, str]]:
    return [(i == 0, piece) for i, piece in enumerate(textwrap.wrap(visible(text), width) or [""])]
