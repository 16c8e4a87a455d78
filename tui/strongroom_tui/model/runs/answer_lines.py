"""Return what each API of a run answered, before the response template."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom_tui.model.runs.raw_lines import raw
from strongroom_tui.model.runs.report_lines import (
    Line,
    ReportLike,
    ResultPart,
    folded,
    header_lines,
    joined,
    part,
)
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom.resolver.terms.exchange import Asked, Exchange

_NOT_CALLED: Line = [("The API was not called. Explain says why.", "muted")]
_NOT_KEPT: tuple[Line, ...] = (
    [("The API's own answers are not kept with earlier runs.", "muted")],
    [("⏎  ", "key"), ("runs the test", "")],
)


def answers(report: ReportLike, width: int) -> ResultPart:
    """Return the answers of all calls in their order, folded to `width`."""
    exchanges: Sequence[Exchange] | None = getattr(report, "exchanges", None)
    if exchanges is None:
        return part(list(_NOT_KEPT))
    if not exchanges:
        return part([_NOT_CALLED])
    return joined([one for exchange in exchanges for one in _answer(exchange, width)])


def _answer(exchange: "Exchange", width: int) -> list[ResultPart]:
    from strongroom.resolver.reports.report import decoded

    asked, answered = exchange.asked, exchange.answered
    step: Line = [(f"{one_line(asked.step)}  ", "accent")] if asked.step else []
    took = "from the cache" if exchange.from_cache else f"{exchange.milliseconds:,.0f} ms"
    size = f"{len(answered.body):,} bytes" if answered.body else "no body"
    style = "good" if 200 <= answered.status < 300 else "bad"
    head: list[Line] = [
        *folded([*step, (f"{asked.method} ", "strong"), (one_line(_with_query(asked)), "")], width),
        [
            (f"{answered.status} {one_line(answered.reason)}".rstrip(), style),
            (f"   {took}   {size}", "muted"),
        ],
        [],
        *header_lines(answered.headers, width),
        [],
    ]
    content_type = next((value for name, value in answered.headers if name.lower() == "content-type"), "")
    text = decoded(answered.body, content_type)
    body = [raw(text, answered.body, width)] if answered.body else []
    return [part(head), *body, part([[], []])]


def _with_query(asked: "Asked") -> str:
    """Return the address with its query for people.

    Literals of secrets are not encoded.
    """
    if not asked.query:
        return asked.url
    rows = "&".join(f"{key}={value}" for key, value in asked.query)
    return f"{asked.url}{'&' if '?' in asked.url else '?'}{rows}"
