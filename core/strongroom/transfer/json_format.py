"""Read and write JSON files: an object of names and values, or a list of entries.

The output of `write` is read as well. The parser is our own, because messages need line numbers, duplicate
keys must be seen, and the standard library's exceptions carry the text.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from strongroom.names import Kind
from strongroom.store.rows.many import EntryWithValue
from strongroom.text.lines import LineIndex
from strongroom.transfer.errors import SourceUnreadable
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, Refusal, Remark, shown_name
from strongroom.transfer.programs import LEFT_OUT
from strongroom.values.secret_value import SecretValue

VERSION = 1
FIELDS = ("name", "value", "kind", "note", "expires")
_DEEPEST = 32

_SCANSTRING: Any = getattr(json.decoder, "scanstring")  # noqa: B009  # not in the type stubs
_BLANK = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?", re.ASCII)
_WORD = re.compile(r"true|false|null")


class _Member(NamedTuple):
    key: str
    at: int
    node: "_Node"


class _Node(NamedTuple):
    """Hold one part of a JSON text.

    `kind` is string, number, word, object or list; `at` is where the part begins.
    """

    kind: str
    at: int
    text: str = ""
    members: tuple[_Member, ...] = ()
    elements: tuple["_Node", ...] = ()

    def member(self, key: str) -> "_Node | None":
        return next((member.node for member in self.members if member.key == key), None)


def read(text: str) -> ParsedFile:
    """Return the entries of a JSON file, and each entry that is wrong.

    Raises `SourceUnreadable` where it is not JSON.
    """
    lines = LineIndex(text)
    source = ParsedFile("a JSON file", [], [], [])
    reader = _Reader(text, lines)
    top = reader.document()
    reading = _Entries(source, lines)
    marked = top.member("strongroom")
    if top.kind == "object" and marked is not None and marked.text == "export":
        entries = top.member("entries")
        version = top.member("version")
        if version is None or version.text != str(VERSION) or entries is None or entries.kind != "list":
            raise SourceUnreadable(
                "This is an export of a Strongroom version that this one does not know.",
                "Update Strongroom with: pip install --upgrade strongroom",
            )
        top = entries
    elif top.kind == "object" and _is_bitwarden(top):
        source = source._replace(what="a JSON file of Bitwarden")
        _read_bitwarden(source, lines, top)
        return source
    if top.kind == "list":
        for node in top.elements:
            reading.entry(node)
    elif top.kind == "object":
        for member in top.members:
            reading.member(member)
    else:
        raise SourceUnreadable(
            "The JSON file holds neither an object nor a list.",
            'Write {"name": "value"}, or a list of objects with name and value.',
        )
    return source


def _is_bitwarden(top: _Node) -> bool:
    """Return True for a file that Bitwarden exports, encrypted or not."""
    said = top.member("encrypted")
    return (
        said is not None and said.kind == "word" and (top.member("items") is not None or said.text == "true")
    )


def _read_bitwarden(source: ParsedFile, lines: LineIndex, top: _Node) -> None:
    """Take the name and the password of each login."""
    said, items = top.member("encrypted"), top.member("items")
    if said is None or said.text != "false" or items is None or items.kind != "list":
        raise SourceUnreadable(
            "This is an encrypted export of Bitwarden, which only Bitwarden opens.",
            "Export it as `.json` without encryption, and delete the file afterwards.",
        )
    source.remarks.append(Remark(1, LEFT_OUT))
    for node in items.elements:
        line = lines.position(node.at)[0] + 1
        name, login = node.member("name"), node.member("login")
        password = login.member("password") if login else None
        if name is None or name.kind != "string":
            source.refusals.append(Refusal(line, "", "it has no name"))
        elif password is None or password.kind != "string":
            source.refusals.append(Refusal(line, shown_name(name.text), "it has no password"))
        else:
            source.entries.append(FileEntry(line, name.text, SecretValue(password.text)))


class _Entries:
    def __init__(self, source: ParsedFile, lines: LineIndex) -> None:
        self._parsed = source
        self._lines = lines

    def member(self, member: _Member) -> None:
        """Read `"name": "value"`, or `"name": {"value": ...}`."""
        if member.node.kind == "object":
            if member.node.member("name") is not None:
                self._refuse(member.at, member.key, "it has a `name` of its own beside the key")
                return
            self._fields(member.at, member.key, member.node)
        else:
            self._keep(member.at, member.key, member.node, {})

    def entry(self, node: _Node) -> None:
        """Read `{"name": ..., "value": ...}`."""
        name = node.member("name")
        if node.kind != "object" or name is None or name.kind != "string":
            self._refuse(node.at, "", "it is not an object with a `name` and a `value`")
            return
        self._fields(node.at, name.text, node)

    def _fields(self, at: int, name: str, node: _Node) -> None:
        keys = [member.key for member in node.members]
        value = node.member("value")
        if value is None:
            self._refuse(at, name, "it has no `value`")
        elif any(key not in FIELDS for key in keys):
            self._refuse(at, name, f"it has a field other than {', '.join(FIELDS)}")
        elif len(set(keys)) != len(keys):
            self._refuse(at, name, "it has one field twice")
        else:
            details = {}
            for field in ("kind", "note", "expires"):
                found = node.member(field)
                if found is None or (found.text == "null" and found.kind == "word"):
                    continue
                if found.kind != "string":
                    self._refuse(at, name, f"its `{field}` is not a text")
                    return
                details[field] = found.text
            self._keep(at, name, value, details)

    def _keep(self, at: int, name: str, value: _Node, details: dict[str, str]) -> None:
        kind = details.get("kind")
        if kind is not None and kind not in [known.value for known in Kind]:
            self._refuse(at, name, "its kind is neither `secret` nor `variable`")
        elif value.kind in ("object", "list"):
            self._refuse(
                at, name, f"its value is {'an object' if value.kind == 'object' else 'a list'}, not text"
            )
        elif value.kind == "word" and value.text == "null":
            self._refuse(at, name, "its value is null")
        else:
            self._parsed.entries.append(
                FileEntry(
                    self._line(at),
                    name,
                    SecretValue(value.text),
                    Kind(kind) if kind else None,
                    details.get("note"),
                    details.get("expires"),
                )
            )

    def _refuse(self, at: int, name: str, reason: str) -> None:
        self._parsed.refusals.append(Refusal(self._line(at), shown_name(name), reason))

    def _line(self, at: int) -> int:
        return self._lines.position(at)[0] + 1


class _Reader:
    """Read JSON (RFC 8259), strictly.

    Numbers stay the text that they are.
    """

    def __init__(self, text: str, lines: LineIndex) -> None:
        self._text = text
        self._lines = lines
        self._at = 0

    def document(self) -> _Node:
        node = self._value(0)
        self._skip()
        if self._at < len(self._text):
            raise self._error("there is something after the end")
        return node

    def _value(self, depth: int) -> _Node:
        self._skip()
        at = self._at
        if depth > _DEEPEST:
            raise self._error(f"it is nested more than {_DEEPEST} deep")
        opening = self._text[at : at + 1]
        if opening == '"':
            return _Node("string", at, self._string())
        if opening == "{":
            return _Node("object", at, members=tuple(self._members(depth)))
        if opening == "[":
            return _Node("list", at, elements=tuple(self._elements(depth)))
        for kind, pattern in (("number", _NUMBER), ("word", _WORD)):
            if found := pattern.match(self._text, at):
                self._at = found.end()
                return _Node(kind, at, found.group())
        raise self._error("a value is missing" if opening else "it ends too early")

    def _members(self, depth: int) -> Iterable[_Member]:
        if self._opens_empty("}"):
            return
        while True:
            self._skip()
            at = self._at
            if self._text[at : at + 1] != '"':
                raise self._error("a name in double quotes is missing")
            key = self._string()
            self._expect(":", "a colon is missing")
            yield _Member(key, at, self._value(depth + 1))
            if self._closes("}"):
                return

    def _elements(self, depth: int) -> Iterable[_Node]:
        if self._opens_empty("]"):
            return
        while True:
            yield self._value(depth + 1)
            if self._closes("]"):
                return

    def _string(self) -> str:
        try:
            text: str
            text, self._at = _SCANSTRING(self._text, self._at + 1, True)  # json's own signature
        except json.JSONDecodeError as error:
            self._at = min(error.pos, len(self._text))
            reason = "a text is not closed, or has a wrong escape or control character"
        else:
            return text
        raise self._error(reason)

    def _opens_empty(self, closing: str) -> bool:
        """Step over the opening bracket, and return True if the closing one follows.

        The closing one is stepped over too.
        """
        self._at += 1
        self._skip()
        if self._text.startswith(closing, self._at):
            self._at += 1
            return True
        return False

    def _closes(self, closing: str) -> bool:
        self._skip()
        if self._text.startswith(closing, self._at):
            self._at += 1
            return True
        self._expect(",", f"a comma or `{closing}` is missing")
        return False

    def _expect(self, character: str, reason: str) -> None:
        self._skip()
        if not self._text.startswith(character, self._at):
            raise self._error(reason)
        self._at += 1

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _error(self, reason: str) -> SourceUnreadable:
        line, column = self._lines.position(min(self._at, len(self._text)))
        return SourceUnreadable(
            f"The file is not JSON: line {line + 1}, column {column + 1}: {reason}.",
            "Mend it there; nothing was changed.",
        )


def write(entries: Iterable[EntryWithValue]) -> str:
    """Return the entries with all that is known, as `read` gives them back exactly."""
    listed = [
        {
            "name": entry.name,
            "value": entry.value.reveal(),
            "kind": entry.kind.value,
            "note": entry.note,
            "expires": entry.expires,
        }
        for entry in entries
    ]
    # ASCII, so that every text survives, halves of surrogate pairs too.
    return json.dumps({"strongroom": "export", "version": VERSION, "entries": listed}, indent=1) + "\n"
