"""`strongroom vault`: the file that holds everything, and the ways of opening it."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strongroom.errors import StrongroomError
from strongroom_cli.prompts import ask_new_passphrase, can_ask_for_passphrase, has_terminal
from strongroom_cli.session import Session, format_option, print_json, print_lines
from strongroom_cli.style import visible

if TYPE_CHECKING:
    from strongroom.store.ways import Way


@click.group(name="vault", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """The vault: one file, by default in your data folder; STRONGROOM_VAULT names another."""


@command.command("init")
@click.option(
    "--key-file", metavar="FILE", help="Open it with this key file, which is made where it is absent."
)
@click.option("--passphrase", is_flag=True, help="Open it with a passphrase, which is asked for.")
@click.option("--keyring", is_flag=True, help="Open it with a key in the operating system's keyring.")
def init(key_file: str | None, passphrase: bool, keyring: bool) -> None:
    """Make a vault. Several ways of opening it may be given; without any, a passphrase is asked for."""
    from strongroom.store.vault import Vault
    from strongroom.store.ways import KeyFile, Keyring, Passphrase

    ways: list[Way] = []
    if key_file is not None:
        key_file = str(Path(key_file).absolute())
        ways.append(KeyFile(key_file))
    if keyring:
        ways.append(Keyring())
    if passphrase or not ways:
        if not (can_ask_for_passphrase() if passphrase else has_terminal()):
            raise StrongroomError(
                "There is no terminal to ask for a passphrase on.",
                "`strongroom vault init --key-file FILE` makes a vault without a question.",
            )
        ways.append(Passphrase(ask_new_passphrase))
    session = Session()
    with Vault.create(session.vault_path, ways):
        pass
    print(f"Made the vault {visible(session.vault_path)}.")
    if key_file is not None:
        print(f"It opens with the key file {visible(key_file)}: keep a copy in a safe place.")
        if session.settings.key_file != key_file:
            print(f"Set STRONGROOM_KEY_FILE={visible(key_file)} so that commands find it.")


@command.command("status")
@format_option
def status(form: str) -> None:
    """Where the vault is and what it holds, without a key."""
    session = Session()
    with session.reader() as reader:
        held = {name: len(reader.entries(name)) for name in reader.communities()}
        current = reader.current_community()
    found = Path(session.vault_path).stat()
    if form == "json":
        print_json(
            {
                "path": session.vault_path,
                "bytes": found.st_size,
                "permissions": f"{stat.S_IMODE(found.st_mode):04o}",
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
            f"Current:     {visible(current) if current else 'no community chosen'}",
            f"Communities: {listed or 'none'}",
        ]
    )


@command.command("verify")
def verify() -> int:
    """Open the vault and check that everything in it is whole and as it was written."""
    with Session().unlock() as vault:
        problems = list(vault.verify())
        number = sum(len(vault.entries(name)) for name in vault.communities())
    if problems:
        print_lines(visible(problem) for problem in problems)
        return 1
    print(f"The vault is whole: all of its {number} entries are as they were written.")
    return 0
