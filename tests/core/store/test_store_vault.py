"""What a vault does for the person who holds its key."""

import re
from pathlib import Path

import pytest

from strongroom.names import Kind, Knowledge
from strongroom.store.errors import (
    DuplicateCommunity,
    DuplicateName,
    EmptyValue,
    EntryChanged,
    InvalidField,
    InvalidName,
    SaveRefused,
    UnknownCommunity,
    UnknownName,
    ValueTooLong,
    VaultClosed,
    VaultExists,
    WrongKind,
)
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.rows.many import Save
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

PEM = "-----BEGIN PRIVATE KEY-----\r\nMIIE\r\n-----END PRIVATE KEY-----\r\n"


def add(
    vault: Vault, name: str, text: str = "value", kind: Kind = Kind.SECRET, community: str = "prod"
) -> None:
    vault.add(community, name, kind, SecretValue(text))


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        "trailing newline\n",
        "\n",
        " spaces ",
        "emoji 🎉 and \u2028",
        "a\0b",
        "\udcff not unicode",
        "\x80" * 70,
        "x" * (1 << 20),
    ],
    ids=["pem", "newline", "only newline", "spaces", "emoji", "null", "surrogate", "padding byte", "1 MiB"],
)
def test_a_value_comes_back_with_every_byte_after_locking_and_unlocking(
    text: str, vault: Vault, path: Path, key: KeyFile
) -> None:
    add(vault, "api_key", text)
    add(vault, "plain", text, Kind.VARIABLE)
    vault.close()
    with Vault.unlock(path, [key]) as again:
        assert again.get("prod", "api_key").reveal() == text
        assert again.variable("prod", "plain") == text
        assert again.verify() == []


def test_entries_show_variables_in_full_and_secrets_never(vault: Vault) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("hidden"), note="for the CRM", expires="2027-03-31")
    add(vault, "base_url", "https://example.com", Kind.VARIABLE)
    first, second = vault.entries("prod")
    assert (first.name, first.kind, first.value, first.note, first.expires, first.version) == (
        "api_key",
        Kind.SECRET,
        None,
        "for the CRM",
        "2027-03-31",
        1,
    )
    assert (second.name, second.kind, second.value) == ("base_url", Kind.VARIABLE, "https://example.com")
    assert first.created == first.changed
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first.created)
    add(vault, "half", "\udcff not unicode", Kind.VARIABLE)
    assert [entry.value for entry in vault.entries("prod")][1:] == [
        "https://example.com",
        "\udcff not unicode",
    ]


@pytest.mark.parametrize(
    ("name", "error", "begins"),
    [
        ("api-key", InvalidName, "Invalid secret name: 'api-key' contains a hyphen."),
        ("api key", InvalidName, "Invalid secret name: 'api key' contains a space."),
        ("123key", InvalidName, "Invalid secret name: '123key' starts with a digit."),
        ("api@key", InvalidName, "Invalid secret name: 'api@key' contains '@'."),
        ("", InvalidName, "Invalid secret name: the name is empty."),
        ("ключ", InvalidName, "Invalid secret name: "),
        ("taken", DuplicateName, "Duplicate secret name: prod already has a variable named taken."),
    ],
)
def test_a_refused_name_is_told_in_the_platforms_words_and_changes_nothing(
    name: str, error: type[SaveRefused], begins: str, vault: Vault, path: Path
) -> None:
    add(vault, "taken", "old", Kind.VARIABLE)
    before = path.read_bytes()
    with pytest.raises(error) as caught:
        add(vault, name, "new")
    assert caught.value.message.startswith(begins)
    assert caught.value.way_out
    assert caught.value.exit_status == 2
    assert path.read_bytes() == before


def test_an_empty_value_is_refused_on_adding_and_on_changing(vault: Vault) -> None:
    add(vault, "api_key", "kept")
    for save in (
        lambda: add(vault, "other", ""),
        lambda: vault.set("prod", "api_key", SecretValue("")),
    ):
        with pytest.raises(EmptyValue, match=r"^Empty secret value: "):
            save()
    assert vault.get("prod", "api_key").reveal() == "kept"
    assert [entry.name for entry in vault.entries("prod")] == ["api_key"]


def test_a_value_beyond_one_mebibyte_is_refused_with_its_size(vault: Vault) -> None:
    with pytest.raises(ValueTooLong, match="1,048,577 bytes"):
        add(vault, "api_key", "x" * ((1 << 20) + 1))


def test_a_refused_first_save_does_not_leave_its_community_behind(vault: Vault) -> None:
    with pytest.raises(InvalidName):
        add(vault, "api-key", community="new")
    assert vault.communities() == ()


