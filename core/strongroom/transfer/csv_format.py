"""Read and write CSV files: a header row, then a row for each entry.

Quoting is RFC 4180's. The separator is the one with which the first row is a header: spreadsheets write semicolons
where numbers have a comma, and some files begin with a line `sep=;`.
"""

import re
from collections.abc import Iterable

from strongroom.names import Kind
from strongroom.store.rows.many import EntryWithValue
from strongroom.text.phrases import counted
from strongroom.text.surrogates import has_half
from strongroom.transfer.decoding import NOT_TEXT
from strongroom.transfer.errors import SourceUnreadable, TransferError
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Refusal, Remark, shown_name
from strongroom.transfer.programs import LEFT_OUT, Layout, find_layout
from strongroom.values.secret_value import SecretValue

COLUMNS = ("name", "value", "kind", "note", "expires")
_HEADER_WAY_OUT = (
    "Begin the file with the row `name,value`; kind, note and expires may follow. Between them is a comma, a "
    "semicolon or a tab. Exports of KeePassXC, 1Password, Bitwarden, LastPass and browsers are taken as they are."
)

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_END = re.compile(r"\r\n|\n|\r|\Z")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\n|\r)')
_SEPARATORS = {character: re.compile(rf'[^{character}"\r\n]*+') for character in ",;\t|"}
"""Each separator, with the pattern of an unquoted cell."""
_SHORTENED = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+|[1-9][0-9]{14}0+", re.ASCII)
"""A number as spreadsheets write it, or one whose digits after the fifteenth, which they do not keep, are zeros."""

SHORTENED = "the value looks like a number that a spreadsheet shortened: its last digits may be lost"


def read(text: str) -> ParsedFile:
    """Return the entries of a CSV file, and each bad row.

    Raises `SourceUnreadable` for a wrong header.
    """
    separator, start = _separator(text)
    rows = list(_rows(text, separator, start))
    if not rows:
        raise SourceUnreadable("The CSV file is empty.", _HEADER_WAY_OUT)
    header, layout = _header(rows[0])
    source = ParsedFile(layout.what if layout else "a CSV file", [], [], [])
    if layout:
        source.remarks.append(Remark(rows[0][0], LEFT_OUT))
    for line, cells, problem in rows[1:]:
        found = problem or _problem(header, cells)
        if found:
            source.refusals.append(Refusal(line, "", found))
            continue
        row = dict(zip(header, cells, strict=True))
        _add(source, line, {ours: row[theirs] for ours, theirs in layout.fields.items()} if layout else row)
    return source


def _add(source: ParsedFile, line: int, row: dict[str, str]) -> None:
    try:
        kind = Kind(row["kind"]) if row.get("kind") else None
    except ValueError:
        source.refusals.append(
            Refusal(line, shown_name(row["name"]), "its kind is neither `secret` nor `variable`")
        )
        return
    source.entries.append(
        FileEntry(line, row["name"], SecretValue(row["value"]), kind, row.get("note"), row.get("expires"))
    )
    if _SHORTENED.fullmatch(row["value"]):
        source.remarks.append(Remark(line, SHORTENED))


def _separator(text: str) -> tuple[str, int]:
    """Return the separator and the offset of the header."""
    if said := _SEPARATOR_LINE.match(text):
        return said[1], said.end()
    for separator in _SEPARATORS:
        first = next(iter(_rows(text, separator, 0)), None)
        if first is not None and _is_header(first):
            return separator, 0
    return ",", 0


def _is_header(first: tuple[int, list[str], str]) -> bool:
    _, cells, problem = first
    names = [cell.strip().lower() for cell in cells]
    return not problem and ({"name", "value"} <= set(names) or find_layout(names) is not None)


def _header(first: tuple[int, list[str], str]) -> tuple[list[str], Layout | None]:
    """Return the columns in lower case, and another program's layout or None."""
    _, cells, _ = first
    header = [cell.strip().lower() for cell in cells]
    if not _is_header(first):
        raise SourceUnreadable(
            "The first row of the CSV file is not a header that is known.", _HEADER_WAY_OUT
        )
    if "value" not in header and len(set(header)) == len(header):
        return header, find_layout(header)
    for number, cell in enumerate(header, 1):
        if cell not in COLUMNS or header.index(cell) != number - 1:
            raise SourceUnreadable(
                f"Column {number} of the CSV file is not known, or is there twice.",
                f"The columns are {', '.join(COLUMNS)}.",
            )
    return header, None


def _problem(header: list[str], cells: list[str]) -> str:
    if len(cells) != len(header):
        return f"it has {counted(len(cells), 'field')}, and the header has {len(header)}"
    return NOT_TEXT if any(map(has_half, cells)) else ""


def _rows(text: str, separator: str, start: int) -> Iterable[tuple[int, list[str], str]]:
    """Yield each row from `start` on that is not blank: line, cells, problem or ""."""
    at, line = start, 1 + _breaks(text, 0, start)
    while at < len(text):
        cells, after, problem = _row(text, separator, at)
        if problem:
            # The end of a bad row is a guess: go on with the next line.
            cells = []
            after = _next_line(text, at)
        if problem or cells != [""]:
            yield line, cells, problem
        line += _breaks(text, at, after)
        at = after


def _row(text: str, separator: str, at: int) -> tuple[list[str], int, str]:
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
            unquoted = _SEPARATORS[separator].match(text, at)
            at = unquoted.end() if unquoted else at
            cells.append(unquoted.group() if unquoted else "")
            wrong = "there is a quote inside a field without quotes around it"
        if text.startswith(separator, at):
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


def write(entries: Iterable[EntryWithValue]) -> str:
    """Return the entries as CSV, which `read` gives back exactly.

    Raises `TransferError` for a value that is not text.
    """
    lines = [",".join(COLUMNS)]
    for entry in entries:
        value = entry.value.reveal()
        if has_half(value):
            raise TransferError(
                f"The value of `{entry.name}` is not text, so a CSV file cannot hold it.",
                "Export JSON or a bundle instead.",
            )
        cells = (entry.name, value, entry.kind.value, entry.note, entry.expires)
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\r\n".join(lines) + "\r\n"
