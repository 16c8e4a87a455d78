"""Read and write `.env` files as the common readers agree on them.

A line that they read differently is refused. Read: blank lines, `# comments`, `export NAME=value`, spaces
around `=`, unquoted values up to ` #`, single quotes (nothing is special inside), double quotes (escapes),
quoted values of several lines, CRLF. Nothing is interpolated: `$NAME` stays as it is, and a remark says so.
docs/transfer.md has the whole dialect.
"""

import re
from collections.abc import Iterable

from strongroom.store.rows.many import EntryWithValue
from strongroom.text.surrogates import has_half
from strongroom.transfer.decoding import NOT_TEXT
from strongroom.transfer.errors import TransferError
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Refusal, Remark, shown_name
from strongroom.values.secret_value import SecretValue

_DOUBLE = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_SINGLE = re.compile(r"'([^']*+)'")
_REST = re.compile(r"[ \t]*(?:[ \t]#[^\n]*)?(?:\n|\Z)")
_COMMENT = re.compile(r"[ \t]#")
_EXPORT = re.compile(r"export[ \t]+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {
    **dict(zip("nrtfvab", "\n\r\t\f\v\a\b", strict=True)),
    **{character: character for character in "\\\"'$`"},
}
_INTERPOLATION = re.compile(r"(?<!\\)\$[A-Za-z_{(]")

INTERPOLATION = "`$` is not expanded here: the value is taken as it is written"
_UNLIKE_A_SHELL = (
    (
        re.compile(r"\A\$['\"]"),
        "`$'...'` is not read as a shell reads it: the value is taken as it is written; use double quotes for escapes",
    ),
    (
        re.compile(r"(?<!\\)(?:\\\\)*\\\Z"),
        "the value ends with a backslash, which is kept: it does not join lines, as it does in a shell",
    ),
)
"""The unquoted values that a shell reads in another way, with remarks."""
NO_EQUALS = "it has no `=`; a value of several lines needs quotes around it"
NULL = "it holds a null character, at which many programs stop reading"
NEVER_CLOSED = "the quote that opens here is never closed"


def read(text: str) -> ParsedFile:
    """Return the entries of a `.env` file, and each bad line. Never raises."""
    return _Reader(text.replace("\r\n", "\n").replace("\r", "\n")).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0  # the start of the next line
        self._line = 0
        self._parsed = ParsedFile("a .env file", [], [], [])

    def read(self) -> ParsedFile:
        while self._at < len(self._text):
            start = self._at
            end = self._text.find("\n", start)
            end = len(self._text) if end < 0 else end
            self._at = end + 1
            self._line += 1
            begin = _skip_blanks(self._text, start, end)
            if begin < end and self._text[begin] != "#":
                self._assignment(begin, end)
        return self._parsed

    def _assignment(self, begin: int, end: int) -> None:
        equals = self._text.find("=", begin, end)
        if equals < 0:
            self._refuse("", NO_EQUALS)
            return
        name = self._text[begin:equals].rstrip(" \t")
        if export := _EXPORT.match(name):
            name = name[export.end() :]
        start = _skip_blanks(self._text, equals + 1, end)
        opening = self._text[start] if start < end else ""
        if opening in ("'", '"'):
            self._quoted(name, start, end)
        else:
            self._unquoted(name, self._text[equals + 1 : end])

    def _unquoted(self, name: str, raw: str) -> None:
        comment = _COMMENT.search(raw)
        value = raw[: comment.start() if comment else None].strip(" \t")
        if value.startswith("`"):
            self._refuse(name, "programs read backquotes in different ways; use single or double quotes")
        elif value.startswith("-----BEGIN "):
            self._refuse(name, "a key of several lines begins here without quotes around it")
        elif value and not value.strip("="):
            self._refuse(
                "", "it looks like the end of a value of several lines, which needs quotes around it"
            )
        else:
            self._keep(name, value, bool(_INTERPOLATION.search(value)), self._line)
            for pattern, remark in _UNLIKE_A_SHELL:
                if (
                    pattern.search(value)
                    and self._parsed.entries[-1:]
                    and self._parsed.entries[-1].line == self._line
                ):
                    self._parsed.remarks.append(Remark(self._line, remark))

    def _quoted(self, name: str, start: int, end: int) -> None:
        line = self._line
        single = self._text[start] == "'"
        found = (_SINGLE if single else _DOUBLE).match(self._text, start)
        if found is None:
            self._refuse(name, NEVER_CLOSED)
            return
        rest = _REST.match(self._text, found.end())
        if rest is None:
            several = found.end() > end
            self._refuse(name, NEVER_CLOSED if several else "there is text after the closing quote")
            return
        raw = found.group(1)
        self._line += raw.count("\n")
        self._at = rest.end()
        value = raw if single else _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[0]), raw)
        self._keep(name, value, not single and bool(_INTERPOLATION.search(raw)), line)

    def _keep(self, name: str, value: str, interpolates: bool, line: int) -> None:
        if has_half(name + value):
            self._parsed.refusals.append(Refusal(line, "", NOT_TEXT))
            return
        if "\0" in name + value:
            self._parsed.refusals.append(Refusal(line, "", NULL))
            return
        self._parsed.entries.append(FileEntry(line, name, SecretValue(value)))
        if interpolates:
            self._parsed.remarks.append(Remark(line, INTERPOLATION))

    def _refuse(self, name: str, reason: str) -> None:
        self._parsed.refusals.append(Refusal(self._line, shown_name(name), reason))


def _skip_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " \t":
        start += 1
    return start


_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*")


def write(entries: Iterable[EntryWithValue]) -> str:
    """Return the entries as a `.env` file, which `read` gives back exactly.

    The format has no place for kinds, notes and dates. Raises `TransferError` for a value that is not text.
    """
    return "".join(f"{entry.name}={_quoted(entry.name, entry.value.reveal())}\n" for entry in entries)


def _quoted(name: str, value: str) -> str:
    if has_half(value) or "\0" in value:
        raise TransferError(
            f"The value of `{name}` is not text, so a .env file cannot hold it.",
            "Export JSON or a bundle instead.",
        )
    if _PLAIN.fullmatch(value) and not value.startswith("-----BEGIN "):
        return value
    if "'" not in value and "\r" not in value:
        return f"'{value}'"
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("$", "\\$")):
        value = value.replace(character, escaped)
    return '"' + value.replace("`", "\\`") + '"'
