"""A vault of each format, made once and never again: whatever comes, they must still open."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store.identity import identity_of_vault
from strongroom.store.keys.ways import KeyFile, Passphrase, Way
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Copies of the samples, closed to others (version control does not keep that)."""
    for name in ("format1.db", "format1.key"):
        shutil.copy(SAMPLES / name, tmp_path / name)
        (tmp_path / name).chmod(0o600)
    return tmp_path / "format1.db"


def ways(sample: Path) -> dict[str, Way]:
    return {
        "key file": KeyFile(sample.with_name("format1.key")),
        "argon2id": Passphrase(lambda: SecretValue("correct horse")),
        "scrypt": Passphrase(lambda: SecretValue("battery staple")),
    }


@pytest.mark.parametrize("way", ["key file", "argon2id", "scrypt"])
def test_format_1_opens_reads_and_can_be_written(way: str, sample: Path) -> None:
    with Vault.unlock(sample, [ways(sample)[way]]) as vault:
        assert vault.verify() == []
        assert vault.get("production", "api_key").reveal() == "line one\r\nline two 🎉\n"
        assert vault.get_version("production", "api_key", 1).reveal() == "first"
        assert vault.variable("production", "base_url") == "https://example.com"
        assert vault.get("staging", "api_key").reveal() == "staging's"
        assert vault.current_community() == "production"
        vault.undelete("production", "gone")
        assert vault.get("production", "gone").reveal() == "deleted"
        vault.add("production", "new", Kind.SECRET, SecretValue("x"))
        assert vault.verify() == []


def test_format_1_keeps_its_identity_to_which_others_seal_bundles(sample: Path) -> None:
    with Vault.unlock(sample, [ways(sample)["key file"]]) as vault:
        public = identity_of_vault(vault).public
    assert public.hex() == "8b7d336c2acf6cd4bd3ddda55225c470ab5cbb4054efeb2744adef4532ffe64e"


def test_format_1_lists_its_names_without_a_key(sample: Path) -> None:
    with NamesReader.open(sample) as reader:
        first, second = reader.entries("production")
        assert (first.name, first.note, first.expires, first.version) == (
            "api_key",
            "for the CRM",
            "2030-01-31",
            2,
        )
        assert (second.name, second.value) == ("base_url", "https://example.com")


def test_the_description_of_the_format_names_every_table_and_column(
    sample: Path, edit: Callable[..., None]
) -> None:
    """docs/vault-format.md cannot fall behind the schema."""
    import sqlite3
    from contextlib import closing

    page = (Path(__file__).parents[3] / "docs" / "vault-format.md").read_text()
    with closing(sqlite3.connect(sample)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        columns = {
            (table, row[1]) for table in tables for row in connection.execute(f"PRAGMA table_info({table})")
        }
    assert tables
    missing = {(table, column) for table, column in columns if f"`{column}`" not in page}
    missing |= {(table, "") for table in tables if f"`{table}`" not in page}
    assert missing == set()
