"""Merges of bundles: what is newer is taken, what is newer here stays, and nothing is decided in silence."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.names import Kind
from strongroom.store.errors import SaveRefused
from strongroom.store.identity import Identity, identity_of_vault
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, bundle_content, exporting
from strongroom.transfer.bundle_content import BundleContents
from strongroom.transfer.merging import make_merge
from strongroom.transfer.planning import (
    CHANGED,
    CONFLICT,
    DELETED,
    KEPT,
    MINE,
    NEW,
    RENAMED,
    SAME,
    THEIRS,
    ImportChoices,
    Plan,
    apply_plan,
)
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

V = SecretValue
COMMUNITY = "prod"


class Person:
    """Somebody with a vault, who sends and receives bundles."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault.create(folder / "vault.db", [KeyFile(folder / "key")])
        self.identity = identity_of_vault(self.vault)

    def seal(self, to: "Person", *names: str) -> BundleContents:
        content = exporting.chosen_content(self.vault, COMMUNITY, names).data
        data = bundle.seal_for(content, COMMUNITY, [Recipient.of_identity(to.identity)], self.identity)
        return bundle_content.read(bundle.open_with(data, [to.identity]))

    def plan(self, contents: BundleContents, side: str = "", **sides: str) -> Plan:
        return make_merge(self.vault, COMMUNITY, contents, ImportChoices(side=side, sides=sides))

    def take(self, other: "Person", side: str = "", **sides: str) -> Plan:
        plan = self.plan(other.seal(self), side, **sides)
        apply_plan(self.vault, plan)
        return plan

    def add(self, name: str, value: str, kind: Kind = Kind.SECRET) -> None:
        self.vault.add(COMMUNITY, name, kind, V(value))

    def set(self, name: str, value: str) -> None:
        self.vault.set(COMMUNITY, name, V(value))

    @property
    def held(self) -> dict[str, str]:
        return {name: entry.value.reveal() for name, entry in self.vault.read_all(COMMUNITY).items()}


@pytest.fixture
def ann(tmp_path: Path) -> Iterator[Person]:
    person = Person(tmp_path / "ann")
    yield person
    person.vault.close()


@pytest.fixture
def bob(tmp_path: Path, ann: Person) -> Iterator[Person]:
    """A colleague with what Ann has: a, b and c."""
    for name in "abc":
        ann.add(name, f"{name} one")
    person = Person(tmp_path / "bob")
    person.take(ann)
    yield person
    person.vault.close()


def actions(plan: Plan) -> dict[str, str]:
    return {change.name: change.action for change in plan.changes}


def test_what_is_newer_there_is_taken_and_what_is_newer_here_stays(ann: Person, bob: Person) -> None:
    ann.set("a", "a two")
    bob.set("b", "b two")
    bob.add("only_here", "x")
    plan = bob.take(ann)
    assert actions(plan) == {"a": CHANGED, "b": KEPT, "c": SAME}
    assert bob.held == {"a": "a two", "b": "b two", "c": "c one", "only_here": "x"}
    ann.take(bob)
    assert ann.held == bob.held
    assert actions(bob.plan(ann.seal(bob))) == dict.fromkeys(ann.held, SAME)


def test_an_older_bundle_takes_nothing_back_and_is_called_older(ann: Person, bob: Person) -> None:
    old = ann.seal(bob)
    ann.set("a", "a two")
    ann.vault.delete(COMMUNITY, "b")
    bob.take(ann)
    plan = bob.plan(old)
    assert actions(plan) == {"a": KEPT, "b": KEPT, "c": SAME}
    assert plan.saves == []
    assert "older than one of the same vault" in plan.notes[0]
    assert bob.plan(ann.seal(bob)).notes == ()


def test_deletions_and_renames_travel_with_the_history(ann: Person, bob: Person) -> None:
    ann.vault.delete(COMMUNITY, "a")
    ann.vault.rename(COMMUNITY, "b", "b_new")
    plan = bob.take(ann)
    assert actions(plan) == {"a": DELETED, "b_new": RENAMED, "c": SAME}
    assert bob.held == {"b_new": "b one", "c": "c one"}
    assert [entry.name for entry in bob.vault.deleted(COMMUNITY)] == ["a"]
    assert bob.vault.verify() == []


def test_a_rename_there_and_a_new_value_here_are_both_kept(ann: Person, bob: Person) -> None:
    ann.vault.rename(COMMUNITY, "a", "a_new")
    bob.set("a", "a two")
    assert actions(bob.take(ann)) == {"a_new": RENAMED, "b": SAME, "c": SAME}
    assert bob.held["a_new"] == "a two"
    ann.take(bob)
    assert ann.held == bob.held


def test_a_new_value_there_and_a_rename_here_are_both_kept(ann: Person, bob: Person) -> None:
    ann.set("a", "a two")
    bob.vault.rename(COMMUNITY, "a", "a_new")
    bob.take(ann)
    assert bob.held == {"a_new": "a two", "b": "b one", "c": "c one"}


