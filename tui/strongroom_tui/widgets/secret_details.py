"""Describe one row of the Secrets list in lines, without a screen or a vault."""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from strongroom.names import Kind
from strongroom.text.phrases import counted
from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.secrets.name_row import NameRow
from strongroom_tui.model.text.words import age, expiry, one_line, visible
from strongroom_tui.widgets.line_view import Line

LABEL: Final = 9
"""Cells of the label before each value."""

USED_LINES: Final = 2
"""Lines of the connectors that use an entry.

The dialog that deletes the entry names all of them.
"""

_MISSING: Final = "✗ missing"
_NEEDED: Final = "needed"


class DetailContext(NamedTuple):
    """Hold what the details depend on besides the row.

    `width` counts the cells beside the label. `revealed` is set only while it may be shown.
    """

    now: datetime
    width: int
    community: str
    masked: str
    unlocked: bool
    has_vault: bool = True
    knows: bool = True
    revealed: SecretValue | None = None


def detail_lines(row: NameRow, seen: DetailContext) -> list[Line]:
    """Return everything that is known about `row`."""
    return _missing_lines(row, seen) if row.missing else _entry_lines(row, seen)


def selection_lines(rows: Sequence[NameRow], hidden: int) -> list[Line]:
    """Return what to do with several rows at once. The filter hides `hidden` of them."""
    used = sum(bool(row.uses) for row in rows)
    beyond = f", {hidden} of them not shown by the filter" if hidden else ""
    return [
        [(f"{counted(len(rows), 'entry', 'entries')} selected{beyond}", "strong")],
        [(f"{used} of them used by connectors", "muted")],
        [("d", "key"), (" delete   ", "muted"), ("E", "key"), (" set the expiry   ", "muted")],
        [("x", "key"), (" export   ", "muted"), ("esc", "key"), (" clear the selection", "muted")],
    ]


_TOUR: Final[Line] = [("T        ", "key"), ("takes the tour first: a sample vault that is thrown away", "")]


def _missing_lines(row: NameRow, seen: DetailContext) -> list[Line]:
    adds = f"adds this {row.kind.value} to {one_line(seen.community)}"
    call = f"{row.kind.function}('{row.name}')"
    if seen.knows:
        word, style = _MISSING, "bad"
        sentence = f": {call} stays as written, and calls fail"
    else:
        word, style = _NEEDED, "warn"
        missing = f"the vault has no community {one_line(seen.community)} yet"
        sentence = f": a connector calls {call}, and {missing if seen.has_vault else 'there is no vault yet'}"
    first, *rest = textwrap.wrap(word + sentence, seen.width + LABEL)
    return [
        [(word, style), (first.removeprefix(word), "")],
        *([(line, "")] for line in rest),
        *_used(row, seen.width),
        [("⏎        ", "key"), (adds if seen.has_vault else f"makes the vault, and {adds}", "")],
        *([] if seen.has_vault else [_TOUR]),
    ]


def _used(row: NameRow, width: int) -> list[Line]:
    label = ("used by  ", "muted")
    if not row.uses:
        return [[label, ("no connector in this folder", "muted")]]
    uses = ", ".join(one_line(use) for use in row.uses)
    return _labelled(label, textwrap.wrap(uses, width, max_lines=USED_LINES, placeholder=" …"), "")


def _entry_lines(row: NameRow, seen: DetailContext) -> list[Line]:
    ago = age(row.changed, seen.now)
    changed = "now" if ago == "now" else f"{ago} ago"
    lines: list[Line] = [
        *_value_lines(row, seen),
        *_used(row, seen.width),
        [("changed  ", "muted"), (f"{changed} · {counted(row.version, 'version')}" if ago else "", "")],
    ]
    if row.expires:
        words = expiry(row.expires, seen.now.date())
        style = "warn" if words.startswith("!") else ""
        lines.append([("expires  ", "muted"), (f"{row.expires}  {words}", style)])
    if row.note:
        lines += _labelled(("note     ", "muted"), textwrap.wrap(one_line(row.note), seen.width), "")
    return lines


def _value_lines(row: NameRow, seen: DetailContext) -> list[Line]:
    label = ("value    ", "muted")
    if seen.revealed is not None:
        return _labelled(label, folded(seen.revealed.reveal(), seen.width), "accent")
    if row.kind is Kind.VARIABLE:
        return _labelled(label, folded(row.value or "", seen.width), "")
    hint = "" if seen.unlocked else "   locked: r unlocks and reveals"
    return [[label, (seen.masked, ""), (hint, "muted")]]


def folded(text: str, width: int) -> list[str]:
    """Return all of `text` in lines of at most `width` visible characters."""
    lines = [visible(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [line[i : i + width] for line in lines for i in range(0, max(1, len(line)), width)]


def _labelled(label: tuple[str, str], texts: list[str], style: str) -> list[Line]:
    blank = (" " * len(label[0]), "")
    return [[blank if i else label, (text, style)] for i, text in enumerate(texts)]
