"""A test's report as lines of a screen: response, headers, the request that was sent, timing, explanation.

The report holds literals where secrets were (it was rendered a second time without them), so nothing here can
show a value.
"""

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from strongroom_tui.words import visible

Piece = tuple[str, str]
Line = Sequence[Piece]

PARTS: Final = ("Response", "Headers", "Request", "Timing", "Explain")
"""The parts of a result, as the line above it names them."""


REASON: Final = 22
"""Characters of a status' reason on the line of the outcome; Explain has the whole of it."""


class ReportLike(Protocol):
    """As much of the resolver's report as the screen shows."""

    @property
    def ok(self) -> bool: ...
    @property
    def status(self) -> int | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def headers(self) -> Any: ...
    @property
    def text(self) -> str: ...
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


class Part(NamedTuple):
    """Lines that are made when they come on screen."""

    height: int
    line: Callable[[int], Line]
    widest: int


def part(lines: Sequence[Line]) -> Part:
    """Lines that are there already."""
    return Part(
        len(lines), lines.__getitem__, max((sum(len(t) for t, _ in line) for line in lines), default=0)
    )


def summary(report: ReportLike) -> list[Piece]:
    """One line: passed or failed, the status, how long it took."""
    total = report.server_timing.get("total")
    took = f"   {total:,.0f} ms" if total is not None else ""
    verdict: Piece = ("✓ passed", "good") if report.ok else ("✗ failed", "bad")
    status = (
        f"  {report.status} {_short(visible(report.reason))}".rstrip() if report.status else "  no response"
    )
    size = len(report.text)
    amount = f"   {size:,} characters" if size else ""
    return [verdict, (status, "strong"), (took + amount, "muted")]


def _short(reason: str) -> str:
    return reason if len(reason) <= REASON else reason[: REASON - 1] + "…"


def response(report: ReportLike) -> Part:
    """The body: JSON with its indentation, other text as it came."""
    text = report.text
    if report.failure is not None and not text:
        text = json.dumps(report.failure)
    if not text:
        return part([[("The response has no body.", "muted")]])
    try:
        lines = json.dumps(json.loads(text), indent=2, ensure_ascii=False).split("\n")
    except (ValueError, RecursionError):
        plain = text.splitlines()
        return Part(len(plain), lambda i: [(visible(plain[i]), "")], max(map(len, plain), default=0))
    return Part(len(lines), lambda i: json_line(lines[i]), max(map(len, lines)))


_KEY: Final = re.compile(r'(\s*)("(?:[^"\\]|\\.)*")(: )(.*)', re.DOTALL)


def json_line(line: str) -> Line:
    """One line of indented JSON, its key in another style."""
    match = _KEY.fullmatch(line)
    if match is None:
        return [(visible(line), "")]
    space, key, colon, rest = match.groups()
    return [(space, ""), (visible(key), "accent"), (colon, "muted"), (visible(rest), "")]


def headers(report: ReportLike) -> Part:
    """The response's headers, a line each."""
    pairs = report.headers.items() if isinstance(report.headers, Mapping) else report.headers
    rows = [(str(name), str(value)) for name, value in pairs]
    if not rows:
        return part([[("There was no response, so there are no headers.", "muted")]])
    width = min(28, max(len(name) for name, _ in rows))
    return part([[(f"{visible(name):<{width}}  ", "accent"), (visible(value), "")] for name, value in rows])


def request(report: ReportLike, width: int) -> Part:
    """The request as it was sent, with templates where secrets were; unresolved names are marked.

    Long lines are folded to `width` cells: what was sent has to be read whole.
    """
    lines: list[Line] = []
    if report.unresolved:
        lines.append([("✗ not resolved, so the text itself was sent:", "bad")])
        lines += [[("  " + visible(expression), "mark")] for expression in report.unresolved]
        lines.append([])
    text = json.dumps(dict(report.debug), indent=2, ensure_ascii=False)
    lines += [_debug_line(line, report.unresolved) for line in text.split("\n")]
    return part([piece for line in lines for piece in _folded(line, max(20, width))])


def _folded(line: Line, width: int) -> list[Line]:
    """One line of pieces as lines of at most `width` characters, the later ones indented by four."""
    folded: list[list[Piece]] = [[]]
    room = width
    for text, style in line:
        rest = text
        while len(rest) > room:
            folded[-1].append((rest[:room], style))
            rest = rest[room:]
            folded.append([("    ", "")])
            room = width - 4
        folded[-1].append((rest, style))
        room -= len(rest)
    return [list(pieces) for pieces in folded]


def _debug_line(line: str, unresolved: Sequence[str]) -> Line:
    for expression in unresolved:
        written = json.dumps(expression, ensure_ascii=False)[1:-1]
        before, found, after = line.partition(written)
        if found:
            # Every such line is indented by two at least: the sign stands where nothing can cut it off.
            return [("✗ ", "bad"), (visible(before[2:]), ""), (visible(found), "mark"), (visible(after), "")]
    return json_line(line)


BAR: Final = 20
"""Cells of the longest bar."""


def timing(report: ReportLike) -> Part:
    """Server-Timing as bars, each beginning where the one before ended; below `external`, its phases."""
    spans = dict(report.server_timing)
    total = spans.pop("total", None) or sum(spans.values())
    if not total:
        return part([[("Nothing was timed.", "muted")]])
    rows: list[tuple[str, float, float, str]] = []
    begin = 0.0
    for name, spent in spans.items():
        rows.append((name, begin, spent, "accent"))
        if name == "external":
            inner = begin
            for phase, took in report.phases.items():
                rows.append((f"  {phase}", inner, took, "muted"))
                inner += took
        begin += spent
    width = max(len(name) for name in ("total", *(row[0] for row in rows)))
    lines: list[Line] = [
        [
            (f"{visible(name):<{width}}  ", ""),
            (_bar(start, spent, total), style),
            (f"{spent:>9,.1f} ms", "muted"),
        ]
        for name, start, spent, style in rows
    ]
    lines.append([(f"{'total':<{width}}  ", "strong"), ("━" * BAR, "line"), (f"{total:>9,.1f} ms", "strong")])
    if report.request_id:
        lines += [[], [("X-Request-ID  ", "muted"), (visible(report.request_id), "")]]
    return part(lines)


def _bar(start: float, spent: float, total: float) -> str:
    left = min(BAR - 1, int(BAR * start / total))
    cells = min(BAR - left, max(1, round(BAR * spent / total))) if spent else 0
    return f"{' ' * left + '━' * cells:<{BAR}}"


def explain(report: ReportLike, width: int) -> Part:
    """What the outcome means, in sentences folded to `width` cells."""
    lines: list[Line] = [
        [("· " if first else "  ", "muted"), (piece, "")]
        for line in report.explanation
        for first, piece in _wrapped(line, max(20, width - 2))
    ]
    return part(lines or [[("Nothing to explain: the connector answered as it should.", "muted")]])


def _wrapped(text: str, width: int) -> list[tuple[bool, str]]:
    return [(i == 0, piece) for i, piece in enumerate(textwrap.wrap(visible(text), width) or [""])]


def parts(report: ReportLike, width: int) -> tuple[Part, ...]:
    """All parts, in the order of `PARTS`. Parses the body: call it in a worker for a large one."""
    return response(report), headers(report), request(report, width), timing(report), explain(report, width)
