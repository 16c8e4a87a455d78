"""What a person should be told, and asked about, when a vault is unlocked."""

from typing import NamedTuple

from strongroom.store import manifest, seen
from strongroom.store.errors import VaultAltered
from strongroom.store.ledger import Ledger


class Concern(NamedTuple):
    """One such thing. `code` tells them apart: `altered`, `rolled-back`."""

    code: str
    message: str
    way_out: str


def find_concerns(ledger: Ledger, remembered: seen.Seen | None) -> list[Concern]:
    """What is to be told about a vault that was just unlocked; where all is well, it is remembered."""
    try:
        with ledger.reading():
            _, root = manifest.read_header(ledger.connection)
    except VaultAltered as error:
        return [Concern("altered", error.message, error.way_out)]
    header = ledger.header
    fresh = seen.Seen(header.store_id, header.generation, root)
    if remembered is None or remembered.store_id != header.store_id:
        seen.write_seen(ledger.path, fresh)
        return []
    forked = header.generation == remembered.generation and root != remembered.root
    if header.generation < remembered.generation or forked or remembered.doubted:
        ledger.rolled_back = True
        seen.write_seen(ledger.path, remembered._replace(doubted=True))
        return [_rolled_back(ledger, remembered)]
    if header.generation > remembered.generation:
        seen.write_seen(ledger.path, fresh)
    return []


def accept(ledger: Ledger) -> None:
    """See `Vault.accept_warnings`. Raises `VaultAltered`: what was altered cannot be accepted."""
    with ledger.reading():
        _, root = manifest.read_header(ledger.connection)
        seen.write_seen(ledger.path, seen.Seen(ledger.header.store_id, ledger.header.generation, root))
    ledger.rolled_back = False


def _rolled_back(ledger: Ledger, remembered: seen.Seen) -> Concern:
    return Concern(
        "rolled-back",
        f"{ledger.path} is not the newest state of this vault: this machine has seen its change "
        f"{remembered.generation}, and the file went another way (it is at {ledger.header.generation}).",
        "If you restored a backup, accept it; if not, somebody put an old file in its place.",
    )
