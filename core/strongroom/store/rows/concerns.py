"""Find what a person should know, and agree to, when a vault is unlocked."""

from typing import NamedTuple

from strongroom.store.errors import VaultAltered
from strongroom.store.file import seen
from strongroom.store.file.seen import SeenState
from strongroom.store.format import manifest
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import AuditRow
from strongroom.store.rows import ledger as store_ledger
from strongroom.store.rows.ledger import Ledger


class Concern(NamedTuple):
    """Hold one thing to ask about.

    `code` distinguishes concerns: `altered`, `rolled-back` (an older state, or one without changes seen here) and
    `another-vault`.
    """

    code: str
    message: str
    way_out: str

    @property
    def can_be_accepted(self) -> bool:
        """Return True if a person may say that this file is the right one all the same."""
        return self.code != "altered"


class Findings(NamedTuple):
    """Hold what to ask about, and sentences that only have to be said once."""

    concerns: list[Concern]
    notices: list[str]


def examine(ledger: Ledger, remembered: tuple[SeenState, ...]) -> Findings:
    """Compare a vault that was just unlocked with what is remembered.

    If all is well, the state is remembered.
    """
    try:
        with ledger.reading():
            _, root = manifest.read_vault_row(ledger.connection)
            state = ledger.state(root)
            concerns, notices = _compare(ledger, state, remembered)
    except VaultAltered as error:
        return Findings([Concern("altered", error.message, error.way_out)], [])
    expected = remembered[0] if remembered else None
    if concerns:
        ledger.doubted = True
        if expected is not None:
            seen.write_seen(ledger.path, expected._replace(doubted=True))
    elif state != expected:
        seen.write_seen(ledger.path, state)
        if expected is not None and expected.doubted:
            notices.append(
                f"{ledger.path} is the newest state again; since it was last used, another file was in its place."
            )
    obstacle = seen.find_obstacle(ledger.path)
    return Findings(concerns, [*notices, obstacle] if obstacle else notices)


def accept(ledger: Ledger) -> None:
    """See `Vault.accept_warnings`.

    Raises `VaultAltered`: what was altered cannot be accepted.
    """
    with ledger.reading():
        _, root = manifest.read_vault_row(ledger.connection)
        seen.write_seen(ledger.path, ledger.state(root))
    ledger.doubted = False


def _compare(ledger: Ledger, state: SeenState, remembered: tuple[SeenState, ...]) -> Findings:
    concerns: list[Concern] = []
    notices: list[str] = []
    if remembered and remembered[0].store_id != state.store_id:
        concerns.append(_another_vault(ledger))
    known = next((one for one in remembered if one.store_id == state.store_id), None)
    if known is None or known[:3] == state[:3]:
        return Findings(concerns, notices)
    if state.generation < known.generation:
        concerns.append(_rolled_back(ledger, known))
        return Findings(concerns, notices)
    continues = state.generation > known.generation and _continues(ledger, known)
    if continues is False:
        concerns.append(_forked(ledger, known))
    elif continues is None:
        notices.append(
            f"{ledger.path} has changed so much that its audit trail does not reach back to what this machine last "
            "saw. If a change of this machine was lost, that would not be noticed."
        )
    return Findings(concerns, notices)


def _continues(ledger: Ledger, known: SeenState) -> bool | None:
    """Return True if the file holds the newest change that is remembered.

    The result is None if the file's trail does not reach back. A copy that was changed on another machine has
    other changes in the place of that one, however many. The part of the trail that is gone by is found to be
    as it was written.
    """
    if not known.row:
        return not known.doubted  # an earlier version of Strongroom remembered no more than a number
    trail = [
        (AuditRow(*row[:-1]), row[-1])
        for row in ledger.connection.execute(
            f"SELECT {manifest.columns(AuditRow)}, link FROM audit ORDER BY id"  # noqa: S608  # own names
        )
    ]
    found = next((at for at in reversed(range(len(trail))) if _stands_for(trail[at][0], known.row)), None)
    first = found or 0
    before = trail[first - 1][1] if first else ledger.vault_row.audit_base
    for row, link in trail[first:]:
        if not ledger.fits(link, manifest.audit_link, before, row):
            return False
        before = link
    if found is not None:
        return True
    pruned = next(
        (at for at in reversed(range(len(trail))) if trail[at][0].action == AuditAction.PRUNE.value), None
    )
    if pruned is None:
        return False
    oldest = trail[max(pruned - store_ledger.MOST_AUDIT_ROWS // 2, 0)][0]
    return None if known.at < oldest.at else False


def _stands_for(row: AuditRow, digest: str) -> bool:
    """Return True if `row` has this digest, or put a backup in such a state's place."""
    if row.action == AuditAction.RESTORE_BACKUP.value:
        return digest in row.detail.split() or seen.row_digest(row) == digest
    return seen.row_digest(row) == digest


_OLD_OR_RESTORED = "If you restored a backup, accept it; if not, somebody put an old file in its place."


def _rolled_back(ledger: Ledger, known: SeenState) -> Concern:
    return Concern(
        "rolled-back",
        f"{ledger.path} is not the newest state of this vault: it is at change {ledger.vault_row.generation}, and "
        f"this machine has seen change {known.generation}.",
        _OLD_OR_RESTORED,
    )


def _forked(ledger: Ledger, known: SeenState) -> Concern:
    return Concern(
        "rolled-back",
        f"{ledger.path} is not the newest state of this vault: it does not have change {known.generation}, which this "
        f"machine has seen, and was changed elsewhere instead (it is at change {ledger.vault_row.generation}).",
        "Two machines, or a synced folder, may have written to copies of it, or a backup was restored elsewhere: "
        "look for the other copy first. To go on with this file, without those changes, accept it.",
    )


def _another_vault(ledger: Ledger) -> Concern:
    return Concern(
        "another-vault",
        f"{ledger.path} is another vault than the one that this machine has seen there: this one was made "
        f"{ledger.vault_row.created[:19]}Z.",
        "If you put it there, accept it; if not, put the right file back.",
    )
