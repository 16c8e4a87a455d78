"""Check everything in a file for `vault verify`, with a sentence for each problem."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

from strongroom.store.errors import VaultAltered
from strongroom.store.format import manifest, slots
from strongroom.store.format.audit import Replay
from strongroom.store.format.manifest import AuditRow, CommunityRow, EntryRow, VersionRow
from strongroom.store.format.schema import find_schema_problems
from strongroom.store.rows.verified import VerifiedRows


def find_problems(ledger: VerifiedRows) -> list[str]:
    """Return each problem as a sentence; none for a vault as Strongroom wrote it.

    Runs inside a transaction of `ledger`, whose vault row is that of the file. Raises sqlite3.Error where
    SQLite itself cannot read on.
    """
    # Text that is not UTF-8 has to be named like anything else that is wrong.
    ledger.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return _find_problems(ledger)
    except (TypeError, AttributeError, ValueError):
        # Columns of types that were never written: a bad disk did that, and no sentence can name it better.
        return ["The file is damaged: some of its records hold what was never written there."]
    finally:
        ledger.connection.text_factory = str


def _find_problems(ledger: VerifiedRows) -> list[str]:
    problems = find_schema_problems(ledger.connection)
    if problems:
        return problems  # what is read through another schema says nothing about the rows
    problems = [
        f"SQLite found damage in the file: {line.strip('* .')}."
        for row in ledger.connection.execute("PRAGMA integrity_check(20)")
        for line in row[0].split("\n")  # SQLite puts several findings, and a heading, into one row
        if line != "ok" and not line.startswith("*** in database")
    ]
    problems += _slot_problems(ledger)
    communities, found = _community_problems(ledger)
    problems += found
    entries, found = _entry_problems(ledger, communities)
    problems += found
    trail, found = _audit_problems(ledger)
    problems += found
    if not found:
        problems += _trail_problems(ledger, Replay(trail), communities, entries)
    problems += _stray_problems(ledger)
    if ledger.connection.execute("SELECT count(*) FROM vault").fetchone()[0] != 1:
        problems.append("A second record of the vault itself was put into the file by something else.")
    _, root = manifest.read_vault_row(ledger.connection)
    if not problems and not ledger.root_is_right(root):
        problems.append(
            "The vault's own record (its counter, chosen community or settings) or the end of its audit trail "
            "was changed outside Strongroom."
        )
    return problems


def _slot_problems(ledger: VerifiedRows) -> list[str]:
    rows = ledger.connection.execute(f"SELECT {slots.COLUMNS}, tag FROM slot ORDER BY id")
    return [
        f"The slot for {slot.kind} made {slot.created} was changed outside Strongroom."
        for slot, tag in ((slots.Slot(*row[:-1]), row[-1]) for row in rows)
        if not ledger.fits(tag, manifest.slot_tag, slot)
    ]


def _community_problems(ledger: VerifiedRows) -> tuple[dict[int, CommunityRow], list[str]]:
    communities: dict[int, CommunityRow] = {}
    problems = []
    for row in ledger.connection.execute(f"SELECT {manifest.columns(CommunityRow)}, tag FROM community"):
        community = CommunityRow(*row[:-1])
        communities[community.id] = community
        if not ledger.fits(row[-1], manifest.community_tag, community):
            problems.append(f"The record of the community {community.name!r} was changed outside Strongroom.")
    return communities, problems


def _entry_problems(
    ledger: VerifiedRows, communities: dict[int, CommunityRow]
) -> tuple[dict[int, EntryRow], list[str]]:
    entries: dict[int, EntryRow] = {}
    problems = []
    rows = ledger.connection.execute(f"SELECT {manifest.columns(EntryRow)}, tag FROM entry").fetchall()
    for row in rows:
        entry = EntryRow(*row[:-1])
        community = communities.get(entry.community)
        if community is None:
            problems.append(f"{entry.name!r} belongs to a community that is not in the file.")
            continue
        wrong = _value_problems(ledger, community, entry)
        try:
            ledger.checked_entry(row, community.name)
        except VaultAltered as error:
            if not wrong:
                wrong.append(error.message)
        entries[entry.id] = entry
        problems += wrong
    return entries, problems


def _stray_problems(ledger: VerifiedRows) -> list[str]:
    strays = ledger.connection.execute(
        "SELECT count(*) FROM version WHERE entry NOT IN (SELECT id FROM entry)"
    ).fetchone()[0]
    return [f"Values that belong to no entry are in the file: {strays}."] if strays else []


def _value_problems(ledger: VerifiedRows, community: CommunityRow, entry: EntryRow) -> list[str]:
    problems = []
    rows = ledger.connection.execute(
        f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE entry = ? ORDER BY version",
        (entry.id,),
    ).fetchall()
    numbers = [row[1] for row in rows]
    if entry.version not in numbers:
        problems.append(f"The current value of {entry.name!r} in {community.name} was taken out of the file.")
    for row in rows:
        version = VersionRow(*row[:-1])
        try:
            if not ledger.fits(row[-1], manifest.version_tag, version):
                raise ledger.not_as_written(community, entry)
            ledger.open_version(community, entry, version)
        except (VaultAltered, TypeError) as error:
            problems.append(
                error.message
                if isinstance(error, VaultAltered)
                else str(ledger.not_as_written(community, entry))
            )
            if version.version != entry.version:
                problems[-1] = problems[-1].replace("The stored value", f"Version {version.version}", 1)
    return problems


def _audit_problems(ledger: VerifiedRows) -> tuple[list[AuditRow], list[str]]:
    trail: list[AuditRow] = []
    before = ledger.vault_row.audit_base
    previous = 0
    for row in ledger.connection.execute(f"SELECT {manifest.columns(AuditRow)}, link FROM audit ORDER BY id"):
        entry = AuditRow(*row[:-1])
        if previous and entry.id != previous + 1:
            return trail, [f"The audit trail has a gap after row {previous}."]
        if not ledger.fits(row[-1], manifest.audit_link, before, entry):
            return trail, [f"The audit trail was changed outside Strongroom at row {entry.id}, or before it."]
        trail.append(entry)
        previous, before = entry.id, row[-1]
    return trail, []


def _trail_problems(
    ledger: VerifiedRows, replay: Replay, communities: dict[int, CommunityRow], entries: dict[int, EntryRow]
) -> list[str]:
    """Return a sentence for each row taken out or put back, by the audit trail."""
    problems = []
    names = {community.name for community in communities.values()}
    problems += [
        f"The community {name!r} was taken out of the file." for name in sorted(replay.communities - names)
    ]
    problems += [
        f"The community {name!r} was put into the file by something else."
        for name in sorted(names - replay.communities)
    ]
    for key, expected in replay.entries.items():
        what = f"The {expected.kind} {expected.name!r} of {expected.community}"
        entry = entries.get(key)
        if entry is None:
            if expected.community in names:
                problems.append(f"{what} was taken out of the file.")
        elif (entry.version, entry.changed, bool(entry.deleted)) != (
            expected.version,
            expected.changed,
            expected.is_deleted,
        ):
            problems.append(
                f"{what} is an older one that was put back: the last change was version {expected.version} "
                f"at {expected.changed}, the file has version {entry.version} of {entry.changed}."
            )
    problems += [
        f"{entry.name!r} was put into the file by something else, or put back after it was deleted."
        for key, entry in entries.items()
        if key not in replay.entries
    ]
    found = {row[0].hex(): row[1] for row in ledger.connection.execute("SELECT slot_id, kind FROM slot")}
    problems += [
        f"A slot for {kind} was taken out of the file."
        for key, kind in replay.slots.items()
        if key not in found
    ]
    problems += [
        f"A removed slot for {kind} was put back." for key, kind in found.items() if key not in replay.slots
    ]
    return problems
