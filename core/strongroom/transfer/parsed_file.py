"""Hold the entries of a file to import, and the lines that cannot be entries.

Nothing here shows a value. A refusal names a line and says why; it does not quote the line, which may be a
piece of a key that lost its quotes.
"""

import re
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue


class FileEntry(NamedTuple):
    """Hold one entry of a file.

    `line` counts from 1, and is 0 where there are no lines. A None means that the file does not say.
    """

    line: int
    name: str
    value: SecretValue
    kind: Kind | None = None
    note: str | None = None
    expires: str | None = None


class Refusal(NamedTuple):
    """Hold a line or entry that is not imported, and the reason.

    The reason is a clause without a full stop. `name` is empty if it could be part of a value. `suggestion`
    is a valid name if only the name is wrong.
    """

    line: int
    name: str
    reason: str
    suggestion: str = ""


class Remark(NamedTuple):
    """Hold a remark about a line that is imported."""

    line: int
    text: str


class ParsedFile(NamedTuple):
    """Hold the content of one file. `what` is its kind in words ("a .env file")."""

    what: str
    entries: list[FileEntry]
    refusals: list[Refusal]
    remarks: list[Remark]


_LIKE_A_NAME = re.compile(r"[\w][\w.\- ]{0,63}")


def shown_name(name: str) -> str:
    """Return `name` if it looks like a name, else "".

    Because another text may be a piece of a value, it is not shown.
    """
    return name if _LIKE_A_NAME.fullmatch(name) else ""


def suggest_name(name: str) -> str:
    """Return the nearest valid name ("api_key" for "api-key"), or "" if there is none."""
    if not name.isascii():
        import unicodedata

        name = unicodedata.normalize("NFKD", name)
        name = "".join(character for character in name if not unicodedata.combining(character))
    inner = re.sub(r"\A[^A-Za-z0-9_]+|[^A-Za-z0-9_]+\Z", "", name)
    valid = re.sub(r"[^A-Za-z0-9_]+", "_", inner)
    if not valid.strip("_"):
        return ""
    return f"_{valid}" if valid[0].isdigit() else valid
