"""Slots for public keys: colleagues who are never locked out, and a trail that says who."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.errors import DuplicateSlot, LastSlot, NoKey, VaultAltered, WrongKey
from strongroom.store.file.places import default_key_file
from strongroom.store.format.audit import actors
from strongroom.store.format.public_keys import PublicKeyUnusable
from strongroom.store.format.slots import Slot, public_key
from strongroom.store.identity import Identity, identities_of, identity_of_key_file, identity_of_vault
from strongroom.store.keys.key_file import create_key_file
from strongroom.store.keys.ways import KeyFile, Passphrase, PrivateKey, PublicKey
from strongroom.store.rows import ledger
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

V = SecretValue


@pytest.fixture
def bob(tmp_path: Path, vault: Vault) -> KeyFile:
    """A colleague's key file, whose public key has a slot in the vault."""
    way = KeyFile(tmp_path / "bob-key")
    create_key_file(way.path)
    vault.add_slot(PublicKey(identity_of_key_file(way.path).public, "bob"))
    return way


def test_a_colleague_opens_the_vault_with_the_key_file_that_the_public_key_is_of(
    vault: Vault, bob: KeyFile
) -> None:
    vault.add("prod", "a", Kind.SECRET, V("value"))
    with Vault.unlock(vault.path, [bob]) as opened:
        assert opened.get("prod", "a").reveal() == "value"
        assert opened.verify() == []
    assert [(slot.kind, slot.label) for slot in vault.slots()] == [("key-file", "key"), ("public-key", "bob")]


@pytest.mark.parametrize(
    "change", [{"params": "not hex"}, {"params": "ab" * 31}, {"kdf": "hkdf"}, {"kind": "key-file"}]
)
def test_a_slot_that_is_not_wholly_one_for_a_public_key_names_none(change: dict[str, str]) -> None:
    slot = Slot(b"id", "public-key", "bob", "", 1, "x25519", "ab" * 32, b"", b"")
    assert public_key(slot) == bytes.fromhex("ab" * 32)
    assert public_key(slot._replace(**change)) == b""


def test_a_rotation_locks_no_colleague_out(
    vault: Vault, key: KeyFile, bob: KeyFile, passphrase: Callable[[str], Passphrase]
) -> None:
    vault.add("prod", "a", Kind.SECRET, V("value"))
    vault.add_slot(passphrase("not at hand"))
    before = Path(vault.path).read_bytes()
    dropped = vault.rotate([key])
    assert [slot.kind for slot in dropped] == ["passphrase"]  # a secret that nobody has here cannot be kept
    with Vault.unlock(vault.path, [bob]) as opened:
        assert opened.get("prod", "a").reveal() == "value"
        assert opened.verify() == []
    assert before != Path(vault.path).read_bytes()


def test_a_colleague_rotates_too_and_the_others_stay(
    vault: Vault, key: KeyFile, bob: KeyFile, tmp_path: Path
) -> None:
    carol = KeyFile(tmp_path / "carol-key")
    create_key_file(carol.path)
    vault.add_slot(PublicKey(identity_of_key_file(carol.path).public, "carol"))
    with Vault.unlock(vault.path, [bob]) as opened:
        opened.add("prod", "a", Kind.SECRET, V("value"))
        assert [slot.kind for slot in opened.rotate([bob])] == ["key-file"]
        opened.set("prod", "a", V("another"))
        assert opened.verify() == []
    for way in (bob, carol):
        with Vault.unlock(vault.path, [way]) as opened:
            assert opened.get("prod", "a").reveal() == "another"
    with pytest.raises(NoKey):
        Vault.unlock(vault.path, [key])


def test_who_is_removed_before_a_rotation_is_out_afterwards(vault: Vault, key: KeyFile, bob: KeyFile) -> None:
    vault.add("prod", "a", Kind.SECRET, V("value"))
    vault.remove_slot(next(slot.id for slot in vault.slots() if slot.label == "bob"))
    vault.rotate([key])
    with pytest.raises(WrongKey):
        Vault.unlock(vault.path, [bob])


def test_a_rotation_needs_a_way_in_that_is_at_hand(vault: Vault, bob: KeyFile, tmp_path: Path) -> None:
    with pytest.raises(LastSlot):
        vault.rotate([])
    other = KeyFile(tmp_path / "other-key")
    create_key_file(other.path)
    with pytest.raises(WrongKey):
        vault.rotate([other])
    assert vault.verify() == []


def test_another_key_file_opens_nothing_and_does_not_hide_the_ways_after_it(
    vault: Vault, key: KeyFile, bob: KeyFile, passphrase: Callable[[str], Passphrase], tmp_path: Path
) -> None:
    vault.add_slot(passphrase("correct horse"))
    vault.remove_slot(vault.slots()[0].id)  # the key file's
    other = KeyFile(tmp_path / "other-key")
    create_key_file(other.path)
    with pytest.raises(
        NoKey, match=r"opens with the identity of a person or a passphrase.*no slot for the key file"
    ):
        Vault.unlock(vault.path, [other])
    with Vault.unlock(vault.path, [other, passphrase("correct horse")]) as opened:
        assert opened.verify() == []


def test_the_identity_of_a_colleagues_own_vault_opens_it_too(vault: Vault, tmp_path: Path) -> None:
    with Vault.create(tmp_path / "own" / "vault.db", [KeyFile(tmp_path / "own" / "key")]) as own:
        mine = identity_of_vault(own)
    vault.add_slot(PublicKey(mine.public, "carol"))
    with Vault.unlock(
        vault.path, [PrivateKey(lambda: mine.private, "the identity of Carol's vault")]
    ) as opened:
        assert opened.verify() == []
    wrong = PrivateKey(lambda: bytes([7] * 32), "the identity of Eve's vault")
    with pytest.raises(WrongKey, match="The identity of Eve's vault does not open"):
        Vault.unlock(vault.path, [wrong])