def test_saving_many_is_all_or_nothing(vault: Vault) -> None:
    new = [Save(f"name_{i}", Kind.SECRET, SecretValue(f"value {i}"), None, None) for i in range(50)]
    with pytest.raises(EntryChanged):
        vault.save_many("prod", [*new, new[7]])
    assert vault.communities() == ()
    assert len(vault.save_many("prod", new)) == 50
    assert vault.get("prod", "name_7").reveal() == "value 7"


def test_names_are_case_sensitive_and_belong_to_one_community(vault: Vault) -> None:
    add(vault, "key", "lower")
    add(vault, "KEY", "upper")
    add(vault, "key", "staging's", community="staging")
    assert vault.get("prod", "key").reveal() == "lower"
    assert vault.get("prod", "KEY").reveal() == "upper"
    assert vault.get("staging", "key").reveal() == "staging's"
    assert set(vault.names("staging").by_name) == {"key"}


def test_asking_for_what_is_not_there_names_it(vault: Vault) -> None:
    add(vault, "api_key")
    add(vault, "url", "https://x", Kind.VARIABLE)
    with pytest.raises(UnknownName, match="'API_KEY'"):
        vault.get("prod", "API_KEY")
    with pytest.raises(UnknownCommunity, match="'nowhere'"):
        vault.get("nowhere", "api_key")
    with pytest.raises(WrongKind, match="url in prod is a variable"):
        vault.get("prod", "url")
    with pytest.raises(WrongKind, match="api_key in prod is a secret"):
        vault.variable("prod", "api_key")


def test_setting_changes_only_what_was_given(vault: Vault) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("one"), note="note", expires="2027-01-01")
    vault.set("prod", "api_key", SecretValue("two"))
    vault.set("prod", "api_key", note="other")
    (entry,) = vault.entries("prod")
    assert (entry.note, entry.expires, entry.version) == ("other", "2027-01-01", 2)
    assert vault.get("prod", "api_key").reveal() == "two"
    vault.set("prod", "api_key", note="", expires="")
    (entry,) = vault.entries("prod")
    assert (entry.note, entry.expires, entry.version) == ("", "", 2)


@pytest.mark.parametrize("expires", ["tomorrow", "2027-13-01", "2027-1-1", "20270101", "2027-02-30"])
def test_a_date_that_does_not_exist_is_refused(expires: str, vault: Vault) -> None:
    with pytest.raises(InvalidField, match="is not a date"):
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("x"), expires=expires)
    add(vault, "api_key")
    with pytest.raises(InvalidField, match="is not a date"):
        vault.set("prod", "api_key", expires=expires)


def test_renaming_keeps_value_and_history(vault: Vault) -> None:
    add(vault, "old", "one")
    vault.set("prod", "old", SecretValue("two"))
    vault.rename("prod", "old", "new")
    assert vault.get("prod", "new").reveal() == "two"
    assert vault.get_version("prod", "new", 1).reveal() == "one"
    with pytest.raises(UnknownName):
        vault.get("prod", "old")


def test_a_name_may_become_itself(vault: Vault) -> None:
    add(vault, "one")
    vault.rename("prod", "one", "one")
    assert [entry.name for entry in vault.entries("prod")] == ["one"]


def test_renaming_refuses_a_taken_or_invalid_name_and_changes_nothing(vault: Vault) -> None:
    add(vault, "one", "1")
    add(vault, "two", "2")
    with pytest.raises(DuplicateName, match=r"^Duplicate secret name: "):
        vault.rename("prod", "one", "two")
    with pytest.raises(InvalidName, match=r"^Invalid secret name: "):
        vault.rename("prod", "one", "o-n-e")
    assert vault.get("prod", "one").reveal() == "1"
    assert vault.get("prod", "two").reveal() == "2"


def test_a_deleted_name_is_free_again_and_may_change_its_kind(vault: Vault) -> None:
    add(vault, "thing", "secret")
    vault.delete("prod", "thing")
    assert vault.entries("prod") == ()
    add(vault, "thing", "plain", Kind.VARIABLE)
    assert vault.variable("prod", "thing") == "plain"


def test_a_community_is_made_by_first_use_and_can_be_chosen(vault: Vault) -> None:
    add(vault, "key", community=" prod ")
    assert vault.communities() == ("prod",)
    assert vault.current_community() == "prod"
    vault.add_community("staging")
    assert vault.current_community() is None
    vault.use_community("staging")
    assert vault.current_community() == "staging"


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "bell\a", "x" * 101, "\ud800"])
def test_a_community_name_that_cannot_be_shown_is_refused(name: str, vault: Vault) -> None:
    with pytest.raises(InvalidField):
        vault.add_community(name)
    assert vault.communities() == ()


def test_renaming_a_community_keeps_its_values_and_the_choice(vault: Vault) -> None:
    add(vault, "key", "kept")
    add(vault, "url", "plain", Kind.VARIABLE)
    vault.use_community("prod")
    vault.rename_community("prod", "production – EU 🇪🇺")
    assert vault.get("production – EU 🇪🇺", "key").reveal() == "kept"
    assert vault.variable("production – EU 🇪🇺", "url") == "plain"
    assert vault.current_community() == "production – EU 🇪🇺"
    assert vault.verify() == []


