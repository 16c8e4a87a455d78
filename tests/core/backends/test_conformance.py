"""What every engine has to do, so that all faces work on it."""

import pytest

from strongroom.backends.protocol import ABSENT, Backend, Put
from strongroom.names import Kind
from strongroom.store.errors import (
    DuplicateName,
    EmptyValue,
    EntryChanged,
    InvalidField,
    InvalidName,
    UnknownName,
    ValueTooLong,
)
from strongroom.values.secret_value import SecretValue

VALUES = ("x", " tok ", "line\nbreak\n", "ünïcödé ☃ 𝄞", '{"json": "inside"}', "nul\0inside", "a" * 60_000)


def secret(name: str, value: str = "v1", note: str | None = None, expires: str | None = None) -> Put:
    return Put(name, Kind.SECRET, SecretValue(value), note, expires)


def variable(name: str, value: str) -> Put:
    return Put(name, Kind.VARIABLE, SecretValue(value))


def value_of(backend: Backend, name: str, version: int | None = None) -> str:
    return backend.get(name, version).value.reveal()


def names_of(backend: Backend, *, are_deleted: bool = False) -> list[str]:
    return [entry.name for entry in backend.names(are_deleted=are_deleted)]


def test_a_new_community_is_empty(backend):
    assert names_of(backend) == []
    assert names_of(backend, are_deleted=True) == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value[:9]))
def test_a_value_comes_back_as_it_was(backend, value):
    backend.put(secret("token", value))
    assert value_of(backend, "token") == value


def test_an_entry_comes_back_with_all_that_was_written(backend):
    written = backend.put(secret("token", "v", "a note\nof two lines, ünïcödé", "2031-02-03"))
    held = backend.get("token")
    assert held.entry == written
    assert held.entry.kind is Kind.SECRET
    assert (held.entry.note, held.entry.expires) == ("a note\nof two lines, ünïcödé", "2031-02-03")
    assert held.entry.value is None
    assert held.entry.version == 1


def test_the_list_has_both_kinds_by_name(backend):
    backend.put(secret("b", "v", "note", "2031-02-03"))
    backend.put(variable("a", "plain"))
    backend.put(secret("C"))
    assert [(entry.name, entry.kind) for entry in backend.names()] == [
        ("C", Kind.SECRET),
        ("a", Kind.VARIABLE),
        ("b", Kind.SECRET),
    ]
    (listed,) = [entry for entry in backend.names() if entry.name == "b"]
    assert listed == backend.get("b").entry


def test_a_variable_has_its_value_in_its_entry(backend):
    backend.put(variable("base_url", "https://api.example.com"))
    held = backend.get("base_url")
    assert held.entry.value == "https://api.example.com" == held.value.reveal()


def test_a_change_leaves_what_is_not_named(backend):
    backend.put(secret("token", "v1", "note", "2031-02-03"))
    backend.put(Put("token", Kind.SECRET, SecretValue("v2")))
    entry = backend.put(Put("token", Kind.SECRET, note="other"))
    assert (entry.note, entry.expires) == ("other", "2031-02-03")
    assert value_of(backend, "token") == "v2"
    assert backend.put(Put("token", Kind.SECRET, note="", expires="")).expires == ""


def test_both_connections_see_one_community(pair):
    pair.ours.put(secret("token"))
    assert value_of(pair.theirs, "token") == "v1"
    pair.theirs.put(secret("token", "v2"))
    assert value_of(pair.ours, "token") == "v2"


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("put", "error"),
    [
        (secret("not-a-name"), InvalidName),
        (secret("../escape"), InvalidName),
        (secret("a" * 256), ValueTooLong),
        (secret("token", ""), EmptyValue),
        (Put("token", Kind.SECRET), EmptyValue),
        (secret("token", "v" * ((1 << 20) + 1)), ValueTooLong),
        (secret("token", "v", "n" * 10_001), ValueTooLong),
        (secret("token", "v", "\x1b[31m"), InvalidField),
        (secret("token", "v", None, "31.12.2030"), InvalidField),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Put) else one.__name__,
)
def test_what_no_engine_keeps_is_refused_and_nothing_is_written(backend, put, error):
    with pytest.raises(error):
        backend.put(put)
    assert names_of(backend) == []


@pytest.mark.parametrize("method", ["get", "delete", "versions"])
def test_an_unknown_name_is_named(backend, method):
    backend.put(secret("other"))
    with pytest.raises(UnknownName, match="missing_one"):
        getattr(backend, method)("missing_one")


def test_a_name_has_one_kind(backend):
    backend.put(secret("token"))
    with pytest.raises(DuplicateName, match="already has a secret"):
        backend.put(variable("token", "plain"))
    assert [entry.kind for entry in backend.names()] == [Kind.SECRET]


# -- two people -----------------------------------------------------------------------------


