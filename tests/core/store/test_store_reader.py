"""The names, without any key."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from strongroom.names import Kind, Knowledge
from strongroom.store.errors import VaultClosed, VaultMissing
from strongroom.store.keys.ways import KeyFile, RecoveryCode
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


@pytest.fixture
def filled(vault: Vault, key: KeyFile) -> Vault:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("hidden"), note="for the CRM", expires="2027-03-31")
    vault.add("prod", "base_url", Kind.VARIABLE, SecretValue("https://example.com\r\n"))
    vault.add("staging", "api_key", Kind.SECRET, SecretValue("other"))
    vault.add("prod", "gone", Kind.SECRET, SecretValue("x"))
    vault.delete("prod", "gone")
    Path(key.path).unlink()  # from here on there is no key at all
    return vault


def test_names_and_entries_are_read_without_a_key(filled: Vault, path: Path) -> None:
    with NamesReader.open(path) as reader:
        assert reader.communities() == ("prod", "staging")
        assert reader.current_community() is None
        filled.use_community("staging")
        assert reader.current_community() == "staging"
        names = reader.names("prod")
        assert names.knowledge is Knowledge.COMPLETE
        assert names.source == "the vault"
        assert set(names.by_name) == {"api_key", "base_url"}
        assert names.by_name["api_key"].value is None
        assert names.by_name["base_url"].value == "https://example.com\r\n"
        assert names.by_name["api_key"].note == "for the CRM"
        assert names.by_name["api_key"].expires == "2027-03-31"
        assert reader.entries("prod") == filled.entries("prod")


def test_a_community_offers_no_name_of_another(filled: Vault, path: Path) -> None:
    filled.add("staging", "only_here", Kind.SECRET, SecretValue("x"))
    with NamesReader.open(path) as reader:
        assert reader.names("prod").get("only_here") is None
        assert [other.community for other in reader.names("prod").others] == ["staging"]


def test_an_unknown_community_is_no_list_rather_than_an_empty_one(filled: Vault, path: Path) -> None:
    with NamesReader.open(path) as reader:
        names = reader.names("prd")
        assert names.knowledge is Knowledge.NONE
        assert str(path) in names.looked[0]
        assert reader.entries("prd") == ()


def test_a_screenful_is_read_from_a_name_on(filled: Vault, path: Path) -> None:
    filled.add("prod", "zone", Kind.SECRET, SecretValue("x"), note="last")
    with NamesReader.open(path) as reader:
        assert reader.entries_from("prod", "", 10) == reader.entries("prod")
        assert reader.entries_from("prod", "b", 1) == (reader.find("prod", "base_url"),)
        assert reader.entries_from("prod", "zzz", 5) == ()
        assert reader.find("prod", "zone") == reader.entries("prod")[2]
        assert reader.find("prod", "Zone") is None
        assert reader.find("prod", "gone") is None


def test_lists_of_an_unknown_community_are_empty(filled: Vault, path: Path) -> None:
    with NamesReader.open(path) as reader:
        assert reader.entries_from("prd", "", 5) == ()
        assert reader.find("prd", "api_key") is None


def test_the_ways_in_are_listed_without_a_key(filled: Vault, path: Path) -> None:
    filled.add_slot(RecoveryCode())
    with NamesReader.open(path) as reader:
        assert reader.slots() == filled.slots()
        assert [slot.kind for slot in reader.slots()] == ["key-file", "recovery-code"]


def test_a_list_is_one_state_of_the_file_while_others_write(filled: Vault, path: Path) -> None:
    with NamesReader.open(path) as reader:
        reader.names("prod")
        # A reader that kept its lock would block this:
        filled.add("prod", "new", Kind.SECRET, SecretValue("x"))
        assert "new" in reader.names("prod").by_name


def test_several_threads_may_share_a_reader(filled: Vault, path: Path) -> None:
    problems: list[Exception] = []

    def look(reader: NamesReader) -> None:
        try:
            for _ in range(200):
                assert len(reader.entries("prod")) == 2
                reader.change_counter()
        except Exception as error:
            problems.append(error)

    with NamesReader.open(path) as reader:
        threads = [threading.Thread(target=look, args=[reader]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


def test_a_reader_that_was_closed_says_so(filled: Vault, path: Path) -> None:
    reader = NamesReader.open(path)
    reader.close()
    with pytest.raises(VaultClosed):
        reader.entries("prod")
    with pytest.raises(VaultClosed):
        reader.change_counter()


def test_a_reader_cannot_write(filled: Vault, path: Path) -> None:
    reader = NamesReader.open(path)
    with closing(reader), pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM entry")


def test_a_reader_follows_a_file_that_is_put_in_the_vaults_place(
    filled: Vault, path: Path, tmp_path: Path
) -> None:
    other_key = KeyFile(tmp_path / "other-key")
    with Vault.create(tmp_path / "other.db", [other_key]) as other:
        other.add("elsewhere", "key", Kind.SECRET, SecretValue("x"))
    with NamesReader.open(path) as reader:
        before = reader.change_counter()
        (tmp_path / "other.db").replace(path)
        assert reader.change_counter() != before
        assert reader.communities() == ("elsewhere",)
        path.unlink()
        with pytest.raises(VaultMissing):
            reader.change_counter()


def test_a_reader_recovers_the_state_before_a_writer_that_was_killed(filled: Vault, path: Path) -> None:
    """A hot journal is left behind by a process that ends in the middle of a commit."""
    filled.close()
    script = f"""
