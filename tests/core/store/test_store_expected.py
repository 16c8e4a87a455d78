"""Writes that say which state of an entry they are meant for: another state is left alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store.errors import DuplicateName, EntryChanged
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.rows.many import EntryWithValue, Save
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

V = SecretValue


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Vault, Vault]]:
    """One vault, opened by two programs."""
    path, key = tmp_path / "vault.db", KeyFile(tmp_path / "key")
    with Vault.create(path, [key]) as mine:
        mine.add("prod", "api_key", Kind.SECRET, V("one"), "a note", "2030-01-31")
        mine.add("prod", "host", Kind.VARIABLE, V("example.com"))
        with Vault.unlock(path, [key]) as theirs:
            yield mine, theirs


def tag(vault: Vault, name: str = "api_key") -> bytes:
    entry = vault.find("prod", name)
    assert entry is not None
    return entry.tag


WRITES: dict[str, Callable[[Vault, EntryWithValue], object]] = {
    "value": lambda vault, seen: vault.set("prod", "api_key", V("mine"), expected=seen.tag),
    "note": lambda vault, seen: vault.set("prod", "api_key", note="mine", expected=seen.tag),
    "expiry": lambda vault, seen: vault.set("prod", "api_key", expires="2031-01-31", expected=seen.tag),
    "delete": lambda vault, seen: vault.delete("prod", "api_key", expected=seen.tag),
    "rename": lambda vault, seen: vault.rename("prod", "api_key", "mine", expected=seen.tag),
    "restore": lambda vault, seen: vault.restore("prod", "api_key", 1, expected=seen.tag),
    "import": lambda vault, seen: vault.save_many(
        "prod", [Save("api_key", Kind.SECRET, V("mine"), None, None, seen.seen())]
    ),
}

FOREIGN: dict[str, Callable[[Vault], object]] = {
    "value": lambda vault: vault.set("prod", "api_key", V("theirs")),
    "the same value": lambda vault: vault.set("prod", "api_key", V("one")),
    "note": lambda vault: vault.set("prod", "api_key", note="theirs"),
    "expiry": lambda vault: vault.set("prod", "api_key", expires=""),
    "delete": lambda vault: vault.delete("prod", "api_key"),
    "rename": lambda vault: vault.rename("prod", "api_key", "theirs"),
    "made again": lambda vault: (
        vault.delete("prod", "api_key"),
        vault.add("prod", "api_key", Kind.SECRET, V("theirs"), "a note", "2030-01-31"),
    ),
    "made again as a variable": lambda vault: (
        vault.delete("prod", "api_key"),
        vault.purge("prod", "api_key"),
        vault.add("prod", "api_key", Kind.VARIABLE, V("theirs"), "a note", "2030-01-31"),
    ),
}


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("write", WRITES)
def test_no_write_goes_over_another_programs_change(
    two: tuple[Vault, Vault], write: str, foreign: str
) -> None:
    mine, theirs = two
    seen = mine.read_all("prod")["api_key"]
    FOREIGN[foreign](theirs)
    before = theirs.read_all("prod")
    with pytest.raises(EntryChanged, match="by another program in the meantime") as refused:
        WRITES[write](mine, seen)
    assert refused.value.name == "api_key"
    assert theirs.read_all("prod") == before


@pytest.mark.parametrize("write", WRITES)
def test_a_write_of_what_was_seen_is_done(two: tuple[Vault, Vault], write: str) -> None:
    mine, theirs = two
    seen = mine.read_all("prod")["api_key"]
    theirs.set("prod", "host", V("another.example.com"))  # somebody else's entry is no reason to refuse
    WRITES[write](mine, seen)
    assert theirs.read_all("prod").get("api_key") != seen


def test_each_write_gives_the_tag_that_the_next_one_may_expect(two: tuple[Vault, Vault]) -> None:
    mine, _ = two
    made = mine.add("prod", "token", Kind.SECRET, V("1"), "n", "2030-01-01")
    changed = mine.set("prod", "token", V("2"), expected=made.tag)
    noted = mine.set("prod", "token", note="other", expected=changed.tag)
    named = mine.rename("prod", "token", "key", expected=noted.tag)
    back = mine.restore("prod", "key", made.version, made.note, made.expires, expected=named.tag)
    assert (back.name, back.version, back.note, back.expires) == ("key", 3, "n", "2030-01-01")
    assert tag(mine, "key") == back.tag
    gone = mine.delete("prod", "key", expected=back.tag)
    assert gone.is_deleted
    assert mine.deleted("prod")[0].tag == gone.tag
    again = mine.undelete("prod", "key", expected=gone.tag)
    assert mine.get("prod", "key").reveal() == "1"
    assert tag(mine, "key") == again.tag


def test_the_reader_without_a_key_sees_the_same_tags(two: tuple[Vault, Vault]) -> None:
    mine, _ = two
    with NamesReader.open(mine.path) as reader:
        assert {e.name: e.tag for e in reader.entries("prod")} == {
            e.name: tag(mine, e.name) for e in mine.entries("prod")
        }


def test_a_deleted_entry_is_brought_back_or_purged_only_as_it_was_seen(two: tuple[Vault, Vault]) -> None:
    mine, theirs = two
    gone = mine.delete("prod", "api_key", expected=tag(mine))
    theirs.undelete("prod", "api_key")
    theirs.set("prod", "api_key", V("theirs"))
    theirs.delete("prod", "api_key")
    for write in (mine.undelete, mine.purge):
        with pytest.raises(EntryChanged, match="was restored or purged by another"):
            write("prod", "api_key", expected=gone.tag)
    assert [one.name for one in theirs.deleted("prod")] == ["api_key"]
    theirs.undelete("prod", "api_key")
    assert theirs.get("prod", "api_key").reveal() == "theirs"


def test_a_name_that_was_used_again_is_not_taken_back(two: tuple[Vault, Vault]) -> None:
    mine, theirs = two
    gone = mine.delete("prod", "api_key")
    theirs.add("prod", "api_key", Kind.SECRET, V("theirs"))
    with pytest.raises(DuplicateName):
        mine.undelete("prod", "api_key", expected=gone.tag)
    assert theirs.get("prod", "api_key").reveal() == "theirs"
    theirs.delete("prod", "api_key")
    with pytest.raises(EntryChanged, match="was deleted by another"):
        mine.set("prod", "api_key", note="n", expected=gone.tag)
    theirs.purge("prod", "api_key")
    with pytest.raises(EntryChanged, match="was taken away by another"):
        mine.set("prod", "api_key", note="n", expected=gone.tag)
    theirs.add("prod", "api_key", Kind.SECRET, V("again"))
    with pytest.raises(EntryChanged, match="was made again by another"):
        mine.purge("prod", "api_key", expected=gone.tag)


def test_an_import_of_many_is_refused_whole_where_one_was_changed(two: tuple[Vault, Vault]) -> None:
    mine, theirs = two
    held = mine.read_all("prod")
    theirs.set("prod", "host", note="theirs")
    saves = [Save(one.name, one.kind, V("mine"), None, None, one.seen()) for one in held.values()]
    with pytest.raises(EntryChanged, match="host in prod was changed"):
        mine.save_many("prod", [*saves, Save("new", Kind.SECRET, V("1"), None, None)])
    assert set(mine.read_all("prod")) == {"api_key", "host"}
    theirs.add("prod", "new", Kind.SECRET, V("theirs"))
    with pytest.raises(EntryChanged, match="new in prod was added"):
        mine.save_many("prod", [Save("new", Kind.SECRET, V("1"), None, None)])
