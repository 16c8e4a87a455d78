"""Run `strongroom secret add --literal`: store a written-out credential.

The file of the credential then has a reference to the new secret in its place.
"""

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from strongroom.document import Document
from strongroom.errors import StrongroomError
from strongroom.text.terminal import visible
from strongroom.values.secret_value import SecretValue
from strongroom.workspace import Source, read_source
from strongroom.workspace.files import source_from
from strongroom.workspace.literal_values import literal_at, value_of, write_reference
from strongroom.workspace.literals import LiteralCredential
from strongroom_cli.terminal.prompts import standard_input

if TYPE_CHECKING:
    _TextType = click.ParamType["FilePosition"]
else:
    _TextType = click.ParamType  # a class without parameters in older versions of click

STDIN: Final = "-"
_PLACE: Final = re.compile(r"(.+):([1-9][0-9]{0,8}):([1-9][0-9]{0,8})", re.DOTALL)


class FilePosition(NamedTuple):
    """Hold a place of a file, counted from 1 as `check` prints it."""

    path: str
    line: int
    column: int


class FilePositionType(_TextType):
    """Read FILE:LINE:COLUMN."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FilePosition:  # noqa: ARG002
        match = _PLACE.fullmatch(str(value))
        if match is None:
            way_out = "Give FILE:LINE:COLUMN, as `strongroom check` prints it."
            raise StrongroomError("--literal needs a place of a file.", way_out)
        return FilePosition(match[1], int(match[2]), int(match[3]))


class WrittenOut(NamedTuple):
    """Hold a credential that is written out, and the file that it is in."""

    source: Source
    document: Document
    literal: LiteralCredential

    @property
    def value(self) -> SecretValue:
        """Return the credential."""
        return value_of(self.document, self.literal)

    def reference(self, name: str) -> str:
        """Reference the secret `name` in the file, and return what was done.

        The result is "" for a text from standard input.
        """
        if self.source.path == STDIN:
            return ""
        write_reference(self.source, self.document, self.literal, name)
        return f"{visible(self.source.path)} references it now."


def written_out(place: FilePosition) -> WrittenOut:
    """Return the credential at a place.

    The path `-` reads the file's text from standard input. Raises `NoLiteral` and `UnreadableFile`.
    """
    is_given = place.path == STDIN
    source = source_from(STDIN, standard_input().read()) if is_given else read_source(place.path)
    document = Document.parse(source.text)
    return WrittenOut(source, document, literal_at(document, place.line, place.column, visible(place.path)))
