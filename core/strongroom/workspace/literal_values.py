"""Read a credential written out in a connector file, or replace it by a reference."""

from strongroom.document import Document, decode
from strongroom.errors import StrongroomError
from strongroom.validator.fixing import apply_together
from strongroom.values.secret_value import SecretValue
from strongroom.workspace.files import Source, UnreadableFile, write_source
from strongroom.workspace.literals import LiteralCredential, literals_in, signing_key_at


class NoLiteral(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Report a place of a file that has no written-out credential."""


def literal_at(document: Document, line: int, column: int, path: str) -> LiteralCredential:
    """Return the credential at a place, counted from 1 as `check` prints it.

    Raises `NoLiteral` if there is none. The message names `path`.
    """
    offset = document.lines.offset(line - 1, column - 1)
    for literal in literals_in(document):
        if literal.start <= offset <= literal.end:
            return literal
    raise NoLiteral(
        f"{path} has no credential that is written out at line {line}, column {column}.",
        f"Run `strongroom check {path}`: it names the place of each.",
    )


def value_of(document: Document, literal: LiteralCredential) -> SecretValue:
    """Return the credential, as the platform would send it."""
    template = document.template_at(literal.start)
    if literal.form == "expression" and template is not None:
        key = signing_key_at(template, literal.start)
        assert key is not None
        return SecretValue(str(key.value))
    return SecretValue(decode(document.text[literal.start : literal.end]))


def write_reference(source: Source, document: Document, literal: LiteralCredential, name: str) -> str:
    """Put a reference to the stored secret `name` in place of the credential.

    Return the new text. Raises `UnreadableFile` if the file has changed or cannot be written. The error says
    how to go on.
    """
    text = apply_together(document, [literal.fix(name)]).document.text
    try:
        write_source(source, text)
    except UnreadableFile as error:
        raise UnreadableFile(
            f"The secret {name} is stored, but its value is still written out. {error.message}",
            f"Replace it by hand: {{{{ get_secret('{name}') }}}}.",
        ) from error
    return text
