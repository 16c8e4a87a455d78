"""The preview of an import, and that it is done all at once or not at all."""

import subprocess
import sys

import pytest

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.transfer import dotenv, sources
from strongroom.transfer.parsed_file import FileEntry, ParsedFile, suggest_name
from strongroom.transfer.planning import ImportChoices, Plan, apply_plan, make_plan
from strongroom.values.secret_value import SecretValue


def plan(vault: Vault, text: str, choices: ImportChoices | None = None) -> Plan:
    return make_plan(vault, "prod", dotenv.read(text), choices)


def add(vault: Vault, name: str, value: str, kind: Kind = Kind.SECRET) -> None:
    vault.add("prod", name, kind, SecretValue(value))


def refused(made: Plan) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.name, refusal.reason) for refusal in made.refusals]


def test_new_changed_and_same_are_told_apart(vault: Vault) -> None:
    add(vault, "a", "1")
    add(vault, "b", "2")
    made = plan(vault, "a=1\nb=3\nc=4")
    assert [(c.action, c.name, c.parts) for c in made.changes] == [
        ("same", "a", ()),
        ("changed", "b", ("value",)),
        ("new", "c", ()),
    ]
    assert len(apply_plan(vault, made)) == 2
    assert [vault.get("prod", name).reveal() for name in "abc"] == ["1", "3", "4"]
    assert [entry.version for entry in vault.entries("prod")] == [1, 2, 1]
    assert vault.verify() == []
    assert plan(vault, "a=1\nb=3\nc=4").saves == []


def test_notes_and_dates_change_alone_and_stay_where_the_file_says_nothing(vault: Vault) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("1"), note="n", expires="2030-01-31")
    item = FileEntry(1, "a", SecretValue("1"), None, "other", None)
    made = make_plan(vault, "prod", ParsedFile("", [item], [], []))
    assert made.changes[0].parts == ("note",)
    apply_plan(vault, made)
    (entry,) = vault.entries("prod")
    assert (entry.note, entry.expires, entry.version) == ("other", "2030-01-31", 1)


@pytest.mark.parametrize(
    ("text", "line", "name", "reason"),
    [
        ("api-key=x", 1, "api-key", "the name contains a hyphen"),
        ("1key=x", 1, "1key", "the name starts with a digit"),
        ("A=1\nB=", 2, "", "the value is empty"),
        ("=x", 1, "", "the name is empty"),
        ("AoIBAQC7+/canary=", 1, "", ""),
        ("AoIBAQC7+/canary=x", 1, "", ""),
        (f"{'a' * 256}=x", 1, "", "the name has more than 255 characters"),
        (f"A={'x' * (1 << 20)}x", 1, "A", "the value is longer than 1 MiB"),
        ("\n\nkept=x", 3, "kept", "the community has a variable of this name, and a kind cannot change"),
    ],
)
def test_what_no_save_would_take_is_refused_with_its_line(
    vault: Vault, text: str, line: int, name: str, reason: str
) -> None:
    add(vault, "kept", "1", Kind.VARIABLE)
    made = plan(vault, text, ImportChoices(kind=Kind.SECRET))
    ((found_line, found_name, found_reason),) = refused(made)
    assert (found_line, found_name) == (line, name)
    assert reason in found_reason
    assert "canary" not in repr(made)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("api-key", "api_key"),
        ("123key", "_123key"),
        ("api@key", "api_key"),
        ("api key", "api_key"),
        ('"quoted"', "quoted"),
        ("_x-", "_x"),
        ("clé", "cle"),
        ("--", ""),
        ("", ""),
    ],
)
def test_an_invalid_name_comes_with_a_valid_one(name: str, suggestion: str) -> None:
    assert suggest_name(name) == suggestion


def test_suggestions_are_taken_only_when_asked_for(vault: Vault) -> None:
    (refusal,) = plan(vault, "api-key=x").refusals
    assert refusal.suggestion == "api_key"
    made = plan(vault, "api-key=x", ImportChoices(rename_invalid=True))
    assert [(c.name, c.original) for c in made.changes] == [("api_key", "api-key")]
    apply_plan(vault, made)
    assert vault.get("prod", "api_key").reveal() == "x"


def test_a_suggestion_that_is_taken_twice_is_refused_twice(vault: Vault) -> None:
    made = plan(vault, "api-key=x\napi.key=y", ImportChoices(rename_invalid=True))
    assert [line for line, _, _ in refused(made)] == [1, 2]


def test_one_name_with_two_values_is_refused_each_time_and_an_exact_repetition_is_not(vault: Vault) -> None:
    made = plan(vault, "a=1\nb=2\na=3\nb=2\na=1")
    assert refused(made) == [
        (1, "a", "the name is given another value on line 3"),
        (3, "a", "the name is given another value on line 1"),
        (5, "a", "the name is given another value on line 1"),
    ]
    assert [c.name for c in made.changes] == ["b"]