def test_the_second_of_two_changes_is_refused_and_both_are_there(pair):
    seen = pair.ours.put(secret("token")).tag
    pair.theirs.put(secret("token", "theirs"), seen)
    with pytest.raises(EntryChanged, match="token"):
        pair.ours.put(secret("token", "ours"), seen)
    assert value_of(pair.ours, "token") == "theirs"
    now = pair.ours.get("token").entry.tag
    pair.ours.put(secret("token", "ours"), now)
    assert value_of(pair.theirs, "token") == "ours"


def test_a_change_of_the_note_alone_counts(pair):
    seen = pair.ours.put(secret("token")).tag
    pair.theirs.put(Put("token", Kind.SECRET, note="theirs"), seen)
    with pytest.raises(EntryChanged):
        pair.ours.put(secret("token", "ours"), seen)


def test_each_write_gives_the_tag_that_the_next_one_expects(backend):
    tag = ABSENT
    for number in range(5):
        tag = backend.put(secret("token", f"v{number}"), tag).tag
    assert value_of(backend, "token") == "v4"
    assert backend.names()[0].tag == tag


def test_two_people_cannot_both_add_a_name(pair):
    pair.theirs.put(secret("token", "theirs"), ABSENT)
    with pytest.raises(EntryChanged):
        pair.ours.put(secret("token", "ours"), ABSENT)
    assert value_of(pair.ours, "token") == "theirs"


def test_a_changed_entry_is_not_deleted(pair):
    seen = pair.ours.put(secret("token")).tag
    pair.theirs.put(secret("token", "theirs"))
    with pytest.raises(EntryChanged):
        pair.ours.delete("token", seen)
    assert value_of(pair.ours, "token") == "theirs"


def test_a_deleted_entry_is_not_changed(pair):
    seen = pair.ours.put(secret("token")).tag
    pair.theirs.delete("token")
    with pytest.raises(EntryChanged):
        pair.ours.put(secret("token", "ours"), seen)
    assert names_of(pair.ours) == []


def test_the_watch_sees_every_change(pair):
    seen = [pair.ours.watch()]
    for change in (
        lambda: pair.theirs.put(secret("token")),
        lambda: pair.theirs.put(secret("token", "v2")),
        lambda: pair.theirs.put(Put("token", Kind.SECRET, note="note")),
        lambda: pair.theirs.delete("token"),
    ):
        change()
        seen.append(pair.ours.watch())
    assert len(set(seen)) == len(seen)


def test_the_watch_rests_while_nothing_changes(backend):
    backend.put(secret("token"))
    first = backend.watch()
    backend.get("token")
    assert backend.watch() == first


# -- history --------------------------------------------------------------------------------


def test_earlier_values_are_kept(backend):
    for value in ("v1", "v2", "v3"):
        backend.put(secret("token", value))
    versions = backend.versions("token")
    assert [(one.number, one.is_current) for one in versions] == [(3, True), (2, False), (1, False)]
    assert [value_of(backend, "token", one.number) for one in versions] == ["v3", "v2", "v1"]
    assert backend.get("token").entry.version == 3


def test_an_unknown_version_is_named(backend):
    backend.put(secret("token"))
    with pytest.raises(UnknownName, match="version 7"):
        backend.get("token", 7)


def test_a_deleted_name_is_gone_from_the_list_and_kept_apart(backend):
    backend.put(secret("token"))
    backend.put(variable("base_url", "x"))
    gone = backend.delete("token")
    assert names_of(backend) == ["base_url"]
    assert [(one.name, one.kind) for one in backend.names(are_deleted=True)] == [("token", Kind.SECRET)]
    assert backend.names(are_deleted=True)[0].tag == gone.tag
    with pytest.raises(UnknownName):
        backend.get("token")


def test_a_deleted_name_is_free_for_both_kinds(backend):
    backend.put(secret("token"))
    backend.delete("token")
    backend.put(variable("token", "plain"), ABSENT)
    assert [(one.name, one.kind) for one in backend.names()] == [("token", Kind.VARIABLE)]
    backend.delete("token")
    backend.put(secret("token", "again"), ABSENT)
    assert value_of(backend, "token") == "again"


def test_a_deleted_entry_is_written_again_over_the_deletion_that_was_seen(pair):
    pair.ours.put(secret("token"))
    gone = pair.ours.delete("token")
    pair.ours.put(secret("token", "again"), gone.tag)
    later = pair.ours.delete("token")
    with pytest.raises(EntryChanged):
        pair.theirs.put(secret("token", "late"), gone.tag)
    assert later.tag != gone.tag
    assert names_of(pair.theirs) == []


@pytest.mark.parametrize("is_deleted_before", [False, True])
def test_what_is_removed_for_good_leaves_nothing(backend, is_deleted_before):
    backend.put(secret("token"))
    backend.put(secret("token", "v2"))
    if is_deleted_before:
        backend.delete("token")
    backend.delete("token", for_good=True)
    assert names_of(backend) == names_of(backend, are_deleted=True) == []
    assert backend.put(secret("token", "new"), ABSENT).version == 1
