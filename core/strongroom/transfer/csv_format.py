"""CSV files as RFC 4180 has them: a header row, then a row for each entry."""

import re
from collections.abc import Iterable

from strongroom.names import Kind
from strongroom.secret_value import SecretValue
from strongroom.store.bulk import Held
from strongroom.transfer.decoding import NOT_TEXT, is_text
from strongroom.transfer.errors import SourceUnreadable, TransferError
from strongroom.transfer.items import Item, Refusal, Source, shown_name

COLUMNS = ("name", "value", "kind", "note", "expires")
_HEADER_WAY_OUT = "Begin the file with the row `name,value`; kind, note and expires may follow."

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_UNQUOTED = re.compile(r'[^,"\r\n]*+')
_END = re.compile(r"\r\n|\n|\r|\Z")


def read(text: str) -> Source:
    """The entries of a CSV file, and each bad row. Raises `SourceUnreadable` for a wrong header."""
    rows = list(_rows(text))
    if not rows:
        raise SourceUnreadable("The CSV file is empty.", _HEADER_WAY_OUT)
    header = _header(rows[0])
    source = Source("a CSV file", [], [], [])
    for line, cells, problem in rows[1:]:
        found = problem or _problem(header, cells)
        if found:
            source.refusals.append(Refusal(line, "", found))
            continue
        row = dict(zip(header, cells, strict=True))
        try:
            kind = Kind(row["kind"]) if row.get("kind") else None
        except ValueError:
            source.refusals.append(
                Refusal(line, shown_name(row["name"]), "its kind is neither `secret` nor `variable`")
            )
            continue
        source.items.append(
            Item(line, row["name"], SecretValue(row["value"]), kind, row.get("note"), row.get("expires"))
        )
    return source


def _header(first: tuple[int, list[str], str]) -> list[str]:
    _, cells, problem = first
    header = [cell.strip().lower() for cell in cells]
    if problem or "name" not in header or "value" not in header:
        raise SourceUnreadable("The first row of the CSV file is not a header.", _HEADER_WAY_OUT)
    for number, cell in enumerate(header, 1):
        if cell not in COLUMNS or header.index(cell) != number - 1:
            raise SourceUnreadable(
                f"Column {number} of the CSV file is not known, or is there twice.",
                f"The columns are {', '.join(COLUMNS)}.",
            )
    return header


def _problem(header: list[str], cells: list[str]) -> str:
    if len(cells) != len(header):
        return f"it has {len(cells)} {'field' if len(cells) == 1 else 'fields'}, and the header has {len(header)}"
    return "" if all(map(is_text, cells)) else NOT_TEXT


def _rows(text: str) -> Iterable[tuple[int, list[str], str]]:
    """(line, cells, what is wrong or "") for each row that is not blank."""
    at, line = 0, 1
    while at < len(text):
        cells, after, problem = _row(text, at)
        if problem:
            # Where it ends is a guess: go on with the next line.
            cells = []
            after = _next_line(text, at)
        if problem or cells != [""]:
            yield line, cells, problem
        line += _breaks(text, at, after)
        at = after


def _row(text: str, at: int) -> tuple[list[str], int, str]:
    cells: list[str] = []
    while True:
        if text.startswith('"', at):
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                return cells, at, "the quote that opens here is never closed"
            cells.append(quoted.group(1).replace('""', '"'))
            at = quoted.end()
            wrong = "there is text after a closing quote"
        else:
            unquoted = _UNQUOTED.match(text, at)
            at = unquoted.end() if unquoted else at
            cells.append(unquoted.group() if unquoted else "")
            wrong = "there is a quote inside a field without quotes around it"
        if text.startswith(",", at):
            at += 1
            continue
        end = _END.match(text, at)
        return cells, end.end() if end else at, "" if end else wrong


def _next_line(text: str, at: int) -> int:
    found = re.compile(r"\r\n|\n|\r").search(text, at)
    return found.end() if found else len(text)


def _breaks(text: str, start: int, end: int) -> int:
    crlf = text.count("\r\n", start, end)
    return text.count("\n", start, end) + text.count("\r", start, end) - crlf


def write(entries: Iterable[Held]) -> str:
    """The entries as CSV, which `read` gives back exactly. Raises `TransferError` for a value that is no text."""
    lines = [",".join(COLUMNS)]
    for entry in entries:
        value = entry.value.reveal()
        if not is_text(value):
            raise TransferError(
                f"The value of `{entry.name}` is not text, so a CSV file cannot hold it.",
                "Export JSON or a bundle instead.",
            )
        cells = (entry.name, value, entry.kind.value, entry.note, entry.expires)
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\r\n".join(lines) + "\r\n"
