"""`strongroom secret`: values come from a hidden prompt or from standard input, never from an argument."""

import click

from strongroom.names import Kind
from strongroom_cli import entries, reading, renaming
from strongroom_cli.options import community_option, format_option
from strongroom_cli.prompts import read_value, refuse_value
from strongroom_cli.renaming import hold_option, in_files_option, recover_option
from strongroom_cli.session import Session, print_json, print_lines
from strongroom_cli.style import Style, table, visible
from strongroom_cli.transfer import export, import_

_exact = click.option("--exact", is_flag=True, help="Keep a final line break of standard input.")
_note = click.option(
    "--note", metavar="TEXT", help="A note that is stored beside it, readable without a key."
)
_expires = click.option("--expires", metavar="YYYY-MM-DD", help="When the credential ends.")
# Whatever follows the name is taken and refused: click's own message would repeat it on the screen.
_surplus = click.argument("surplus", nargs=-1, metavar="")


@click.group(name="secret", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Secrets. A value is read from a hidden prompt, or from standard input where there is no terminal."""


@command.command("add")
@click.argument("name")
@_surplus
@community_option
@_note
@_expires
@_exact
def add(
    *,
    name: str,
    surplus: tuple[str, ...],
    community: str | None,
    note: str | None,
    expires: str | None,
    exact: bool,
) -> None:
    """Add a secret. A community is made by first use."""
    if surplus:
        raise refuse_value("secret add")
    entries.refuse_name_with_value(name, Kind.SECRET)
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        value = read_value(name, exact)
        vault.add(chosen, name, Kind.SECRET, value, note=note or "", expires=expires or "")
    print(f'Added secret {visible(name)} to community "{visible(chosen)}".')


@command.command("set")
@click.argument("name")
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
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        session.find(vault, chosen, name, Kind.SECRET)
        value = None if keep_value else read_value(name, exact)
        vault.set(chosen, name, value=value, note=note, expires=expires)
    print(f'Changed secret {visible(name)} of community "{visible(chosen)}".')


@command.command("show")
@click.argument("name")
@community_option
@click.option("--reveal", is_flag=True, help="Write the value itself to standard output, byte for byte.")
@format_option
def show(name: str, community: str | None, reveal: bool, form: str) -> None:
    """Show a secret: its first character, or with --reveal its value."""
    reading.show_secret(Session(community), name, reveal, form)


@command.command("list")
@community_option
@format_option
def list_(community: str | None, form: str) -> None:
    """List the secrets of a community. Needs no key."""
    reading.list_entries(Session(community), Kind.SECRET, form)


@command.command("history")
@click.argument("name")
@community_option
@format_option
def history(name: str, community: str | None, form: str) -> None:
    """List the versions of a secret that are kept, without their values."""
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        session.find(vault, chosen, name, Kind.SECRET)
        versions = vault.history(chosen, name)
    if form == "json":
        print_json([version._asdict() for version in versions])
    else:
        rows = [[str(v.number), v.created, "current" if v.is_current else ""] for v in versions]
        print_lines(table(rows, ["VERSION", "CREATED", ""], Style()))


@command.command("restore")
@click.argument("name")
@click.argument("version", type=int, required=False)
@community_option
def restore(name: str, version: int | None, community: str | None) -> None:
    """Make an earlier VERSION the current value again; without one, bring a deleted secret back."""
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        if version is None:
            vault.undelete(chosen, name)
        else:
            session.find(vault, chosen, name, Kind.SECRET)
            vault.restore(chosen, name, version)
    what = f"version {version} of secret" if version is not None else "secret"
    print(f'Restored {what} {visible(name)} in community "{visible(chosen)}".')


@command.command("rename")
@click.argument("old", required=False, default="")
@click.argument("new", required=False, default="")
@community_option
@in_files_option
@recover_option
@hold_option
def rename(*, old: str, new: str, community: str | None, in_files: bool, recover: bool, hold: bool) -> int:
    """Give a secret another name: in the vault, and with --files where it is used."""
    return renaming.rename_entry(
        Session(community), Kind.SECRET, old, new, in_files=in_files, recover=recover, hold=hold
    )


@command.command("delete")
@click.argument("name")
@community_option
@click.option("--yes", is_flag=True, help="Do it without asking.")
def delete(name: str, community: str | None, yes: bool) -> int:
    """Delete a secret, after naming the connectors that use it."""
    return entries.delete_entry(Session(community), Kind.SECRET, name, yes)


command.add_command(import_)
command.add_command(export)