def test_a_name_that_was_freed_and_given_again_is_two_entries(ann: Person, bob: Person) -> None:
    ann.vault.rename(COMMUNITY, "a", "a_old")
    ann.add("a", "another")
    plan = bob.take(ann)
    assert actions(plan) == {"a_old": RENAMED, "a": NEW, "b": SAME, "c": SAME}
    assert bob.held == ann.held


def test_a_chain_of_renames_travels_and_a_circle_is_refused_whole(ann: Person, bob: Person) -> None:
    for old, new in (("c", "d"), ("b", "c"), ("a", "b")):
        ann.vault.rename(COMMUNITY, old, new)
    bob.take(ann)
    assert bob.held == ann.held == {"b": "a one", "c": "b one", "d": "c one"}
    for old, new in (("b", "x"), ("c", "b"), ("x", "c")):
        ann.vault.rename(COMMUNITY, old, new)
    before = bob.held
    with pytest.raises(SaveRefused, match="exchanged their names"):
        bob.take(ann)
    assert bob.held == before
    assert bob.vault.verify() == []


@pytest.mark.parametrize("side", [MINE, THEIRS])
def test_what_both_changed_is_a_conflict_until_somebody_chooses(ann: Person, bob: Person, side: str) -> None:
    ann.set("a", "Ann's")
    bob.set("a", "Bob's")
    plan = bob.plan(ann.seal(bob))
    assert [(change.name, change.action, change.parts) for change in plan.conflicts] == [
        ("a", CONFLICT, ("value",))
    ]
    assert plan.saves == []
    bob.take(ann, a=side)
    assert bob.held["a"] == {MINE: "Bob's", THEIRS: "Ann's"}[side]
    # Both values stay in the history, and the next bundle is no conflict any more.
    numbers = [version.number for version in bob.vault.history(COMMUNITY, "a")]
    values = [bob.vault.get_version(COMMUNITY, "a", number).reveal() for number in numbers]
    assert {"Ann's", "Bob's"} <= set(values)
    plan = ann.take(bob)
    assert not plan.conflicts
    assert ann.held == bob.held


@pytest.mark.parametrize("side", [MINE, THEIRS])
def test_deleted_on_one_side_and_changed_on_the_other_is_a_conflict(
    ann: Person, bob: Person, side: str
) -> None:
    ann.vault.delete(COMMUNITY, "a")
    bob.set("a", "a two")
    ann.set("b", "b two")
    bob.vault.delete(COMMUNITY, "b")
    plan = bob.plan(ann.seal(bob))
    assert {change.name: change.parts for change in plan.conflicts} == {
        "a": ("deleted there", "changed here"),
        "b": ("deleted here", "changed there"),
    }
    bob.take(ann, side)
    left = {"a": "a two"} if side == MINE else {"b": "b two"}
    assert bob.held == {**left, "c": "c one"}
    assert bob.vault.verify() == []


def test_a_rename_and_a_deletion_are_a_conflict_too(ann: Person, bob: Person) -> None:
    ann.vault.rename(COMMUNITY, "a", "a_new")
    bob.vault.delete(COMMUNITY, "a")
    assert actions(bob.plan(ann.seal(bob)))["a"] == CONFLICT
    assert actions(ann.plan(bob.seal(ann)))["a_new"] == CONFLICT


def test_two_new_names_of_one_entry_are_a_conflict(ann: Person, bob: Person) -> None:
    ann.vault.rename(COMMUNITY, "a", "by_ann")
    bob.vault.rename(COMMUNITY, "a", "by_bob")
    plan = bob.plan(ann.seal(bob))
    assert [(change.name, change.parts) for change in plan.conflicts] == [("by_bob", ("name",))]
    bob.take(ann, by_bob=THEIRS)
    assert "by_ann" in bob.held


def test_notes_and_dates_that_both_have_and_that_differ_are_asked_about(ann: Person, bob: Person) -> None:
    ann.vault.set(COMMUNITY, "a", note="Ann's", expires="2031-01-01")
    bob.vault.set(COMMUNITY, "a", note="Bob's")
    bob.vault.set(COMMUNITY, "b", note="only here")
    plan = bob.plan(ann.seal(bob))
    assert [(change.name, change.parts) for change in plan.conflicts] == [("a", ("note",))]
    bob.take(ann, THEIRS)
    entries = {entry.name: (entry.note, entry.expires) for entry in bob.vault.entries(COMMUNITY)}
    assert entries["b"] == ("only here", "")
    assert entries["a"][0] == "Ann's"


def test_values_that_two_people_typed_apart_are_a_conflict_and_never_overwritten(tmp_path: Path) -> None:
    ann, bob = Person(tmp_path / "ann"), Person(tmp_path / "bob")
    ann.add("a", "Ann's")
    bob.add("a", "Bob's")
    ann.add("b", "the same")
    bob.add("b", "the same")
    assert actions(bob.take(ann)) == {"a": CONFLICT, "b": SAME}
    assert bob.held["a"] == "Bob's"