def test_one_key_has_one_slot_and_an_unusable_key_has_none(vault: Vault, bob: KeyFile) -> None:
    public = identity_of_key_file(bob.path).public
    with pytest.raises(DuplicateSlot, match="The identity of bob again opens this vault already"):
        vault.add_slot(PublicKey(public, "bob again"))
    with pytest.raises(PublicKeyUnusable):
        vault.add_slot(PublicKey(bytes(32), "nobody"))
    assert len(vault.slots()) == 2
    assert vault.verify() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE slot SET params = (SELECT replace(params, substr(params, 1, 8), '00000000')) WHERE kind = 'public-key'",
        "UPDATE slot SET params = 'x' WHERE kind = 'public-key'",
        "UPDATE slot SET kdf = 'hkdf-sha256' WHERE kind = 'public-key'",
        "UPDATE slot SET label = 'eve' WHERE kind = 'public-key'",
        "UPDATE slot SET wrapped = zeroblob(80) WHERE kind = 'public-key'",
        "UPDATE slot SET wrapped = zeroblob(3) WHERE kind = 'public-key'",
        "UPDATE slot SET salt = zeroblob(32) WHERE kind = 'public-key'",
    ],
)
def test_a_slot_that_somebody_edits_is_noticed_and_no_rotation_seals_for_it(
    change: str, vault: Vault, key: KeyFile, bob: KeyFile
) -> None:
    vault.close()
    with closing(sqlite3.connect(vault.path)) as connection:
        connection.execute(change)
        connection.commit()
    with Vault.unlock(vault.path, [key]) as opened:
        assert "slot for public-key" in opened.verify()[0]
        with pytest.raises(VaultAltered):
            opened.rotate([key])


def test_a_rotation_that_fails_leaves_every_colleague_in(
    vault: Vault, key: KeyFile, bob: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("prod", "a", Kind.SECRET, V("value"))

    def fail(*_: object) -> None:
        raise VaultAltered("As a fault would be.")

    with monkeypatch.context() as patched:
        patched.setattr(ledger.Ledger, "check_written", fail)
        with pytest.raises(StrongroomError):
            vault.rotate([key])
    for way in (key, bob):
        with Vault.unlock(vault.path, [way]) as opened:
            assert opened.get("prod", "a").reveal() == "value"
    vault.set("prod", "a", V("later"))
    assert vault.verify() == []


def by_whom(vault: Vault) -> list[tuple[str, str]]:
    trail = vault.audit()
    return [(row.action, name) for row, name in zip(trail, actors(trail), strict=True) if row.action != "by"]


def test_the_trail_says_who_made_each_change(vault: Vault, key: KeyFile, bob: KeyFile) -> None:
    vault.add("prod", "a", Kind.SECRET, V("one"))
    with Vault.unlock(vault.path, [bob]) as his:
        his.set("prod", "a", V("two"))
        his.set("prod", "a", V("three"))
        vault.set("prod", "a", V("four"))
        his.set("prod", "a", V("five"))
    assert by_whom(vault)[-5:] == [
        ("add", "key-file"),
        ("set", "public-key bob"),
        ("set", "public-key bob"),
        ("set", "key-file key"),
        ("set", "public-key bob"),
    ]
    assert {(row.entry, row.version) for row in vault.audit() if row.action == "by"} == {(0, 0)}
    assert [row.id for row in vault.audit()] == [*range(1, len(vault.audit()) + 1)]
    assert vault.verify() == []


def test_the_trail_says_who_after_a_rotation_and_after_it_was_shortened(
    vault: Vault, key: KeyFile, bob: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_AUDIT_ROWS", 20)
    vault.add("prod", "a", Kind.SECRET, V("zero"))
    with Vault.unlock(vault.path, [bob]) as his:
        his.rotate([bob])
        for number in range(40):
            his.set("prod", "a", V(f"{number}"))
        assert "prune" in [row.action for row in his.audit()]
        assert {name for action, name in by_whom(his) if action == "set"} == {"public-key bob"}
        assert his.verify() == []


def test_a_vault_with_one_way_in_has_no_rows_about_that(vault: Vault, key: KeyFile) -> None:
    vault.add("prod", "a", Kind.SECRET, V("one"))
    with Vault.unlock(vault.path, [key]) as again:
        again.set("prod", "a", V("two"))
    assert "by" not in [row.action for row in vault.audit()]


def test_no_slot_holds_what_a_private_key_could_be_found_in(vault: Vault, bob: KeyFile) -> None:
    private = identity_of_key_file(bob.path).private
    data = Path(vault.path).read_bytes()
    assert Identity.of_private(private).public.hex().encode() in data
    assert private not in data
    assert private.hex().encode() not in data


def test_a_person_has_the_identities_of_the_vault_and_of_the_key_file(
    vault: Vault, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    of_vault, of_key = identity_of_vault(vault), identity_of_key_file(key.path)
    assert identities_of(vault, key.path) == [of_vault, of_key]
    assert identities_of(vault, str(tmp_path / "missing")) == [of_vault]
    damaged = tmp_path / "damaged"
    damaged.touch(mode=0o600)
    assert identities_of(vault, str(damaged)) == [of_vault]
    usual = Path(default_key_file())
    usual.parent.mkdir(parents=True, mode=0o700)
    assert identities_of(vault, None) == [of_vault]
    create_key_file(str(usual))
    assert identities_of(vault, None) == [of_vault, identity_of_key_file(str(usual))]
