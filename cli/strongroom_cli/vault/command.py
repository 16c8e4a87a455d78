"""Run `strongroom vault`: the vault's file, and the ways of opening it."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strongroom.errors import StrongroomError
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import Decorated, format_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import (
    ask_new_passphrase,
    can_ask_for_passphrase,
    confirm,
    has_terminal,
)
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import Style, moment, quoted, table
from strongroom_cli.vault.backup import backup, identity, restore
from strongroom_cli.vault.slots import chosen_slot, people_ways
from strongroom_cli.vault.unlocking import lock, recover, rotate, show_recovery_code, unlock

if TYPE_CHECKING:
    from strongroom.store.format.manifest import AuditRow
    from strongroom.store.keys.ways import Way


@click.group(name="vault", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Make, examine and change the vault: one file, by default in your data folder.

    STRONGROOM_VAULT names another one.
    """


def _way_options(function: Decorated) -> Decorated:
    """Add the options that name ways of opening a vault."""
    for option in (
        click.option("--keyring", is_flag=True, help="A key in the operating system's keyring opens it."),
        click.option("--passphrase", is_flag=True, help="A passphrase opens it, which is asked for."),
        click.option("--key-file", metavar="FILE", help="A key file opens it, made if it is missing."),
    ):
        function = option(function)
    return function


def _ways(key_file: str | None, passphrase: bool, keyring: bool, called: str) -> list["Way"]:
    """Return the ways that the options name.

    Raises `UsageError` if a passphrase cannot be asked for.
    """
    from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase

    ways: list[Way] = []
    if key_file:
        ways.append(KeyFile(str(Path(key_file).absolute()), say))
    if keyring:
        ways.append(Keyring(say))
    if passphrase:
        if not can_ask_for_passphrase():
            raise _no_terminal(called)
        ways.append(Passphrase(ask_new_passphrase))
    return ways


def _no_terminal(called: str) -> StrongroomError:
    return StrongroomError(
        "A passphrase cannot be asked for without a terminal.",
        f"`strongroom {called} --key-file FILE` asks nothing.",
    )


@command.command("init")
@_way_options
@click.option(
    "--recovery-code/--no-recovery-code",
    "recovery",
    default=None,
    help="Make a recovery code too, and print it once. Without either flag it is asked in a terminal.",
)
def init(key_file: str | None, passphrase: bool, keyring: bool, recovery: bool | None) -> None:
    """Make a vault.

    Several ways of opening it may be given. Without one, a passphrase is asked for.
    """
    from strongroom.store.file.places import default_key_file
    from strongroom.store.keys.ways import Passphrase, RecoveryCode
    from strongroom.store.rows.unlocking import refuse_existing
    from strongroom.store.vault import Vault

    if not (key_file or passphrase or keyring):
        if not has_terminal():
            raise _no_terminal("vault init")
        passphrase = True
    session = CommandSession()
    refuse_existing(session.vault_path)  # before the first question
    ways = _ways(key_file, passphrase, keyring, "vault init")
    if passphrase:
        # Asked now, so that the question about a recovery code comes after it.
        typed = ask_new_passphrase()
        ways[-1] = Passphrase(lambda: typed)
    if recovery is None and len(ways) == 1 and not key_file and has_terminal():
        recovery = confirm(
            "A lost passphrase or keyring cannot be replaced. Make a recovery code as a second way in?",
            "--recovery-code",
        )
    code = RecoveryCode()
    if recovery:
        ways.append(code)
    with Vault.create(session.vault_path, ways):
        pass
    print(f"Made the vault {quoted(session.vault_path)}.")
    if key_file:
        key_file = str(Path(key_file).absolute())
        print(f"It opens with the key file {quoted(key_file)}: keep a copy in a safe place.")
        if key_file not in (session.settings.key_file, default_key_file()):
            print(f"Set STRONGROOM_KEY_FILE={visible(key_file)} so that commands find it.")
    show_recovery_code(code)
    if len(ways) == 1:
        print("It has one way in. Add a second: strongroom vault slots add --recovery-code")


@command.command("status")
@format_option
def status(form: str) -> None:
    """Show where the vault is and how much is in it. Needs no key."""
    from strongroom.store.keys.ways import describe

    session = CommandSession()
    with session.reader() as reader:
        held = {name: len(reader.entries(name)) for name in reader.communities()}
        current = reader.current_community()
        ways = [slot.kind for slot in reader.slots()]
    found = Path(session.vault_path).stat()
    if form == "json":
        print_json(
            {
                "path": session.vault_path,
                "bytes": found.st_size,
                "permissions": f"{stat.S_IMODE(found.st_mode):04o}",
                "opens_with": ways,
                "current_community": current,
                "communities": [{"name": name, "names": number} for name, number in held.items()],
            }
        )
        return
    listed = ", ".join(f"{visible(name)} ({number})" for name, number in held.items())
    print_lines(
        [
            f"Vault:       {visible(session.vault_path)}",
            f"Size:        {found.st_size} bytes",
            f"Permissions: {stat.filemode(found.st_mode)}",
            f"Opens with:  {visible(describe(ways))}",
            f"Current:     {visible(current) if current else 'no community chosen'}",
            f"Communities: {listed or 'none'}",
        ]
    )


