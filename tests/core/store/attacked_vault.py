"""Make the vault that somebody changes, and read all of it."""

from collections.abc import Callable

from strongroom.errors import StrongroomError
from strongroom.store.errors import VaultAltered
from strongroom.store.vault import Vault

VALUES = {
    ("prod", "alpha"): "value of alpha",
    ("prod", "beta"): "value of beta",
    ("prod", "plain"): "https://right.example",
    ("staging", "alpha"): "staging's alpha",
}


def refused_reads(vault: Vault) -> list[VaultAltered]:
    """The refusals that a person meets who lists everything and reads every value."""
    refusals = []
    reads: list[Callable[[], object]] = [lambda: vault.entries("prod"), lambda: vault.names("staging")]
    reads += [lambda at=at: vault.get(*at) for at in VALUES]
    for read in reads:
        try:
            read()
        except VaultAltered as error:
            refusals.append(error)
        except StrongroomError:
            continue
    return refusals


def wrong_values(vault: Vault) -> list[str]:
    """Every value that the vault gives out and that was never saved under that name."""
    wrong = []
    for community in ("prod", "staging"):
        for name in ("alpha", "beta", "plain", "gamma", "stolen", "copy", "gone", "ALPHA"):
            for read in (lambda c, n: vault.get(c, n).reveal(), vault.variable):
                try:
                    value = read(community, name)
                except StrongroomError:
                    continue
                if VALUES.get((community, name)) != value:
                    wrong.append(f"{community}/{name}: {value}")
    return wrong
