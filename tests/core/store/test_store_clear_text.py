"""No secret's value is anywhere in the file, in any form, at any time."""

import base64
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from strongroom.names import Kind
from strongroom.store.errors import UnknownName
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

FIRST, SECOND, THIRD = "Tr0ub4dor&3 first 🎉", "Tr0ub4dor&3 second 🎉", "Tr0ub4dor&3 third 🎉"


def forms(value: str) -> dict[str, bytes]:
    """The value as it might leak. Base64 without its ends, which depend on what stands around it."""
    raw = value.encode()
    return {
        "raw": raw,
        "middle": raw[3:-5],
        "utf-16": value.encode("utf-16-le"),
        "hex": raw.hex().encode(),
        "percent": quote(value).encode(),
        "reversed": raw[::-1],
        **{f"base64 at {shift}": base64.b64encode(bytes(shift) + raw)[4:-4] for shift in range(3)},
    }


def leaks(folder: Path, *values: str) -> list[str]:
    content = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return [
        f"{value} as {form} in {file.name}"
        for value in values
        for form, needle in forms(value).items()
        for file, data in content.items()
        if needle in data
    ]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"...." + FIRST.encode() + base64.b64encode(b"ab" + SECOND.encode()))
    assert leaks(tmp_path, FIRST)
    assert leaks(tmp_path, SECOND)


def test_no_value_is_in_the_file_after_adding_editing_renaming_and_deleting(
    vault: Vault, path: Path, tmp_path: Path
) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue(FIRST), note="a note in clear")
    assert leaks(tmp_path, FIRST) == []
    vault.set("prod", "api_key", SecretValue(SECOND))
    vault.rename("prod", "api_key", "renamed")
    vault.rename_community("prod", "production")
    assert leaks(tmp_path, FIRST, SECOND) == []
    vault.delete("production", "renamed")
    assert leaks(tmp_path, FIRST, SECOND) == []
    assert b"a note in clear" in path.read_bytes()


def test_a_variable_is_in_clear_only_while_it_is_current(vault: Vault, path: Path, tmp_path: Path) -> None:
    vault.add("prod", "base", Kind.VARIABLE, SecretValue(FIRST))
    assert FIRST.encode() in path.read_bytes()
    vault.set("prod", "base", SecretValue(SECOND))
    assert leaks(tmp_path, FIRST) == []
    assert vault.get_version("prod", "base", 1).reveal() == FIRST
    vault.delete("prod", "base")
    assert leaks(tmp_path, FIRST, SECOND) == []
    vault.undelete("prod", "base")
    assert vault.variable("prod", "base") == SECOND


def test_neither_the_key_nor_a_value_is_in_what_is_remembered_outside(
    vault: Vault, key: KeyFile, tmp_path: Path
) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue(THIRD))
    remembered = list((tmp_path / "state").rglob("*"))
    assert any(file.is_file() for file in remembered)
    digits = Path(key.path).read_text().split()[4]
    for file in remembered:
        if file.is_file():
            assert digits not in file.read_text()
            assert file.stat().st_mode & 0o777 == 0o600
        else:
            assert file.stat().st_mode & 0o777 == 0o700
    assert leaks(tmp_path, THIRD) == []


def test_nothing_that_a_person_may_print_shows_keys_or_values(vault: Vault, key: KeyFile) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue(FIRST))
    digits = Path(key.path).read_text().split()[4]
    shown = " ".join(
        map(repr, [vault.get("prod", "api_key"), vault.slots(), vault.audit(), vault._ledger.keys])
    )
    assert FIRST not in shown
    assert digits not in shown


def sealed_values(path: Path) -> set[bytes]:
    with closing(sqlite3.connect(path)) as connection:
        return {bytes(value) for (value,) in connection.execute("SELECT value FROM version WHERE sealed = 1")}


def live_through_much(vault: Vault, path: Path, seed: int) -> set[bytes]:
    """Many changes of values of many sizes; gives each sealed value that was ever in the file."""
    dice = random.Random(seed)  # the same in each run
    names = [f"n{number}" for number in range(12)]
    written: set[bytes] = set()
    for _ in range(60):
        name = dice.choice(names)
        value = SecretValue("x" * dice.choice([5, 60, 300, 900, 2000, 3900, 5000, 20_000]))
        held = {entry.name for entry in vault.entries("c")}
        what = dice.random()
        if name not in held:
            vault.add("c", name, Kind.SECRET, value)
        elif what < 0.6:
            vault.set("c", name, value)
        elif what < 0.75:
            vault.delete("c", name)
        elif what < 0.85:
            vault.rename("c", name, "r" + name + str(dice.random())[2:8])
        else:
            vault.purge("c", name, live=True)
        written |= sealed_values(path)
    for entry in vault.entries("c"):
        if dice.random() < 0.6:
            vault.purge("c", entry.name, live=True)
    return written


# With the first of these SQLite leaves a copy of a row that it moved, which its secure_delete does not overwrite.
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("end", ["purge", "delete the community", "rotate"])
def test_of_what_is_purged_no_sealed_byte_is_left_in_the_file(
    seed: int, end: str, vault: Vault, path: Path, key: KeyFile
) -> None:
    written = live_through_much(vault, path, seed)
    vault.add("other", "kept", Kind.SECRET, SecretValue("kept"))
    if end == "rotate":
        vault.rotate([key])
    elif end == "purge":
        for gone in vault.deleted("c"):
            vault.purge("c", gone.name)
    else:
        vault.delete_community("c")
    data = path.read_bytes()
    removed = written - sealed_values(path)
    assert len(removed) > 20
    found = [
        value for value in removed for at in range(0, len(value) - 24, 256) if value[at : at + 24] in data
    ]
    assert found == []
    assert vault.verify() == []
    assert vault.get("other", "kept").reveal() == "kept"


def test_a_purge_takes_the_one_in_use_only_when_that_is_meant(vault: Vault) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("x"))
    with pytest.raises(UnknownName):
        vault.purge("prod", "a")
    vault.delete("prod", "a")
    vault.add("prod", "a", Kind.SECRET, SecretValue("y"))
    vault.purge("prod", "a")
    assert vault.deleted("prod") == ()
    assert vault.get("prod", "a").reveal() == "y"
    vault.purge("prod", "a", live=True)
    assert vault.entries("prod") == ()
    assert vault.deleted("prod") == ()
    assert vault.verify() == []
