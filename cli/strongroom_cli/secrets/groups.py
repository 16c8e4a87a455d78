"""Add the commands that `strongroom secret` and `strongroom variable` have alike."""

import click

from strongroom.names import Kind
from strongroom_cli.secrets import quick
from strongroom_cli.secrets.kept import add_kept_commands
from strongroom_cli.secrets.renaming import rename_entry
from strongroom_cli.secrets.shared import delete_entry
from strongroom_cli.terminal.click_commands import TableCommand
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option
from strongroom_cli.terminal.session import CommandSession


def add_shared_commands(group: click.Group, kind: Kind) -> None:
    """Add the shared commands of this kind to its group."""
    word = kind.value
    for command in quick.COMMANDS.values():
        if command.table.name.startswith(f"{word} "):
            group.add_command(TableCommand(command.table, command.run))

    @group.command(
        "rename", help=f"Give a {word} another name: in the vault, and with --files where it is used."
    )
    @click.argument("old", type=ENTRY_NAME, required=False)
    @click.argument("new", type=ENTRY_NAME, required=False)
    @community_option
    @click.option(
        "--files",
        "in_files",
        is_flag=True,
        help="Change the name in the connector files and names files here, too.",
    )
    @click.option("--recover", is_flag=True, help="End renames that were interrupted, and no other.")
    @click.option("--hold", is_flag=True, hidden=True)
    def rename(old: str | None, new: str | None, community: str | None, **how: bool) -> int:
        return rename_entry(CommandSession(community), kind, old or "", new or "", **how)

    @group.command(
        "delete",
        help=f"Delete a {word}, after naming the connectors that use it.\n\n"
        f"Its values are kept, encrypted: `{word} restore` brings it back, `{word} purge` removes it for good.",
    )
    @click.argument("name", type=ENTRY_NAME)
    @community_option
    @click.option("--yes", is_flag=True, help="Do it without asking.")
    def delete(name: str, community: str | None, yes: bool) -> int:
        return delete_entry(CommandSession(community), kind, name, yes)

    add_kept_commands(group, kind)