def test_a_community_is_never_renamed_or_added_over_another(vault: Vault) -> None:
    vault.add_community("one")
    vault.add_community("two")
    with pytest.raises(DuplicateCommunity):
        vault.rename_community("one", "two")
    with pytest.raises(DuplicateCommunity):
        vault.add_community(" two ")


def test_deleting_a_community_takes_its_secrets_and_the_choice_along(vault: Vault) -> None:
    add(vault, "key")
    add(vault, "key", "other", community="staging")
    vault.use_community("prod")
    vault.delete_community("prod")
    assert vault.communities() == ("staging",)
    assert vault.current_community() == "staging"
    assert vault.get("staging", "key").reveal() == "other"
    assert vault.verify() == []
    vault.use_community("staging")
    vault.delete_community("staging")
    vault.add_community("one")
    vault.add_community("two")
    assert vault.current_community() is None


def test_names_are_complete_for_a_known_community_and_unknown_otherwise(vault: Vault) -> None:
    add(vault, "key")
    add(vault, "key", community="staging")
    names = vault.names("prod")
    assert names.knowledge is Knowledge.COMPLETE
    assert [other.community for other in names.others] == ["staging"]
    assert vault.names("nowhere").knowledge is Knowledge.NONE


def test_every_change_of_ones_own_moves_the_change_counter(vault: Vault) -> None:
    before = vault.change_counter()
    assert vault.change_counter() == before
    add(vault, "key")
    assert vault.change_counter() != before


def test_a_change_of_another_process_moves_the_change_counter(vault: Vault, path: Path, key: KeyFile) -> None:
    add(vault, "key")
    with NamesReader.open(path) as reader, Vault.unlock(path, [key]) as other:
        before = vault.change_counter(), reader.change_counter()
        other.set("prod", "key", SecretValue("new"))
        after = vault.change_counter(), reader.change_counter()
        assert before[0] != after[0]
        assert before[1] != after[1]
        assert vault.get("prod", "key").reveal() == "new"


def test_a_closed_vault_gives_nothing_out(vault: Vault) -> None:
    add(vault, "key")
    vault.close()
    vault.close()
    with pytest.raises(VaultClosed, match="locked"):
        vault.get("prod", "key")


def test_the_end_of_the_block_locks_the_vault(vault: Vault, path: Path, key: KeyFile) -> None:
    with Vault.unlock(path, [key]) as again:
        assert again.communities() == ()
    with pytest.raises(VaultClosed):
        again.communities()


def test_a_locked_vault_keeps_no_key(vault: Vault) -> None:
    held = {vault._ledger.master, *vault._ledger.keys}
    assert all(held)
    vault.close()
    assert {vault._ledger.master, *vault._ledger.keys} == {b""}


def test_a_vault_knows_its_place_and_finds_one_entry_or_none(vault: Vault, path: Path) -> None:
    add(vault, "api_key")
    assert vault.path == str(path)
    found = vault.find("prod", "api_key")
    assert found is not None
    assert found == vault.entries("prod")[0]
    assert (vault.find("prod", "API_KEY"), vault.find("nowhere", "api_key")) == (None, None)


def test_an_earlier_value_comes_back_with_a_new_note_and_date(vault: Vault) -> None:
    add(vault, "api_key", "first")
    vault.set("prod", "api_key", SecretValue("second"))
    vault.restore("prod", "api_key", 1, "back again", "2030-01-31")
    (entry,) = vault.entries("prod")
    assert (entry.note, entry.expires) == ("back again", "2030-01-31")
    vault.restore("prod", "api_key", 2)
    assert vault.entries("prod")[0].note == "back again"


def test_nothing_is_ever_created_over_something_else(path: Path, key: KeyFile, vault: Vault) -> None:
    before = path.read_bytes()
    with pytest.raises(
        VaultExists, match=r"never overwrites a file\. Use it, move it away, or name another path"
    ):
        Vault.create(path, [key])
    assert path.read_bytes() == before
    link = path.with_name("link")
    link.symlink_to(path.with_name("nowhere"))
    with pytest.raises(VaultExists):
        Vault.create(link, [key])
    assert not path.with_name("nowhere").exists()


def test_creating_leaves_no_other_file_behind(vault: Vault, path: Path) -> None:
    assert sorted(found.name for found in path.parent.iterdir()) == ["key", "vault.db"]


def test_a_failed_creation_leaves_no_vault_behind(
    path: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("strongroom.store.file.files.publish", fail)
    with pytest.raises(Exception, match="no space left"):
        Vault.create(path, [key])
    assert sorted(found.name for found in path.parent.iterdir()) == ["key"]
