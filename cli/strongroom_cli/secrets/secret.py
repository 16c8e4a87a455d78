"""Run `strongroom secret`. Values come from a prompt or from standard input."""

import click

from strongroom.names import Kind
from strongroom.text.terminal import visible
from strongroom_cli.secrets.exporting import export
from strongroom_cli.secrets.groups import add_shared_commands
from strongroom_cli.secrets.importing import import_
from strongroom_cli.secrets.literal import FilePosition, FilePositionType, written_out
from strongroom_cli.secrets.shared import say_how_masked, say_look_alike, say_name_hint
from strongroom_cli.terminal.click_options import ENTRY_NAME, ExpiryDate, community_option
from strongroom_cli.terminal.prompts import read_value, refuse_value, saved_size
from strongroom_cli.terminal.session import CommandSession

_exact = click.option("--exact", is_flag=True, help="Keep a final line break of standard input.")
_note = click.option(
    "--note", metavar="TEXT", help="A note that is stored beside it, readable without a key."
)
_expires = click.option(
    "--expires", type=ExpiryDate(), metavar="YYYY-MM-DD", help="The date on which the credential ends."
)
# Text after the name is taken and refused here, because click's own message would repeat it on the screen.
_surplus = click.argument("surplus", nargs=-1, metavar="")


@click.group(name="secret", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Add, change, show and remove secrets.

    A value is read from a hidden prompt, or from standard input without a terminal.
    """


@command.command("add")
@click.argument("name", type=ENTRY_NAME)
@_surplus
@community_option
@_note
@_expires
@_exact
@click.option(
    "--literal",
    "place",
    type=FilePositionType(),
    metavar="FILE:LINE:COLUMN",
    help="Take the credential that is written out at a place of a connector file, and reference it there.",
)
def add(
    *,
    name: str,
    surplus: tuple[str, ...],
    community: str | None,
    note: str | None,
    expires: str | None,
    exact: bool,
    place: FilePosition | None,
) -> None:
    """Add a secret. First use makes a community."""
    if surplus:
        raise refuse_value("secret add")
    session = CommandSession(community)
    literal = written_out(place) if place is not None else None
    with session.open() as vault:
        chosen = session.community(vault)
        value = literal.value if literal is not None else read_value(name, exact)
        say_look_alike(chosen, vault.communities())
        vault.add(chosen, name, Kind.SECRET, value, note=note or "", expires=expires or "")
    print(f'Added secret {visible(name)} to community "{visible(chosen)}".')
    print(saved_size(value))
    if literal is not None and (done := literal.reference(name)):
        print(done)
    say_name_hint(name)
    say_how_masked(value)


@command.command("set")
@click.argument("name", type=ENTRY_NAME)
@_surplus
@community_option
@_note
@_expires
@click.option("--keep-value", is_flag=True, help="Change only the note or the expiry.")
@_exact
def set_(
    *,
    name: str,
    surplus: tuple[str, ...],
    community: str | None,
    note: str | None,
    expires: str | None,
    keep_value: bool,
    exact: bool,
) -> None:
    """Give a secret a new value."""
    if surplus:
        raise refuse_value("secret set")
    session = CommandSession(community)
    with session.open() as vault:
        chosen = session.community(vault)
        seen = session.find(vault, chosen, name, Kind.SECRET).tag
        value = None if keep_value else read_value(name, exact)
        vault.set(chosen, name, value=value, note=note, expires=expires, expected=seen)
    print(f'Changed secret {visible(name)} of community "{visible(chosen)}".')
    if value is not None:
        print(saved_size(value))
    say_how_masked(value)


add_shared_commands(command, Kind.SECRET)
command.add_command(import_)
command.add_command(export)