import os, sqlite3
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE entry SET name = 'half_' || name")
connection.execute("CREATE TABLE filler (x)")
connection.executemany("INSERT INTO filler VALUES (zeroblob(4000))", [()] * 200)
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    assert Path(f"{path}-journal").stat().st_size > 0
    os.chmod(f"{path}-journal", 0o600)
    with NamesReader.open(path) as reader:
        assert set(reader.names("prod").by_name) == {"api_key", "base_url"}


@pytest.mark.parametrize("module", ["strongroom.store.reader", "strongroom.store.file.places"])
def test_reading_names_imports_no_cryptography_and_nothing_slow(
    module: str, filled: Vault, path: Path
) -> None:
    # A module that moved would always be absent: each name must still be one.
    assert all(
        map(
            find_spec,
            ("strongroom.store.vault", "strongroom.store.format.crypto", "strongroom.values.secret_value"),
        )
    )
    script = f"""
import sys
import {module}
from strongroom.store.reader import NamesReader
reader = NamesReader.open({str(path)!r})
assert len(reader.names("prod").by_name) == 2 and len(reader.entries("prod")) == 2
reader.current_community(); reader.change_counter()
slow = {{
    "cryptography", "keyring", "hmac", "hashlib", "ctypes", "platformdirs", "dataclasses", "inspect",
    "asyncio", "pathlib", "click", "jinja2", "rapidfuzz", "tomlkit", "subprocess", "threading",
    "strongroom.store.vault",
    "strongroom.store.format.crypto", "strongroom.values.secret_value",
}}
print(*sorted(slow & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert found.stdout.split() == []


@pytest.mark.parametrize("change", ["rename", "rename the community", "rotate"])
def test_a_variable_is_read_without_a_key_after_it_was_written_anew(
    change: str, vault: Vault, path: Path, key: KeyFile
) -> None:
    vault.add("prod", "base_url", Kind.VARIABLE, SecretValue("first"))
    vault.set("prod", "base_url", SecretValue("second"))
    if change == "rename":
        vault.rename("prod", "base_url", "renamed")
    elif change == "rename the community":
        vault.rename_community("prod", "renamed")
    else:
        vault.rotate([key])
    with NamesReader.open(path) as reader:
        (community,) = reader.communities()
        assert [entry.value for entry in reader.entries(community)] == ["second"]
