"""Read the passphrase of a bundle from a file."""

import click

from strongroom.values.secret_value import SecretValue
from strongroom_cli.terminal.arguments import UsageError

passphrase_file_option = click.option(
    "--passphrase-file", metavar="FILE", help="The bundle's passphrase is the first line of FILE."
)


def passphrase_in(file: str | None) -> SecretValue:
    """Return the first line of the file that holds a bundle's passphrase.

    Without a file raises `UsageError`.
    """
    if file is None:
        raise UsageError(
            "The bundle's passphrase cannot be asked for without a terminal.",
            "Name a file that holds it: --passphrase-file FILE.",
        )
    from strongroom.transfer.sources import read_bytes

    line = read_bytes(file).split(b"\n", 1)[0].removesuffix(b"\r")
    try:
        return SecretValue(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise UsageError(f"The first line of {file} is not UTF-8 text.", "Write it as UTF-8.") from None
