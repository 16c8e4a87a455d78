"""Run `strongroom community`: tenants, each with its own secrets (PLATFORM §1)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from strongroom.backends.names_cache import cached_age, read_cached
from strongroom.errors import StrongroomError
from strongroom.names import Kind, Name
from strongroom.store.errors import VaultMissing
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.workspace import choose_community
from strongroom_cli.secrets.community_copy import compare, copy
from strongroom_cli.secrets.community_engine import (
    add_engine,
    delete_engine,
    engine_options,
    refuse_without_engine,
    rename_engine,
    use_engine,
)
from strongroom_cli.secrets.login import login, logout
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import Style, table

if TYPE_CHECKING:
    from strongroom.backends.place import EnginePlace
    from strongroom.store.rows.listing import Entry


@click.group(name="community", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """List and change communities, and choose the one that is meant."""


command.add_command(compare)
command.add_command(copy)
command.add_command(login)
command.add_command(logout)


@command.command("list")
@format_option
def list_(form: str) -> None:
    """List the communities with the number of their secrets and variables.

    Needs no key. Of a community in an engine, these are the names that were read last.
    """
    session = CommandSession()
    backends = session.settings.backends
    counts, current = _counts_in_vault(session)
    for place in backends.values():
        counts[place.community] = _counts(read_cached(place).by_name.values())
    known = sorted(counts)
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
                    "engine": backends[name].words if name in backends else None,
                }
                for name in known
            ]
        )
    elif known:
        rows = [
            [
                "*" if name == meant else "",
                name,
                *map(str, counts[name]),
                *([_where(backends.get(name))] if backends else []),
            ]
            for name in known
        ]
        heading = ["", "NAME", "SECRETS", "VARIABLES", *(["WHERE"] if backends else [])]
        print_lines(table(rows, heading, Style()))
    else:
        print("The vault has no communities yet: `strongroom secret add NAME --community NAME` makes one.")


def _counts_in_vault(session: CommandSession) -> tuple[dict[str, tuple[int, int]], str | None]:
    """Return the number of secrets and variables by community, and the one in use.

    A vault may be missing if an engine holds a community.
    """
    try:
        with session.reader() as reader:
            known = reader.communities()
            return {name: _counts(reader.entries(name)) for name in known}, reader.current_community()
    except VaultMissing:
        if not session.settings.backends:
            raise
        return {}, None


def _counts(entries: "Iterable[Entry | Name]") -> tuple[int, int]:
    kinds = [entry.kind for entry in entries]
    return kinds.count(Kind.SECRET), kinds.count(Kind.VARIABLE)


def _where(place: "EnginePlace | None") -> str:
    if place is None:
        return "the vault"
    return f"{place.words}, read {cached_age(place) or 'never'}"


@command.command("add")
@click.argument("name")
@engine_options
def add(name: str, engine: str | None, **given: str | None) -> None:
    """Add an empty community to the vault.

    With --engine, add a community that an engine holds to strongroom.toml.
    """
    session = CommandSession()
    if engine:
        add_engine(session, name, engine, given)
        return
    refuse_without_engine(given)
    _refuse_engines(session, name.strip())
    with session.unlock() as vault:
        say_look_alike(name.strip(), vault.communities())
        vault.add_community(name)
    print(f'Added community "{visible(name)}".')


@command.command("use")
@click.argument("name")
def use(name: str) -> None:
    """Choose the community that is meant without --community.

    The vault keeps the choice. For a community that an engine holds, strongroom.toml does.
    """
    session = CommandSession()
    if place := session.settings.backends.get(name):
        use_engine(session, place)
    else:
        with session.unlock() as vault:
            vault.use_community(name)
        print(f'Community "{visible(name)}" is meant from now on.')
    settings = CommandSession().settings
    if settings.community and settings.community != name:
        print(
            f'In this folder "{visible(settings.community)}" counts, because {visible(settings.community_source)} '
            "says so."
        )


@command.command("rename")
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Give a community another name. What an engine holds stays where it is."""
    session = CommandSession()
    _refuse_engines(session, new.strip())
    if place := session.settings.backends.get(old):
        rename_engine(session, place, new)
        return
    with session.unlock() as vault:
        say_look_alike(new.strip(), [one for one in vault.communities() if one != old])
        vault.rename_community(old, new)
    print(f'Renamed community "{visible(old)}" to "{visible(new)}".')


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def delete(name: str, yes: bool) -> int:
    """Delete a community with everything in it, earlier values too. This has no undo.

    A community that an engine holds is removed from strongroom.toml only.
    """
    session = CommandSession()
    if place := session.settings.backends.get(name):
        return delete_engine(session, place, yes=yes)
    with session.unlock() as vault:
        held = counted(len(vault.entries(name)), "name") if name in vault.communities() else "nothing"
        question = f'Delete community "{visible(name)}" with all that it holds ({held})?'
        # A missing community raises no question. The vault says that it is missing.
        if name in vault.communities() and not yes and not confirm(question, "--yes"):
            print("Nothing was deleted.")
            return 1
        vault.delete_community(name)
    print(f'Deleted community "{visible(name)}".')
    return 0


def _refuse_engines(session: CommandSession, name: str) -> None:
    """Raise `StrongroomError` for a name that a community in an engine has."""
    if place := session.settings.backends.get(name):
        raise StrongroomError(
            f'{place.words} holds a community "{name}" already.',
            f'Take another name, or remove that one with `strongroom community delete "{name}"`.',
        )
