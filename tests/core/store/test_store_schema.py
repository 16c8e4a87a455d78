"""Somebody puts something into the vault's schema: whatever it is, it never runs, hides or is signed."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.backup import back_up
from strongroom.store.errors import VaultAltered
from strongroom.store.file.connection import connect
from strongroom.store.format.schema import compare_schema, find_schema_problems
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

TABLES = ("vault", "slot", "community", "entry", "version", "audit")
INDEXES = ("entry_name", "version_of")
OURS = (*TABLES, *INDEXES, "sqlite_autoindex_slot_1", "sqlite_autoindex_community_1")
OTHERS = ("late", "sqlite_stat1", "sqlite_autoindex_slot_1", "sqlite_autoindex_entry_1", "SLOT", "slot ")
NAMES = (*TABLES, *INDEXES, *OTHERS)
EMPTY_ALL = "".join(f"DELETE FROM {table};" for table in ("version", "entry", "community", "slot", "audit"))

# What is written into the column `sql`; {name} is the object's own name and {table} the table that it is about.
TRIGGERS = [
    f"CREATE TRIGGER {{name}} {when} {event} ON {{table}} BEGIN {body} END"
    for when in ("BEFORE", "AFTER")
    for event in ("INSERT", "UPDATE", "DELETE", "UPDATE OF id")
    for body in ("SELECT RAISE(IGNORE);", EMPTY_ALL, "UPDATE version SET value = x'00';")
]
OBJECTS = {
    "trigger": TRIGGERS,
    "view": ["CREATE VIEW {name} AS SELECT * FROM {table}", "CREATE VIEW {name} (id) AS SELECT 1"],
    "index": [
        "CREATE INDEX {name} ON {table} (id)",
        "CREATE UNIQUE INDEX {name} ON {table} (id, 1)",
        "CREATE INDEX {name} ON {table} (id) WHERE id > 1",
        "CREATE INDEX {name} ON {table} (abs(id))",
        "CREATE INDEX {name} ON {table} (id COLLATE NOCASE)",
    ],
    "table": [
        "CREATE TABLE {name} (x)",
        "CREATE TABLE {name} (x, y GENERATED ALWAYS AS (x + 1))",
        "CREATE TABLE {name} (x PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE {name} (x INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE {name} (x REFERENCES entry (id) ON DELETE CASCADE)",
        "CREATE VIRTUAL TABLE {name} USING fts5(x)",
        "CREATE VIRTUAL TABLE {name} USING no_such_module(x)",
    ],
}
# Our own statements, changed: (what, in what, by what).
REMADE = [
    ("entry", "name      TEXT", "name TEXT COLLATE NOCASE"),
    ("entry", "name      TEXT", "name BLOB"),
    ("entry", "version   INTEGER", "version TEXT"),
    ("entry", "note      TEXT NOT NULL", "note TEXT AS (name)"),
    ("entry", "deleted   TEXT NOT NULL ", "deleted TEXT NOT NULL DEFAULT 'x'"),
    ("entry", "deleted   TEXT NOT NULL ", "deleted TEXT NOT NULL CHECK (deleted <> 'no')"),
    ("entry", "REFERENCES community (id)", "REFERENCES community (id) ON DELETE CASCADE"),
    ("entry", "id        INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY ON CONFLICT IGNORE"),
    ("version", "REFERENCES entry (id)", "REFERENCES entry (id) ON UPDATE SET NULL"),
    ("version", "value   BLOB NOT NULL", "value TEXT NOT NULL"),
    ("version", "value   BLOB NOT NULL", "value BLOB NOT NULL ON CONFLICT REPLACE DEFAULT x'00'"),
    ("vault", "CHECK (id = 1)", ""),
    ("audit", "link      BLOB NOT NULL", "link BLOB"),
    ("slot", "slot_id BLOB NOT NULL UNIQUE", "slot_id BLOB NOT NULL UNIQUE ON CONFLICT REPLACE"),
    ("community", "created TEXT", "created INT"),
    ("entry_name", "WHERE deleted = ''", "WHERE deleted = '' AND name <> 'alpha'"),
    ("entry_name", "(community, name)", "(community, name COLLATE NOCASE)"),
    ("version_of", "UNIQUE ", ""),
    ("version_of", "CREATE", "create"),
]


@pytest.fixture
def full(path: Path, key: KeyFile) -> Path:
    with Vault.create(path, [key]) as vault:
        for name in ("alpha", "beta"):
            vault.add("prod", name, Kind.SECRET, SecretValue("first"))
            vault.set("prod", name, SecretValue(f"value of {name}"))
        vault.add("prod", "plain", Kind.VARIABLE, SecretValue("in clear"))
    return path


def rewrite_schema(path: Path, dice: random.Random, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Changes the rows of the schema, and their order by the dice."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        for sql, arguments in statements:
            connection.execute(sql, arguments)
        rows = connection.execute("SELECT rowid, type, name FROM sqlite_master").fetchall()
        first = 2 * max(row[0] for row in rows) + 2
        free = dice.sample(range(first, first + 1000), len(rows))
        # SQLite reads them in this order, and each index of ours after its table.
        ours = sorted((row for row in rows if row[2] in OURS), key=lambda row: row[1] == "index")
        # Anywhere, or the last first, which is what was put in.
        mixed = dice.sample(rows, len(rows)) if dice.random() < 0.3 else rows[::-1]
        if dice.random() < 0.6:
            mixed.sort(key=lambda row: row[2] not in OURS)  # or behind all of ours
        order = iter(ours)
        arranged = [next(order) if row in ours else row for row in mixed]
        for new, (old, *_) in zip(sorted(free), arranged, strict=True):
            connection.execute("UPDATE sqlite_master SET rowid = ? WHERE rowid = ?", (new, old))
        if dice.random() < 0.5:  # as though it had always been like this
            (version,) = connection.execute("PRAGMA schema_version").fetchone()
            connection.execute(f"PRAGMA schema_version={version + 1}")


def refuses(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except StrongroomError:
        return True
    return False


def assert_found_everywhere(path: Path, key: KeyFile, what: str) -> bool:
    """By verify, the next read, the next write, a backup and the reader without a key; and nothing is changed.

    Gives whether the vault could be unlocked; else SQLite itself refuses to look at such a schema.
    """
    before = path.read_bytes()
    opened = True
    try:
        with Vault.unlock(path, [key]) as vault:
            assert [warning.code for warning in vault.warnings] == ["altered"], what
            assert vault.verify(), what
            attempts: list[Callable[[], object]] = [
                lambda: vault.get("prod", "alpha"),
                lambda: vault.entries("prod"),
                lambda: vault.add("prod", "new", Kind.SECRET, SecretValue("x")),
                lambda: vault.set("prod", "beta", SecretValue("x")),
                lambda: vault.delete("prod", "beta"),
                lambda: vault.rotate([key]),
                lambda: back_up(str(path), str(path.with_name("backup.db"))),
            ]
            for attempt in attempts:
                assert refuses(attempt), what
    except StrongroomError:
        opened = False
    assert refuses(lambda: NamesReader.open(path).names("prod")), what
    assert path.read_bytes() == before, what
    return opened


def objects() -> Iterator[tuple[str, str, str, str]]:
    """Kind, name, table and statement of what somebody may put in; kind and table need not be true."""
    dice = random.Random(12)  # the same in each run
    for kind, statements in OBJECTS.items():
        for statement in statements:
            for name in dice.sample(NAMES, 5):
                table = dice.choice(TABLES)
                sql = statement.format(name=f'"{name}"', table=table)
                about = name if kind in ("table", "view") else table
                # SQLite looks at these two as well, in its later versions: mostly they are true.
                said = (kind, about) if dice.random() < 0.8 else (dice.choice(["table", "index"]), name)
                yield said[0], name, said[1], sql


def test_whatever_is_put_into_the_schema_is_found_by_every_read_and_write(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    sound = tmp_path / "sound.db"
    shutil.copy(full, sound)
    opened = []
    for number, (kind, name, table, sql) in enumerate(objects()):
        shutil.copyfile(sound, full)
        rewrite_schema(
            full,
            random.Random(number),
            (
                "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)",
                (kind, name, table, 0 if sql[7] in "TV" and "TABLE" not in sql else 2 + number % 3, sql),
            ),
        )
        if assert_found_everywhere(full, key, f"{kind} {name} on {table}: {sql}"):
            opened.append(name)
    # Most of them are no reason for SQLite to refuse the file: it is our own look that finds them.
    assert len(opened) > 60
    assert {"slot", "audit", "sqlite_stat1", "version_of"} <= set(opened)


@pytest.mark.parametrize(("name", "ours", "theirs"), REMADE)
def test_an_object_of_ours_that_is_made_in_another_way_is_found(
    name: str, ours: str, theirs: str, full: Path, key: KeyFile
) -> None:
    with closing(sqlite3.connect(full)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    assert ours in sql
    changed = sql.replace(ours, theirs, 1)
    rewrite_schema(
        full,
        random.Random(1),
        ("UPDATE sqlite_master SET sql = ? WHERE name = ?", (changed, name)),
    )
    assert_found_everywhere(full, key, changed)


@pytest.mark.parametrize(
    "name", [*TABLES, *INDEXES, "sqlite_autoindex_slot_1", "sqlite_autoindex_community_1"]
)
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM sqlite_master WHERE name = ?",
        "INSERT INTO sqlite_master SELECT * FROM sqlite_master WHERE name = ?",
        "UPDATE sqlite_master SET type = 'trigger' WHERE name = ?",
        "UPDATE sqlite_master SET tbl_name = 'other' WHERE name = ?",
        "UPDATE sqlite_master SET name = 'other' WHERE name = ?",
        "UPDATE sqlite_master SET sql = CAST(sql AS BLOB) || x'20' WHERE name = ?",
    ],
)
def test_no_row_of_the_schema_can_be_missing_twice_or_changed(
    name: str, change: str, full: Path, key: KeyFile
) -> None:
    rewrite_schema(full, random.Random(2), (change, (name,)))
    if change.startswith("UPDATE sqlite_master SET sql") and name.startswith("sqlite_"):
        return  # it has no statement
    assert_found_everywhere(full, key, f"{change} ({name})")


def test_two_tables_in_one_place_of_the_file_are_found(full: Path, key: KeyFile, tmp_path: Path) -> None:
    sound = tmp_path / "sound.db"
    shutil.copy(full, sound)
    for one, two in (("audit", "slot"), ("entry", "version"), ("entry_name", "version_of")):
        shutil.copyfile(sound, full)
        rewrite_schema(
            full,
            random.Random(3),
            (
                "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = ?) "
                "WHERE name = ?",
                (one, two),
            ),
        )
        assert_found_everywhere(full, key, f"{one} and {two}")


def test_the_order_of_rows_alone_is_no_change(full: Path, key: KeyFile) -> None:
    rewrite_schema(full, random.Random(4))
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == []
        vault.set("prod", "alpha", SecretValue("new"))
        assert vault.get("prod", "alpha").reveal() == "new"


def put_old_rows_back_by_trigger(path: Path, old: Path) -> None:
    """A trigger hidden behind a table of its name, which puts the rows of an older copy back at the next write."""

    def literal(value: object) -> str:
        if isinstance(value, bytes):
            return f"x'{value.hex()}'"
        return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"

    body = EMPTY_ALL
    with closing(sqlite3.connect(old)) as connection:
        for table in ("community", "entry", "version", "slot", "audit"):
            for row in connection.execute(f"SELECT * FROM {table}"):
                body += f"INSERT INTO {table} VALUES ({','.join(map(literal, row))});"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"CREATE TRIGGER slot AFTER INSERT ON audit BEGIN {body} END")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET rowid = 999 WHERE type = 'trigger'")
        connection.execute("UPDATE sqlite_master SET rowid = 1000 WHERE type = 'table' AND name = 'slot'")
        connection.execute("UPDATE sqlite_master SET rowid = 1001 WHERE name = 'sqlite_autoindex_slot_1'")


def test_a_trigger_behind_a_tables_name_cannot_put_an_older_state_back(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
    put_old_rows_back_by_trigger(full, old)
    assert_found_everywhere(full, key, "trigger slot")
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == ["The trigger 'slot' was put into the file by something else."]


def test_a_trigger_that_the_connection_knows_and_the_file_no_longer_shows_does_not_run(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
        put_old_rows_back_by_trigger(full, old)
        with pytest.raises(VaultAltered):
            vault.get("prod", "alpha")  # SQLite has read the schema with the trigger
        with closing(sqlite3.connect(full, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")  # its counter stays
        vault.set("prod", "beta", SecretValue("written"))
        assert vault.get("prod", "alpha").reveal() == "newest"
        assert vault.get("prod", "beta").reveal() == "written"
        assert vault.verify() == []


@pytest.mark.parametrize(
    ("object_", "statement"),
    [
        (
            "CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM slot; END",
            "INSERT INTO audit DEFAULT VALUES",
        ),
        ("CREATE TRIGGER t BEFORE DELETE ON entry BEGIN SELECT 1; END", "DELETE FROM entry"),
        ("CREATE VIEW v AS SELECT * FROM entry", "SELECT * FROM v"),
        ("CREATE VIEW v AS SELECT 1", "SELECT * FROM v"),
        (
            "CREATE TEMP TRIGGER t AFTER UPDATE ON vault BEGIN DELETE FROM slot; END",
            "UPDATE vault SET id = 1",
        ),
    ],
)
def test_no_connection_of_ours_runs_a_trigger_or_a_view(object_: str, statement: str, full: Path) -> None:
    with closing(connect(str(full), write=True)) as connection:
        connection.execute(object_)
        with pytest.raises(sqlite3.DatabaseError) as refused:
            connection.execute(statement)
        assert refused.value.sqlite_errorcode in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_ERROR)


def test_what_is_foreign_changed_or_missing_is_named_as_such(full: Path) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.executescript("DROP INDEX entry_name; DROP INDEX version_of; CREATE TABLE more (x)")
        connection.execute("CREATE INDEX version_of ON version (entry)")
        assert compare_schema(connection) == (
            [
                "The index 'version_of' is not made as Strongroom makes it.",
                "The table 'more' was put into the file by something else.",
            ],
            ["The index 'entry_name' was taken out of the file."],
        )


def test_a_sound_schema_has_no_problem_whatever_statistics_there_are(full: Path) -> None:
    with closing(sqlite3.connect(full)) as connection:
        assert find_schema_problems(connection) == []
        connection.execute("ANALYZE")
        assert find_schema_problems(connection) == []
