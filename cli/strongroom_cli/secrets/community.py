"""`strongroom community`: the tenants.

Each has its own secrets and variables (PLATFORM §1).
"""

import click

from strongroom.names import Kind
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.workspace import choose_community
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import Session, print_json, print_lines
from strongroom_cli.terminal.style import Style, table


@click.group(name="community", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """List and change communities, and choose the one that is meant."""


@command.command("list")
@format_option
def list_(form: str) -> None:
    """List the communities with the number of their secrets and variables.

    Needs no key.
    """
    session = Session()
    with session.reader() as reader:
        known = reader.communities()
        current = reader.current_community()
        counts = {}
        for name in known:
            kinds = [entry.kind for entry in reader.entries(name)]
            counts[name] = (kinds.count(Kind.SECRET), kinds.count(Kind.VARIABLE))
    meant = (
        choose_community(session.settings, known, current)
        if known and (session.settings.community or current or len(known) == 1)
        else None
    )
    if form == "json":
        print_json(
            [
                {
                    "name": name,
                    "current": name == meant,
                    "secrets": counts[name][0],
                    "variables": counts[name][1],
                }
                for name in known
            ]
        )
    elif known:
        rows = [["*" if name == meant else "", name, *map(str, counts[name])] for name in known]
        print_lines(table(rows, ["", "NAME", "SECRETS", "VARIABLES"], Style()))
    else:
        print("The vault has no communities yet: `strongroom secret add NAME --community NAME` makes one.")


@command.command("add")
@click.argument("name")
def add(name: str) -> None:
    """Add an empty community."""
    with Session().unlock() as vault:
        say_look_alike(name.strip(), vault.communities())
        vault.add_community(name)
    print(f'Added community "{visible(name)}".')


@command.command("use")
@click.argument("name")
def use(name: str) -> None:
    """Choose the community that is meant without --community."""
    session = Session()
    with session.unlock() as vault:
        vault.use_community(name)
    print(f'Community "{visible(name)}" is meant from now on.')
    if session.settings.community and session.settings.community != name:
        source = session.settings.community_source
        print(f'Here, {visible(source)} says "{visible(session.settings.community)}", which wins.')


@command.command("rename")
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Give a community another name."""
    with Session().unlock() as vault:
        say_look_alike(new.strip(), [one for one in vault.communities() if one != old])
        vault.rename_community(old, new)
    print(f'Renamed community "{visible(old)}" to "{visible(new)}".')


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def delete(name: str, yes: bool) -> int:
    """Delete a community with everything in it, earlier values too. This has no undo."""
    with Session().unlock() as vault:
        held = counted(len(vault.entries(name)), "name") if name in vault.communities() else "nothing"
        question = f'Delete community "{visible(name)}" with all that it holds ({held})?'
        # A missing community raises no question. The vault says that it is missing.
        if name in vault.communities() and not yes and not confirm(question, "--yes"):
            print("Nothing was deleted.")
            return 1
        vault.delete_community(name)
    print(f'Deleted community "{visible(name)}".')
    return 0