def test_kinds_come_from_the_person_then_the_file_then_what_is_there(vault: Vault) -> None:
    add(vault, "there", "1", Kind.VARIABLE)
    items = [
        FileEntry(1, "named", SecretValue("1"), Kind.SECRET),
        FileEntry(2, "told", SecretValue("1"), Kind.VARIABLE),
        FileEntry(3, "there", SecretValue("2")),
        FileEntry(4, "nothing", SecretValue("1")),
    ]
    made = make_plan(
        vault, "prod", ParsedFile("", items, [], []), ImportChoices(kinds={"named": Kind.VARIABLE})
    )
    assert [c.kind.value for c in made.changes] == ["variable", "variable", "variable", "secret"]


def test_a_plan_that_was_overtaken_changes_nothing(vault: Vault) -> None:
    add(vault, "a", "1")
    made = plan(vault, "a=2\nb=3")
    vault.set("prod", "a", SecretValue("other"))
    before = vault.entries("prod")
    with pytest.raises(EntryChanged):
        apply_plan(vault, made)
    assert vault.entries("prod") == before
    made = plan(vault, "b=3")
    add(vault, "b", "other")
    with pytest.raises(EntryChanged):
        apply_plan(vault, made)


def test_five_thousand_lines_are_one_transaction(vault: Vault) -> None:
    lines = [f"NAME_{number}=value {number}" for number in range(5000)]
    bad = list(range(0, 5000, 250))
    for number in bad:
        lines[number] = f"bad line {number}"
    before = vault.change_counter()
    made = plan(vault, "\n".join(lines))
    assert [line for line, _, _ in refused(made)] == [number + 1 for number in bad]
    assert vault.change_counter() == before
    assert vault.entries("prod") == ()
    assert len(apply_plan(vault, made)) == 4980
    assert vault._ledger.vault_row.generation == 1
    assert len(vault.entries("prod")) == 4980


KILLED = """
import os, signal, sys
from strongroom.store.rows.ledger import Ledger
from strongroom.store.vault import Vault
from strongroom.store.keys.ways import KeyFile
from strongroom.transfer import dotenv
from strongroom.transfer.planning import apply_plan, make_plan
vault = Vault.unlock(sys.argv[1], [KeyFile(sys.argv[2])])
plan = make_plan(vault, "prod", dotenv.read("".join(f"A{n}={'x' * 3000}\\n" for n in range(500))))
original, left = Ledger.put_entry, [int(sys.argv[3])]
def put_entry(self, entry):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    original(self, entry)
Ledger.put_entry = put_entry
# A small cache makes SQLite write to the file before the commit, so that the kill leaves a hot journal.
vault._ledger.connection.execute("PRAGMA cache_size=10")
apply_plan(vault, plan)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
@pytest.mark.parametrize("after", [1, 250, 500])
def test_a_kill_in_the_middle_of_an_import_changes_nothing(vault: Vault, key: KeyFile, after: int) -> None:
    add(vault, "A1", "before")
    vault.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, vault.path, key.path, str(after)], capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    with Vault.unlock(vault.path, [key]) as again:
        assert again.verify() == []
        assert [entry.name for entry in again.entries("prod")] == ["A1"]
        assert again.get("prod", "A1").reveal() == "before"


def test_another_vault_is_read_with_its_own_key(vault: Vault, tmp_path) -> None:
    own = KeyFile(tmp_path / "store" / "other.key")
    path = tmp_path / "store" / "other.db"
    with Vault.create(path, [own]) as other:
        other.add("there", "a", Kind.VARIABLE, SecretValue("1"), note="n", expires="2030-01-31")
    path.chmod(0o644)  # as it came by mail
    before = path.read_bytes()
    made = make_plan(vault, "prod", sources.read_vault(str(path), [own], None))
    apply_plan(vault, made)
    assert path.read_bytes() == before
    (entry,) = vault.entries("prod")
    assert (entry.name, entry.kind, entry.value, entry.note) == ("a", Kind.VARIABLE, "1", "n")
    with pytest.raises(sources.TransferError, match="no community `gone`"):
        sources.read_vault(str(path), [own], "gone")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (".env", "env"),
        ("a/.env.local", "env"),
        ("x.env", "env"),
        ("X.JSON", "json"),
        ("x.csv", "csv"),
        ("x", ""),
    ],
)
def test_the_format_is_seen_from_the_name(path: str, form: str) -> None:
    assert sources.format_of_name(path) == form


def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path) -> None:
    path = tmp_path / "huge.env"
    with path.open("wb") as file:
        file.truncate(sources.LARGEST_FILE + 1)
    with pytest.raises(sources.SourceUnreadable, match="64 MiB"):
        sources.read_bytes(str(path))
