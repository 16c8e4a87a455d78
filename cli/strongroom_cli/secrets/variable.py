"""Run `strongroom variable`: plain configuration, so a value may be an argument."""

import click

from strongroom.names import Kind
from strongroom.text.terminal import visible
from strongroom.values.secret_value import SecretValue
from strongroom_cli.secrets.groups import add_shared_commands
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option
from strongroom_cli.terminal.prompts import read_value, saved_size
from strongroom_cli.terminal.session import CommandSession

_exact = click.option("--exact", is_flag=True, help="Keep a final line break of standard input.")
_note = click.option("--note", metavar="TEXT", help="A note that is stored beside it.")
_value = click.argument("value", required=False)


@click.group(name="variable", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Add, change, show and remove variables: plain configuration, shown in full.

    VALUE may also come from standard input.
    """


@command.command("add")
@click.argument("name", type=ENTRY_NAME)
@_value
@community_option
@_note
@_exact
def add(*, name: str, value: str | None, community: str | None, note: str | None, exact: bool) -> None:
    """Add a variable. First use makes a community."""
    session = CommandSession(community)
    with session.open() as vault:
        chosen = session.community(vault)
        given = read_value(name, exact) if value is None else SecretValue(value)
        say_look_alike(chosen, vault.communities())
        vault.add(chosen, name, Kind.VARIABLE, given, note=note or "")
    print(f'Added variable {visible(name)} to community "{visible(chosen)}".')
    print(saved_size(given))


@command.command("set")
@click.argument("name", type=ENTRY_NAME)
@_value
@community_option
@_note
@click.option("--keep-value", is_flag=True, help="Change only the note.")
@_exact
def set_(
    *, name: str, value: str | None, community: str | None, note: str | None, keep_value: bool, exact: bool
) -> None:
    """Give a variable a new value."""
    session = CommandSession(community)
    with session.open() as vault:
        chosen = session.community(vault)
        seen = session.find(vault, chosen, name, Kind.VARIABLE).tag
        given = SecretValue(value) if value is not None else None
        if given is None and not keep_value:
            given = read_value(name, exact)
        vault.set(chosen, name, value=given, note=note, expected=seen)
    print(f'Changed variable {visible(name)} of community "{visible(chosen)}".')
    if given is not None:
        print(saved_size(given))


add_shared_commands(command, Kind.VARIABLE)
