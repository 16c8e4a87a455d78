"""Run `strongroom vault backup`, `restore` and `identity`."""

import os
from typing import TYPE_CHECKING

import click

from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import TRIES, can_ask_for_passphrase, confirm, passphrase_prompt
from strongroom_cli.terminal.session import CommandSession, print_lines
from strongroom_cli.terminal.style import moment, quoted

if TYPE_CHECKING:
    from strongroom.store.backup import Replaced, VaultContents

_without_key = click.option(
    "--without-key", is_flag=True, help="Check only the structure of the file, without opening it."
)


@click.command("backup")
@click.argument("file")
@_without_key
def backup(file: str, without_key: bool) -> None:
    """Copy the vault to the new FILE, and check the copy.

    Every value in the copy is opened once.

    The copy opens with the same ways as the vault does now.
    """
    from strongroom.store.backup import back_up

    session = CommandSession()
    if without_key:
        contents = back_up(session.vault_path, file)
    else:
        with session.unlock() as vault:
            contents = back_up(session.vault_path, file, vault)
    print(f"Backed up {_described(contents)} to {quoted(file)}.")
    _say_how_checked(contents)


@click.command("restore")
@click.argument("file")
@_without_key
@click.option("--yes", is_flag=True, help="Do it without asking.")
def restore(file: str, without_key: bool, yes: bool) -> int:
    """Put the backup FILE in the vault's place.

    It is checked first, and the replaced vault is kept beside it.
    """
    from strongroom.store.backup import Restoration
    from strongroom.store.keys.ways import default_ways

    session = CommandSession()
    prompt = passphrase_prompt(f"the backup {visible(file)}") if can_ask_for_passphrase() else None
    ways = None if without_key else default_ways(prompt, tries=TRIES, tell=say)
    with Restoration(session.vault_path, file, ways) as restoration:
        contents = restoration.contents
        print(
            f"{visible(file)} holds {_described(contents)}; its last change was {moment(contents.changed)}."
        )
        _say_how_checked(contents)
        print_lines(_what_is_replaced(session.vault_path, contents, restoration.replaced))
        question = f'Put it in the place of "{session.vault_path}"?'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was restored.")
            return 1
        kept = restoration.apply()
    print(f"Restored {quoted(session.vault_path)}.")
    if kept:
        print(
            f"What was there before is kept as {visible(kept)}. It opens as it did: remove it when it is not needed."
        )
    return 0


@click.command("identity")
@click.option(
    "--of-key-file", metavar="FILE", help="Print the identity of a key file, which is made if it is missing."
)
def identity(of_key_file: str | None) -> None:
    """Print this vault's identity, or that of a key file.

    Colleagues list it in strongroom.recipients. It is not secret. `vault rotate` changes the vault's identity, and not
    that of a key file.
    """
    from strongroom.store.identity import identity_of_key_file
    from strongroom.store.keys.key_file import create_key_file
    from strongroom.transfer.recipient import Recipient

    if of_key_file is not None:
        if not os.path.lexists(of_key_file):
            create_key_file(of_key_file)
        print(Recipient.of_identity(identity_of_key_file(of_key_file, say)))
        return
    with CommandSession().unlock() as vault:
        print(Recipient.of_vault(vault))


def _what_is_replaced(path: str, backup: "VaultContents", replaced: "Replaced | None") -> list[str]:
    """Return sentences about the vault that a restored backup replaces."""
    if replaced is None:
        return []
    there = replaced.contents
    if there is None:
        return [f"It takes the place of {quoted(path)}, which cannot be read as a vault."]
    lines = [
        f"It takes the place of {quoted(path)}, which holds {_described(there)}; its last change was "
        f"{moment(visible(there.changed))}."
    ]
    newer = there.generation - backup.generation
    if not replaced.same_vault:
        lines.append(
            "That is a different vault: what it holds, and the ways of opening it, are not in the backup."
        )
    elif newer > 0:
        lines.append(f"That one is newer, by {counted(newer, 'change')} that the backup does not have.")
    elif newer < 0:
        lines.append(f"That one is older, by {counted(-newer, 'change')}.")
    return lines


def _described(contents: "VaultContents") -> str:
    return (
        f"{counted(contents.entries, 'entry', 'entries')} of "
        f"{counted(contents.communities, 'community', 'communities')}"
    )


def _say_how_checked(contents: "VaultContents") -> None:
    if contents.opened:
        print("Checked: everything in it is as Strongroom wrote it, and every value opens.")
    else:
        print("Checked: the file is whole. Its values were not opened, because no key was used.")
