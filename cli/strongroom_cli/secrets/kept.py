"""Add the commands for earlier values and deleted entries to both kinds."""

import click

from strongroom.names import Kind
from strongroom.store.errors import UnknownName, WrongKind
from strongroom.text.phrases import counted
from strongroom.text.suggest import did_you_mean
from strongroom.text.terminal import visible
from strongroom_cli.secrets.shared import users_of
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option, format_option
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import Style, moment, table


def add_kept_commands(group: click.Group, kind: Kind) -> None:
    """Add `history`, `restore`, `deleted` and `purge` of this kind to its group."""
    word = kind.value

    @group.command("history", help=f"List the versions of a {word} that are kept, without their values.")
    @click.argument("name", type=ENTRY_NAME)
    @community_option
    @format_option
    def history(name: str, community: str | None, form: str) -> None:
        _list_versions(CommandSession(community), kind, name, form)

    @group.command(
        "restore",
        help=f"Make an earlier VERSION the current value again; without one, bring a deleted {word} back.",
    )
    @click.argument("name", type=ENTRY_NAME)
    @click.argument("version", type=int, required=False)
    @community_option
    def restore(name: str, version: int | None, community: str | None) -> None:
        _restore(CommandSession(community), kind, name, version)

    @group.command("deleted", help=f"List the deleted {word}s that are kept, and when each was deleted.")
    @community_option
    @format_option
    def deleted(community: str | None, form: str) -> None:
        _list_deleted(CommandSession(community), kind, form)

    @group.command(
        "purge",
        help=f"Take a {word} out of the vault for good, in use or deleted, with every value that it had.\n\n"
        "Nothing brings it back. Backups that were made before still hold it.",
    )
    @click.argument("name", type=ENTRY_NAME)
    @community_option
    @click.option("--deleted", "only_deleted", is_flag=True, help="Only the deleted one of this name.")
    @click.option("--yes", is_flag=True, help="Do it without asking.")
    def purge(name: str, community: str | None, only_deleted: bool, yes: bool) -> int:
        return _purge(CommandSession(community), kind, name, only_deleted, yes)


def _list_versions(session: CommandSession, kind: Kind, name: str, form: str) -> None:
    with session.open() as vault:
        chosen = session.community(vault)
        session.find(vault, chosen, name, kind)
        versions = vault.history(chosen, name)
    if form == "json":
        print_json([version._asdict() for version in versions])
    else:
        rows = [[str(v.number), moment(v.created), "current" if v.is_current else ""] for v in versions]
        print_lines(table(rows, ["VERSION", "CREATED", ""], Style()))


def _restore(session: CommandSession, kind: Kind, name: str, version: int | None) -> None:
    with session.open() as vault:
        chosen = session.community(vault)
        if version is None:
            session.refuse_unknown(vault, chosen)
            gone = next((one for one in vault.deleted(chosen) if one.name == name), None)
            if gone is not None and gone.kind is not kind:
                raise WrongKind(
                    f'"{name}" is a deleted {gone.kind.value}, not a {kind.value}.',
                    f"Bring it back with `strongroom {gone.kind.value} restore {name}`.",
                )
            vault.undelete(chosen, name)
        else:
            session.find(vault, chosen, name, kind)
            vault.restore(chosen, name, version)
    what = f"version {version} of {kind.value}" if version is not None else kind.value
    print(f'Restored {what} {visible(name)} in community "{visible(chosen)}".')


def _list_deleted(session: CommandSession, kind: Kind, form: str) -> None:
    with session.open() as vault:
        chosen = session.community(vault)
        session.refuse_unknown(vault, chosen)
        found = [one for one in vault.deleted(chosen) if one.kind is kind] if vault.communities() else []
    if form == "json":
        print_json([{"name": one.name, "kind": one.kind.value, "deleted": one.deleted} for one in found])
    elif found:
        print_lines(table([[one.name, moment(one.deleted)] for one in found], ["NAME", "DELETED"], Style()))
    else:
        print(f'No deleted {kind.value}s are kept in community "{visible(chosen)}".')


def _purge(session: CommandSession, kind: Kind, name: str, only_deleted: bool, yes: bool) -> int:
    with session.open() as vault:
        chosen = session.community(vault)
        session.refuse_unknown(vault, chosen)
        gone = next((one for one in vault.deleted(chosen) if one.name == name and one.kind is kind), None)
        live = None if only_deleted else vault.find(chosen, name)
        if live is not None and (live.kind is kind or gone is None):
            live = session.find(vault, chosen, name, kind)
            kept = counted(len(vault.history(chosen, name)), "kept value")
            also = ", and the deleted one of that name" if gone else ""
            what = f'{kind.value} {name} of community "{chosen}", with its {kept}{also}'
        elif gone is not None:
            live = None
            what = f'the deleted {kind.value} {name} of community "{chosen}" (deleted {moment(gone.deleted)})'
        else:
            candidates = [one.name for one in vault.deleted(chosen) if one.kind is kind]
            if not only_deleted:
                candidates += [entry.name for entry in vault.entries(chosen) if entry.kind is kind]
            which = "deleted " if only_deleted else ""
            raise UnknownName(
                f'Community "{chosen}" has no {which}{kind.value} "{name}".',
                did_you_mean(name, candidates) or f"See `strongroom {kind.value} deleted`.",
            )
        users = users_of(session, name) if live is not None else []
        print_lines(users)
        used = f" Used by {counted(len(users), 'connector')} here." if users else ""
        if not yes and not confirm(
            visible(f"Remove {what} for good?{used} Nothing brings it back."), "--yes"
        ):
            print("Nothing was removed.")
            return 1
        vault.purge(chosen, name, live=live is not None)
    print(
        f'Purged {kind.value} {visible(name)} from community "{visible(chosen)}". Backups made before still hold it.'
    )
    return 0
