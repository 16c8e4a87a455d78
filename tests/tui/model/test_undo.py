"""Taking back and doing again, as one model: whatever another program changed meanwhile stays as it made it."""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows.expected import Saved
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.backend.entries import EntryWrite, write_for
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.model.secrets.undo import Move, Undo, UndoableChange

NAMES = st.sampled_from(["a", "b", "c"])
COMMUNITY = "prod"


def state(tag: str, version: int = 1, *, name: str = "a", note: str = "", is_deleted: bool = False) -> Saved:
    return Saved(name, version, note, "", tag.encode(), is_deleted)


@pytest.mark.parametrize(
    ("now", "wanted", "write"),
    [
        (state("1"), None, EntryWrite.DELETE),
        (state("1"), state("0", is_deleted=True), EntryWrite.DELETE),
        (state("1", is_deleted=True), state("0"), EntryWrite.UNDELETE),
        (state("1"), state("0", name="b"), EntryWrite.RENAME),
        (state("1", 2), state("0", 1), EntryWrite.RESTORE),
        (state("1"), state("0", note="n"), EntryWrite.DESCRIBE),
    ],
)
def test_each_move_is_one_write_of_the_vault(now: Saved, wanted: Saved | None, write: EntryWrite) -> None:
    assert write_for(now, wanted) is write


def test_a_new_change_ends_what_could_be_done_again() -> None:
    undo = Undo()
    undo.did(UndoableChange("one", "a", (Move(COMMUNITY, None, state("1")),)))
    undo.took_back([state("2", is_deleted=True)])
    assert undo.next is not None
    undo.did(UndoableChange("two", "b", (Move(COMMUNITY, None, state("3", name="b")),)))
    assert undo.next is None
    assert undo.last is not None
    assert undo.last.said == "two"


def test_what_was_refused_is_forgotten_and_what_was_not_tried_can_be_taken_back_still() -> None:
    moves = tuple(Move(COMMUNITY, state(f"{n}", 1, name=n), state(f"{n}2", 2, name=n)) for n in "abc")
    undo = Undo()
    undo.did(UndoableChange("many", "a", moves))
    undo.took_back([state("a3", 3, name="a"), None])
    assert undo.last is not None
    assert undo.next is not None
    assert [move.after.name for move in undo.last.moves] == ["c"]
    assert [move.after.name for move in undo.next.moves] == ["a"]


class TwoPrograms(RuleBasedStateMachine):
    """A person who changes, takes back and does again, beside a program that changes the same vault."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path, key = Path(self.folder.name) / "vault.db", KeyFile(Path(self.folder.name) / "key")
        self.session = VaultSession(str(path))
        with patch("strongroom.store.rows.unlocking.HISTORY_LIMIT", 1000):
            self.session.create([key])
        self.session.vault.add(COMMUNITY, "other", Kind.SECRET, SecretValue("x"))
        self.foreign = Vault.unlock(path, [key])
        self.undo = Undo()
        self.theirs: dict[str, bytes] = {}
        """The entries that the other program changed last, with their tags."""
        self.written: set[str] = set()
        """Every value that the other program gave."""

    def teardown(self) -> None:
        self.session.close()
        self.foreign.close()
        self.folder.cleanup()

    def _tag(self, name: str) -> bytes | None:
        entry = self.foreign.find(COMMUNITY, name)
        return entry.tag if entry else None

    def _do(self, said: str, name: str, before: Saved | None, after: Saved) -> None:
        self.undo.did(UndoableChange(said, name, (Move(COMMUNITY, before, after),)))
        self.theirs.pop(name, None)
        self.theirs.pop(after.name, None)

    def _seen(self, name: str) -> Saved | None:
        held = self.foreign.read_all(COMMUNITY).get(name)
        return held.seen() if held else None

    # -- the person; each looks first

    @rule(name=NAMES)
    def put(self, name: str) -> None:
        seen, value = self._seen(name), SecretValue(secrets.token_hex(4))
        if seen is None:
            self._do("add", name, None, self.session.add(COMMUNITY, name, Kind.SECRET, value, "", ""))
        else:
            self._do("set", name, seen, self.session.change(COMMUNITY, name, value, None, None, seen.tag))

    @rule(name=NAMES, note=st.text("xy", max_size=2))
    def describe(self, name: str, note: str) -> None:
        if seen := self._seen(name):
            self._do("note", name, seen, self.session.change(COMMUNITY, name, None, note, None, seen.tag))

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if seen := self._seen(name):
            self._do("delete", name, seen, self.session.delete(COMMUNITY, name, seen.tag))

    @rule(name=NAMES, new=NAMES)
    def rename(self, name: str, new: str) -> None:
        if (seen := self._seen(name)) and self._seen(new) is None:
            self._do("rename", name, seen, self.session.rename(COMMUNITY, name, new, seen.tag))

    def _turn(self, change: UndoableChange, *, again: bool) -> None:
        results: list[Saved | None] = []
        for move in change.moves:
            now, wanted = (move.before, move.after) if again else (move.after, move.before)
            assert now is not None
            try:
                results.append(self.session.move(COMMUNITY, now, wanted))
            except StrongroomError:
                results.append(None)
        (self.undo.did_again if again else self.undo.took_back)(results)

    @precondition(lambda self: self.undo.last)
    @rule()
    def take_back(self) -> None:
        assert self.undo.last is not None
        self._turn(self.undo.last, again=False)

    @precondition(lambda self: self.undo.next)
    @rule()
    def do_again(self) -> None:
        assert self.undo.next is not None
        self._turn(self.undo.next, again=True)

    # -- the other program

    @rule(name=NAMES)
    def foreign_put(self, name: str) -> None:
        value = secrets.token_hex(4)
        self.written.add(value)
        if self.foreign.find(COMMUNITY, name):
            self.theirs[name] = self.foreign.set(COMMUNITY, name, SecretValue(value)).tag
        else:
            self.theirs[name] = self.foreign.add(COMMUNITY, name, Kind.SECRET, SecretValue(value)).tag

    @rule(name=NAMES)
    def foreign_note(self, name: str) -> None:
        if self.foreign.find(COMMUNITY, name):
            self.theirs[name] = self.foreign.set(COMMUNITY, name, note="theirs").tag

    @rule(name=NAMES)
    def foreign_delete(self, name: str) -> None:
        if self.foreign.find(COMMUNITY, name):
            self.foreign.delete(COMMUNITY, name)
            self.theirs.pop(name, None)

    @rule(name=NAMES, new=NAMES)
    def foreign_rename(self, name: str, new: str) -> None:
        with contextlib.suppress(StrongroomError):
            self.theirs[new] = self.foreign.rename(COMMUNITY, name, new).tag
            if new != name:
                self.theirs.pop(name, None)

    # -- what holds

    @invariant()
    def what_the_other_program_changed_last_is_as_it_made_it(self) -> None:
        for name, tag in self.theirs.items():
            assert self._tag(name) == tag, name

    @invariant()
    def no_value_of_the_other_program_is_lost(self) -> None:
        assert self.written <= set(_values(self.foreign))


def _values(vault: Vault) -> Iterator[str]:
    """Every value that the vault still has: current, earlier, and of deleted entries."""
    ledger: Any = vault._ledger
    with ledger.reading():
        owner = ledger.community(COMMUNITY)
        for entry in ledger.all_entries(owner):
            for number in list(ledger.versions(entry.id)):
                yield ledger.open_version(owner, entry, ledger.version(owner, entry, number)).decode()


class TestTwoPrograms(TwoPrograms.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
