"""Run `strongroom names`: the names known without a key, and the names file."""

import os
import sys
from collections.abc import Iterable

import click

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole
from strongroom.names import Name, Names
from strongroom.text.phrases import counted
from strongroom.workspace import (
    NAMES_FILE,
    format_names_file,
    read_names_file,
)
from strongroom_cli.secrets.quick import NAMES
from strongroom_cli.secrets.reading import show_names
from strongroom_cli.terminal.arguments import COMMUNITY, FORMAT
from strongroom_cli.terminal.click_commands import parameters
from strongroom_cli.terminal.click_options import community_option
from strongroom_cli.terminal.session import CommandSession
from strongroom_cli.terminal.style import quoted


@click.group(
    name="names",
    help=NAMES.table.help,
    params=parameters(NAMES.table),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.pass_context
def command(context: click.Context, /, **given: str | None) -> None:
    if context.invoked_subcommand is None:
        show_names(CommandSession(given[COMMUNITY.key]), given[FORMAT.key] or FORMAT.default)


@command.command("export")
@click.argument("file", default=NAMES_FILE)
@community_option
@click.option("--all", "every", is_flag=True, help="All communities of the vault, not only the chosen one.")
def export(file: str, community: str | None, every: bool) -> None:
    """Write a names file: names and kinds only, sorted, to be committed.

    FILE - is standard output.

    Lists of other communities stay in FILE.
    """
    session = CommandSession(community)
    lists, chosen = _all_lists(session) if every else _one_list(session)
    if not lists:
        raise StrongroomError(
            f'The vault has no community "{", ".join(chosen)}".'
            if chosen
            else "The vault has no community yet.",
            "See `strongroom community list`.",
        )
    if file == "-":
        sys.stdout.write(format_names_file(lists))
        return
    kept = {name: _entries(names) for name, names in _existing(file).items() if name not in lists}
    text = format_names_file({**kept, **lists})
    try:
        # UTF-8 and line feeds on every system, so that all people write the same file. Only the owner can
        # change a new one.
        write_whole(file, text.encode("utf-8"), mode=None if os.path.exists(file) else 0o644)
    except OSError as error:
        raise StrongroomError(f"{file} cannot be written: {error.strerror}.") from error
    number = sum(len(entries) for entries in lists.values())
    owners = counted(len(lists), "community", "communities")
    print(f"Wrote {counted(number, 'name')} of {owners} to {quoted(file)}.")


def _one_list(session: CommandSession) -> tuple[dict[str, list[Name]], list[str]]:
    """Return the names of the chosen community by its name, and that name."""
    with session.names() as found:
        chosen = session.community(found)
        lists = {chosen: _entries(found.names(chosen))} if chosen in found.communities() else {}
    return lists, [chosen]


def _all_lists(session: CommandSession) -> tuple[dict[str, list[Name]], list[str]]:
    """Return the names of every community, and the names of the communities."""
    lists = {}
    backends = session.settings.backends
    if not backends or os.path.exists(session.vault_path):
        with session.reader() as reader:
            lists = {name: _entries(reader.names(name)) for name in reader.communities()}
    for name in backends:
        with CommandSession(name).names() as found:
            lists[name] = _entries(found.names(name))
    return lists, list(lists)


def _existing(file: str) -> dict[str, Names]:
    return read_names_file(file) if os.path.exists(file) else {}


def _entries(names: Names) -> list[Name]:
    entries: Iterable[Name] = names.by_name.values()
    return list(entries)
