"""A rename in vault and files, cut off everywhere: both have the old name, or both have the new one."""

import json
import os
import signal
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom.workspace import UnreadableFile
from strongroom.workspace.rename_journal import JournaledRename, folder, is_any_interrupted, note
from strongroom.workspace.rename_transaction import RenameTransaction, end_interrupted
from strongroom.workspace.renaming import plan_rename

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and locks")

ENTRY = '[{"name": "token", "kind": "secret"}]'
NAMES = f'{{"version": 1, "communities": {{"production": {ENTRY}, "staging": {ENTRY}}}}}'


class Place:
    """A vault, three connector files, one of them with a second name, and a names file."""

    def __init__(self, path: Path) -> None:
        self.vault = path / "private" / "vault.db"
        self.vault.parent.mkdir(mode=0o700)
        self.key = path / "private" / "key"
        with Vault.create(self.vault, [KeyFile(self.key)]) as vault:
            vault.add("production", "token", Kind.SECRET, SecretValue("canary-value"))
        self.work = path / "work"
        self.work.mkdir()
        self.connectors = [self.work / f"{number}.connectors.json" for number in range(3)]
        for file in self.connectors:
            file.write_text(
                json.dumps({"name": "a", "url": "https://a.example/{{ get_secret('token') }}" * 3})
            )
        (self.work / "linked.connectors.json").hardlink_to(self.connectors[1])
        self.names = self.work / "strongroom.names.json"
        self.names.write_text(NAMES)
        self.before = self.texts()

    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(self.work.iterdir())}

    def rename(self, old: str = "token", new: str = "a_longer_key") -> None:
        plan = plan_rename(
            [str(path) for path in sorted(self.work.glob("*connectors.json"))],
            old,
            new,
            names_files=[str(self.names)],
            communities=["production"],
        )
        with Vault.unlock(self.vault, [KeyFile(self.key)]) as vault:
            change = RenameTransaction.begin(str(self.vault), "production", old, new, plan.files)
            vault.rename("production", old, new)
            change.write()

    def recover(self) -> list[str]:
        with Vault.unlock(self.vault, [KeyFile(self.key)]) as vault:
            ended = end_interrupted(vault)
        return [one.sentence for one in ended]

    @property
    def vault_has(self) -> list[str]:
        with NamesReader.open(self.vault) as reader:
            return sorted(reader.names("production").by_name)

    @property
    def after(self) -> dict[str, str]:
        renamed = {name: text.replace("'token'", "'a_longer_key'") for name, text in self.before.items()}
        renamed[self.names.name] = NAMES.replace("token", "a_longer_key", 1)
        return renamed


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Place(tmp_path)


def test_vault_connectors_and_names_file_change_together_and_every_name_of_a_file_stays(place: Place) -> None:
    place.rename()
    assert place.vault_has == ["a_longer_key"]
    assert place.texts() == place.after
    assert place.connectors[1].stat().st_nlink == 2
    assert os.listdir(folder()) == []


CALLS = ("replace", "rename", "unlink", "open", "fsync", "chmod", "write")
"""What a rename asks of the system: it is killed before each of these calls."""


def killed_at(place: Place, number: int) -> bool:
    """Rename in a process that is killed at its call of this number. False where it came to its end before."""
    child = os.fork()
    if child == 0:
        left = number

        def counted(real):
            def call(*args, **kwargs):
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return real(*args, **kwargs)

            return call

        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        real_rename = Vault.rename
        Vault.rename = counted(real_rename)  # type: ignore[method-assign]
        try:
            place.rename()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@posix
def test_wherever_a_rename_is_killed_the_next_one_makes_vault_and_files_agree(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    outcomes, number = set(), 0
    while True:
        (tmp_path / str(number)).mkdir()
        place = Place(tmp_path / str(number))
        was_killed = killed_at(place, number)
        place.recover()
        assert not is_any_interrupted()
        has = place.vault_has
        assert (has, place.texts()) in ((["token"], place.before), (["a_longer_key"], place.after)), number
        outcomes.add(has[0])
        if not was_killed:
            break
        number += 1
    assert outcomes == {"token", "a_longer_key"}
    assert number > 20


@posix
def test_an_entry_that_an_editor_held_has_its_old_name_again(place: Place) -> None:
    noted = note(JournaledRename(str(place.vault), "production", "token", "fresh", is_held=True))
    with Vault.unlock(place.vault, [KeyFile(place.key)]) as vault:
        vault.rename("production", "token", "fresh")
    assert not is_any_interrupted()  # this process lives, and holds it
    assert noted is not None
    noted.close(keep=True)
    assert is_any_interrupted()
    assert place.recover() == [
        'The interrupted rename of token to fresh was taken back in community "production".'
    ]
    assert place.vault_has == ["token"]


@posix
def test_a_file_that_was_changed_since_the_interruption_is_named_and_left(place: Place) -> None:
    number = 0
    while place.vault_has == ["token"]:
        assert killed_at(place, number)
        if place.vault_has == ["token"]:
            place.recover()
        number += 1
    place.connectors[0].write_text("mine")
    (sentence,) = place.recover()
    assert "was finished in 3 of 4 files" in sentence
    assert str(place.connectors[0]) in sentence
    assert place.connectors[0].read_text() == "mine"


def test_a_file_that_changes_while_the_vault_is_renamed_is_not_overwritten(place: Place) -> None:
    files = [str(path) for path in place.connectors]
    change = RenameTransaction.begin(
        str(place.vault), "production", "token", "fresh", plan_rename(files, "token", "fresh").files
    )
    place.connectors[2].write_text("mine")
    with pytest.raises(
        UnreadableFile, match=r"was changed by another program in the meantime\. No file was changed"
    ):
        change.write()
    assert place.texts() == {**place.before, place.connectors[2].name: "mine"}


@posix
def test_a_rename_that_fails_at_a_file_leaves_nothing_behind(place: Place) -> None:
    if os.geteuid() == 0:
        place.connectors[2].unlink()
        place.connectors[2].mkdir()
        files = [str(path) for path in place.connectors[:2]]
    else:
        place.connectors[2].chmod(0o400)
        files = [str(path) for path in place.connectors]
    plan = plan_rename(files, "token", "fresh")
    place.connectors[1].write_text("other")
    with pytest.raises(UnreadableFile):
        RenameTransaction.begin(str(place.vault), "production", "token", "fresh", plan.files)
    assert not [name for name in os.listdir(place.work) if ".strongroom-" in name]
