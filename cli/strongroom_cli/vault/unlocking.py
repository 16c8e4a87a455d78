"""Run `strongroom vault unlock`, `lock`, `recover` and `rotate`."""

import re
import shlex
import time
from typing import TYPE_CHECKING

import click

from strongroom.text.terminal import visible
from strongroom.values.secret_value import SecretValue
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.prompts import (
    ask_hidden,
    ask_passphrase,
    can_ask_for_passphrase,
    confirm,
    heed_warnings,
    read_line,
    say_notices,
)
from strongroom_cli.terminal.session import CommandSession, print_lines
from strongroom_cli.vault.slots import ways_at_hand

if TYPE_CHECKING:
    from strongroom.store.keys.ways import RecoveryCode, Way

_UNITS = {"s": 1, "m": 60, "h": 3600}


def show_recovery_code(way: "RecoveryCode", when: str = "") -> None:
    """Print the code of a new slot, this once.

    `when` says from which moment the code counts.
    """
    if way.new_code is not None:
        print("Recovery code, shown only this once. Write it down and keep it away from this machine:")
        print(f"\n    {way.new_code.reveal()}\n")
        if when:
            print(when, flush=True)


@click.command("unlock")
@click.option(
    "--for",
    "duration",
    metavar="TIME",
    default="15m",
    show_default=True,
    help="The time, such as 30s, 15m or 2h.",
)
def unlock(duration: str) -> None:
    """Keep the vault unlocked for a time.

    Commands ask nothing until its end, or until `vault lock`.

    The key is kept in memory and not on disk. Until then every program of this user can read it.
    """
    match = re.fullmatch(r"([0-9]{1,6})([smh])", duration)
    if match is None:
        raise UsageError(f"{visible(duration)!r} is not a time.", "Write it as 30s, 15m or 2h.")
    seconds = int(match[1]) * _UNITS[match[2]]
    with CommandSession().unlock() as vault:
        vault.remember(seconds)
    until = time.strftime("%H:%M:%S", time.localtime(time.time() + seconds))
    print(f"Unlocked until {until} ({duration}). `strongroom vault lock` ends it.")


@click.command("lock")
def lock() -> None:
    """Forget every key that `vault unlock` keeps in memory.

    That includes the key of a vault that was moved or replaced.
    """
    from strongroom.store.keys import remembered

    had = remembered.forget_all()
    print("Locked." if had else "The vault was not kept unlocked.")


def _ask_recovery_code() -> SecretValue:
    """Return the code from a hidden prompt, else from standard input."""
    if can_ask_for_passphrase():
        return ask_hidden("Recovery code: ")
    return SecretValue(read_line())


def recover(ways: list["Way"]) -> None:
    """Open the vault with its recovery code and add `ways`."""
    from strongroom.store.keys.ways import RecoveryCode
    from strongroom.store.vault import Vault

    with Vault.unlock(CommandSession().vault_path, [RecoveryCode(_ask_recovery_code)]) as vault:
        say_notices(vault)
        if vault.warnings:
            heed_warnings(vault)
        for way in ways:
            print(f"Added slot {vault.add_slot(way)}.")


@click.command("rotate")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def rotate(yes: bool) -> int:
    """Make a new master key and encrypt every value again with it, all at once.

    Ways that open the vault now stay, and so do people's identities. A recovery code is replaced by a new one. Add the
    others again.
    """
    from strongroom.store.file.leftovers import find_replaced
    from strongroom.store.keys.ways import RecoveryCode

    typed: list[SecretValue] = []

    def once() -> SecretValue:
        typed.append(typed[0] if typed else ask_passphrase())
        return typed[0]

    with CommandSession().unlock() as vault:
        slots = vault.slots()
        kinds = {slot.kind for slot in slots}
        ways = ways_at_hand(once if can_ask_for_passphrase() else None, slots, vault.path)
        people = [slot.label for slot in slots if slot.public]
        kept = [way.subject for way in ways] + [f"the identity of {name}" for name in people]
        question = (
            f"Make a new master key? Kept: {', '.join(dict.fromkeys(kept)) or 'no way in'}. Every other way in stops "
            "working."
        )
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was changed.")
            return 1
        codes = [RecoveryCode()] if "recovery-code" in kinds else []
        for code in codes:
            code.make()
            show_recovery_code(code, "It counts from when you read that the vault has a new master key.")
        dropped = vault.rotate(ways, codes)
        print(
            "The vault has a new master key. Its identity is another one, too: see `strongroom vault identity`."
        )
        print_lines(
            f"Removed slot {slot.id} ({slot.kind}): add it again with `strongroom vault slots add`."
            for slot in dropped
            if slot.kind != "recovery-code"
        )
        replaced = find_replaced(vault.path)
    if replaced:
        print("Vaults that were replaced by a backup still open with the ways in that they had. Remove them:")
        print_lines(f"  rm {visible(shlex.quote(path))}" for path in replaced)
    return 0