def test_another_kind_is_refused(ann: Person, bob: Person) -> None:
    ann.vault.delete(COMMUNITY, "a")
    ann.add("a", "x", Kind.VARIABLE)
    plan = bob.plan(ann.seal(bob))
    assert [(refusal.name, refusal.reason) for refusal in plan.refusals] == [
        ("a", "the community has a secret of this name, and a kind cannot change")
    ]


def test_a_bundle_of_some_names_deletes_none(ann: Person, bob: Person) -> None:
    ann.vault.delete(COMMUNITY, "b")
    ann.set("a", "a two")
    plan = bob.plan(ann.seal(bob, "a"))
    assert actions(plan) == {"a": CHANGED}


def test_a_bundle_of_another_community_says_so(ann: Person, bob: Person) -> None:
    contents = ann.seal(bob)._replace(community="staging")
    plan = bob.plan(contents)
    assert plan.of_community == "staging"
    assert plan.notes == ('The bundle is of community "staging", and would go into "prod".',)


def test_the_audit_trail_says_whose_bundle_was_imported(ann: Person, bob: Person) -> None:
    ann.set("a", "a two")
    contents = ann.seal(bob)
    plan = make_merge(bob.vault, COMMUNITY, contents, sender="ann")
    apply_plan(bob.vault, plan)
    row = next(row for row in reversed(bob.vault.audit()) if row.action == "import-bundle")
    assert (row.community, row.name, row.detail) == (COMMUNITY, "ann", str(contents.origin))
    assert bob.vault.verify() == []


def test_an_import_that_meets_another_change_is_refused_whole(ann: Person, bob: Person) -> None:
    ann.set("a", "a two")
    ann.vault.delete(COMMUNITY, "b")
    plan = bob.plan(ann.seal(bob))
    bob.set("b", "b three")
    with pytest.raises(SaveRefused):
        apply_plan(bob.vault, plan)
    assert bob.held == {"a": "a one", "b": "b three", "c": "c one"}


_NAMES = st.sampled_from(["a", "b", "c", "d"])
_STEPS = st.one_of(
    st.tuples(st.just("set"), st.integers(0, 1), _NAMES),
    st.tuples(st.just("delete"), st.integers(0, 1), _NAMES),
    st.tuples(st.just("rename"), st.integers(0, 1), _NAMES, _NAMES),
    st.tuples(st.just("exchange"), st.integers(0, 1), st.sampled_from(["", MINE, THEIRS])),
)


@given(st.lists(_STEPS, max_size=14))
@settings(max_examples=20, deadline=None)
def test_whatever_two_people_do_every_change_is_shown_and_taking_theirs_ends_alike(
    steps: list[tuple[str, ...]],
) -> None:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nothing here depends on a real disk
    with TemporaryDirectory(dir=memory) as folder:
        people = [Person(Path(folder) / name) for name in ("ann", "bob")]
        for person in people:
            person.add("always", "there")
        for number, (what, who, *about) in enumerate(steps):
            person, other = people[int(who)], people[1 - int(who)]
            _do(person, other, what, about, number)
        for person, other in (people, people[::-1]):
            _import(person, other, THEIRS)
        assert people[0].held == people[1].held
        for person in people:
            assert person.vault.verify() == []
            person.vault.close()


def _do(person: Person, other: Person, what: str, about: list[str], number: int) -> None:
    held = person.held
    if what == "exchange":
        _import(person, other, about[0])
    elif what == "set" and about[0] not in held:
        person.add(about[0], f"value {number}")
    elif what == "set":
        person.set(about[0], f"value {number}")
    elif what == "delete" and about[0] in held:
        person.vault.delete(COMMUNITY, about[0])
    elif what == "rename" and about[0] in held and about[1] not in held:
        person.vault.rename(COMMUNITY, *about)


def _import(person: Person, other: Person, side: str) -> None:
    before = person.held
    try:
        plan = person.take(other, side)
    except SaveRefused:
        assert person.held == before
        return
    after = person.held
    shown = {name for change in plan.changes for name in (change.name, change.original)}
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert differing <= shown
    for change in plan.conflicts:  # what nobody decided is as it was
        assert after.get(change.name) == before.get(change.name)


def test_no_plan_shows_a_value(ann: Person, bob: Person) -> None:
    ann.set("a", "canary-value-1")
    bob.set("a", "canary-value-2")
    contents = ann.seal(bob)
    for plan in (bob.plan(contents), bob.plan(contents, MINE), bob.plan(contents, THEIRS)):
        assert "canary" not in repr(plan)
    assert "canary" not in repr(contents)


def test_an_identity_is_all_that_a_sender_needs(ann: Person, bob: Person) -> None:
    assert isinstance(ann.identity, Identity)
    assert ann.seal(bob).sender == Recipient.of_identity(ann.identity)


def test_a_new_name_that_another_entry_has_here_is_refused(ann: Person, bob: Person) -> None:
    ann.add("x", "new")
    bob.vault.rename(COMMUNITY, "a", "x")
    plan = bob.plan(ann.seal(bob))
    assert [(refusal.name, refusal.reason) for refusal in plan.refusals] == [
        ("x", "the community has another entry of this name")
    ]
    assert plan.saves == []