@command.command("verify")
@click.option("--accept", is_flag=True, help="This file is the right one, although a newer was seen here.")
def verify(accept: bool) -> int:
    """Open the vault and check that it is complete and as it was written."""
    with CommandSession().unlock(heed=False) as vault:
        problems = list(vault.verify())
        number = 0 if problems else sum(len(vault.entries(name)) for name in vault.communities())
        doubts = [concern for concern in vault.warnings if concern.can_be_accepted]
        if accept and not problems:
            vault.accept_warnings()
    if problems:
        print_lines(visible(problem) for problem in problems)
        return 1
    checked = f"{counted(number, 'entry', 'entries')} checked"
    if not doubts:
        print(f"The vault is whole: {checked}, and nothing was changed elsewhere.")
        return 0
    if accept:
        print(f"The vault is whole: {checked}. This file is the right one from now on, as you said.")
        return 0
    print(f"The file is whole in itself: {checked}. But:")
    for concern in doubts:
        print_lines([visible(concern.message), f"  {visible(concern.way_out)}"])
    print("If this file is the right one, say `strongroom vault verify --accept`.")
    return 1


@command.command("audit")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the newest N.")
@format_option
def audit(last: int | None, form: str) -> None:
    """List the changes of the vault, oldest first, without a value.

    BY is the way in with which the vault was opened for the change: whose it is, if each person has one.
    """
    from strongroom.store.format.audit import actors

    with CommandSession().unlock() as vault:
        trail = vault.audit()
    # A row `by` says who made the changes after it. It is not a change itself.
    made = [(row, who) for row, who in zip(trail, actors(trail), strict=True) if row.action != "by"]
    rows = made[-last if last else 0 :]
    if form == "json":
        print_json([{**row._asdict(), "by": who} for row, who in rows])
    else:
        cells = [
            [moment(row.at), row.action, row.community, row.name, who, _detail(row)] for row, who in rows
        ]
        print_lines(table(cells, ["WHEN", "WHAT", "COMMUNITY", "NAME", "BY", "DETAIL"], Style()))


def _detail(row: "AuditRow") -> str:
    version = f", version {row.version}" if row.version else ""
    return f"{row.detail}{version}"


@command.group("slots", invoke_without_command=True)
@format_option
@click.pass_context
def slots(context: click.Context, form: str) -> None:
    """The ways of opening the vault: list, add, remove."""
    if context.invoked_subcommand is not None:
        return
    with CommandSession().unlock() as vault:
        found = vault.slots()
    if form == "json":
        print_json([slot._asdict() for slot in found])
    else:
        rows = [[slot.id, slot.kind, moment(slot.created), slot.label] for slot in found]
        print_lines(table(rows, ["SLOT", "KIND", "CREATED", "LABEL"], Style()))


@slots.command("add")
@_way_options
@click.option("--recovery-code", "recovery", is_flag=True, help="A new recovery code, printed once.")
@click.option(
    "--recipient",
    metavar="WHO",
    multiple=True,
    help="A person in strongroom.recipients, or an identity; again for more.",
)
@click.option("--label", metavar="NAME", help="The name for an identity that is not listed.")
def add_slot(
    *,
    key_file: str | None,
    passphrase: bool,
    keyring: bool,
    recovery: bool,
    recipient: tuple[str, ...],
    label: str | None,
) -> None:
    """Add a way of opening the vault. The vault is opened with it once, to prove it.

    A person's identity needs nothing of that person, and stays when the master key is exchanged.
    """
    from strongroom.store.keys.ways import RecoveryCode

    ways = [*_ways(key_file, passphrase, keyring, "vault slots add"), *people_ways(recipient, label)]
    code = RecoveryCode()
    if recovery:
        ways.append(code)
    if not ways:
        raise UsageError(
            "No way was named.",
            "Use --key-file FILE, --passphrase, --keyring, --recovery-code or --recipient WHO.",
        )
    with CommandSession().unlock() as vault:
        for way in ways:
            print(f"Added slot {vault.add_slot(way)}.")
    show_recovery_code(code)


@slots.command("remove")
@click.argument("slot")
def remove_slot(slot: str) -> None:
    """Remove a way of opening the vault. The last one stays.

    SLOT is the beginning of its id, or a label that no other has.
    """
    with CommandSession().unlock() as vault:
        found = chosen_slot(vault.slots(), slot)
        vault.remove_slot(found.id)
    print(f"Removed slot {found.id} ({visible(' '.join(filter(None, (found.kind, found.label))))}).")


for _added in (backup, restore, identity):
    command.add_command(_added)


@command.command("recover")
@_way_options
def recover_(key_file: str | None, passphrase: bool, keyring: bool) -> None:
    """Open the vault with its recovery code, and add a way in.

    The new way is a passphrase if no option names one.
    """
    ways = _ways(key_file, passphrase or not (key_file or keyring), keyring, "vault recover")
    recover(ways)


for _command in (unlock, lock, rotate):
    command.add_command(_command)
