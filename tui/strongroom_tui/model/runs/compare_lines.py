"""Return the differences of two runs as lines."""

import json
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from strongroom.text.phrases import counted
from strongroom_tui.model.text.words import one_line, visible

if TYPE_CHECKING:
    from strongroom.resolver.reports.compare import Change, Comparison

Piece = tuple[str, str]
Line = list[Piece]

AREAS: Final = {"outcome": "Outcome", "header": "Headers", "body": "Body", "request": "Request"}
SIGNS: Final = {"added": ("+", "added"), "removed": ("-", "removed"), "changed": ("~", "warn")}
LONGEST: Final = 2000
"""Characters of one side of a change that are shown."""


def comparison_lines(comparison: "Comparison", width: int) -> list[Line]:
    """Return the changes by area, each with both sides, and then the times."""
    lines: list[Line] = []
    for area, title in AREAS.items():
        changes = [change for change in comparison.changes if change.area == area]
        if changes:
            lines += [[(title, "strong"), (f"  {counted(len(changes), 'difference')}", "muted")]]
            lines += [line for change in changes for line in _change(change, width)]
            lines.append([])
    if not lines:
        lines += [[("✓ ", "good"), ("Status, headers, body and request are the same.", "")], []]
    if comparison.is_cut:
        lines += [[("There are more differences than are shown here.", "muted")], []]
    return lines + list(_timings(comparison))


def _change(change: "Change", width: int) -> Iterator[Line]:
    sign, style = SIGNS.get(change.kind, ("~", "warn"))
    path = textwrap.wrap(one_line(change.path) or "(whole)", max(16, width - 4)) or [""]
    yield [(f"{sign} ", style), (path[0], "accent")]
    for piece in path[1:]:
        yield [("  ", ""), (piece, "accent")]
    if change.kind != "added":
        yield from _side(change.before, "removed" if change.kind == "removed" else "muted", "-", width)
    if change.kind != "removed":
        yield from _side(change.after, "added" if change.kind == "added" else "", "+", width)


def _side(value: Any, style: str, sign: str, width: int) -> Iterator[Line]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    cut = one_line(text[:LONGEST]) + ("…" if len(text) > LONGEST else "")
    for number, piece in enumerate(textwrap.wrap(cut, max(16, width - 6)) or ['""']):
        yield [(f"    {sign} " if not number else "      ", "muted"), (visible(piece), style)]


def _timings(comparison: "Comparison") -> Iterator[Line]:
    if not comparison.timings:
        return
    yield [("Time", "strong")]
    for timing in comparison.timings:
        before, after = _ms(timing.before), _ms(timing.after)
        difference = (timing.after or 0) - (timing.before or 0)
        yield [
            (f"  {visible(timing.part):<12.12}", ""),
            (f"{before:>12}  →{after:>12}", ""),
            (f"{difference:>+10,.1f}", "muted"),
        ]


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f} ms"
