"""Runs each operation that changes a vault again and again, with one fault each time. Loaded with shim.c.

    LD_PRELOAD=shim.so python driver.py shim.so FOLDER MODE [OPERATION...]

Each run is a process of its own that this one forks: it unlocks a copy of the same vault, arms the shim for the
N-th change of a file, and does the operation. Then the vault is opened as anybody would, and compared with what
it held before and what it would hold afterwards. N goes from 1 until the operation ends before its fault comes.
Prints one JSON object: operation -> changes, outcomes, messages, and what was wrong (nothing, one hopes).
"""

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.backup import Restoration, back_up
from strongroom.store.errors import VaultClosed
from strongroom.store.keys.ways import KeyFile, PublicKey
from strongroom.store.rows.many import AuditSource, OverwrittenValue, Save
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

OFF, COUNT, KILL, TEAR, FAIL_ONCE, FAIL_ON, FAIL_READ, COUNT_READS = range(8)
MODES = {
    "kill": (KILL, 0),
    "tear": (TEAR, 0),
    "io-error": (FAIL_ONCE, errno.EIO),
    "io-errors": (FAIL_ON, errno.EIO),
    "full-disk": (FAIL_ON, errno.ENOSPC),
    "read-error": (FAIL_READ, errno.EIO),
}
SEALED = ("api_key", "other", "long")


class World:
    """One copy of the folder that everything happens in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = folder / "vault.db"
        self.saved = folder / "saved.db"
        self.backup = folder / "backup.db"
        self.created = folder / "created.db"
        os.environ["XDG_STATE_HOME"] = str(folder / "state")

    @property
    def key(self) -> KeyFile:
        return KeyFile(self.folder / "key")

    def unlock(self) -> Vault:
        return Vault.unlock(self.vault, [self.key])

    def fill(self) -> None:
        """A vault with something of everything, and an older backup of it."""
        carol = PublicKey(bytes([8] * 32), "carol")
        with Vault.create(self.vault, [self.key, KeyFile(self.folder / "second-key"), carol]) as vault:
            for name in SEALED:
                vault.add("prod", name, Kind.SECRET, SecretValue("first"))
            vault.add("prod", "base_url", Kind.VARIABLE, SecretValue("https://example.com"))
            vault.add("staging", "api_key", Kind.SECRET, SecretValue("staging's"))
            back_up(str(self.vault), str(self.saved), vault)
            vault.set("prod", "api_key", SecretValue("second"))
            vault.set("prod", "long", SecretValue("x" * 9000))
            vault.add("prod", "gone", Kind.SECRET, SecretValue("deleted"))
            vault.delete("prod", "gone")


def state(vault: Vault) -> dict[str, Any]:
    """All that a vault holds, as far as a person sees it; times and ids are left out."""
    held: dict[str, Any] = {}
    for community in vault.communities():
        for entry in vault.entries(community):
            value = entry.value or vault.get(community, entry.name).reveal()
            kept = [
                vault.get_version(community, entry.name, version.number).reveal()
                for version in vault.history(community, entry.name)
            ]
            held[f"{community}/{entry.name}"] = [entry.kind.value, value, entry.note, entry.expires, kept]
        held[f"{community} deleted"] = [gone.name for gone in vault.deleted(community)]
    held["slots"] = [slot.label for slot in vault.slots()]
    held["current"] = vault.current_community()
    return held


def _restore(vault: Vault, world: World) -> None:
    vault.close()
    with Restoration(str(world.vault), str(world.saved), [world.key]) as restoration:
        restoration.apply()


def _import(vault: Vault, world: World) -> None:
    new = [Save(f"name_{n:03}", Kind.SECRET, SecretValue(f"value {n}" * 20), "", "") for n in range(60)]
    seen = vault.read_all("prod")["api_key"].seen()
    vault.save_many("prod", [*new, Save("api_key", Kind.SECRET, SecretValue("imported"), None, None, seen)])


def _merge(vault: Vault, world: World) -> None:
    held = vault.read_all("prod")
    other, long, key = held["other"].seen(), held["long"].seen(), held["api_key"].seen()
    made, third = "2026-11-24T09:41:15.000001Z", SecretValue("third")
    saves = [
        Save("other", Kind.SECRET, None, None, None, other, made, deletes=True),
        Save("other", Kind.SECRET, None, None, None, long),
        Save(
            "api_key",
            Kind.SECRET,
            third,
            "theirs",
            None,
            key,
            over=OverwrittenValue(SecretValue("theirs"), made),
        ),
        Save("new", Kind.SECRET, third, "", "", None, made),
    ]
    vault.save_many("prod", saves, AuditSource("ann", f"{'0' * 32} 7 {made}"))


def _remove_slot(vault: Vault, world: World) -> None:
    vault.remove_slot(next(slot.id for slot in vault.slots() if slot.label == "second-key"))


Operation = Callable[[Vault, World], object]
OPERATIONS: dict[str, Operation] = {
    "add": lambda vault, _: vault.add("prod", "new", Kind.SECRET, SecretValue("new value")),
    "set": lambda vault, _: vault.set("prod", "api_key", SecretValue("third"), note="changed"),
    "set a variable": lambda vault, _: vault.set("prod", "base_url", SecretValue("https://new.example")),
    "rename": lambda vault, _: vault.rename("prod", "api_key", "renamed"),
    "delete": lambda vault, _: vault.delete("prod", "long"),
    "undelete": lambda vault, _: vault.undelete("prod", "gone"),
    "purge": lambda vault, _: vault.purge("prod", "gone"),
    "restore a version": lambda vault, _: vault.restore("prod", "api_key", 1),
    "add a slot": lambda vault, world: vault.add_slot(KeyFile(world.folder / "third-key")),
    "remove a slot": _remove_slot,
    "rotate": lambda vault, world: vault.rotate([world.key]),
    "import": _import,
    "merge a bundle": _merge,
    "add a public key": lambda vault, _: vault.add_slot(PublicKey(bytes([9] * 32), "bob")),
    "rename a community": lambda vault, _: vault.rename_community("prod", "production"),
    "delete a community": lambda vault, _: vault.delete_community("staging"),
    "backup": lambda vault, world: back_up(str(world.vault), str(world.backup), vault),
    "restore a backup": _restore,
    "create": lambda _, world: Vault.create(world.created, [world.key]),
}
OPERATION_OF_RECOVERY = "recovery after a kill"


class Faults:
    """The shim's functions."""

    def __init__(self, library: str) -> None:
        self._library = ctypes.CDLL(library)
        self._library.faults_seen.restype = ctypes.c_long

    def watch(self, folder: Path) -> None:
        self._library.faults_watch(str(folder).encode())

    def arm(self, mode: int, at: int = 0, error: int = 0) -> None:
        self._library.faults_arm(mode, ctypes.c_long(at), error)

    def seen(self) -> int:
        found: int = self._library.faults_seen()
        return found

    def log(self, path: Path) -> None:
        self._library.faults_log(str(path).encode())

    def mark(self, word: str) -> None:
        self._library.faults_mark(word.encode())


def run(
    faults: Faults, world: World, operation: Operation, mode: int, at: int, error: int
) -> dict[str, Any] | None:
    """What the process said: `seen`, and `error` where it refused; None where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said: dict[str, Any] = {}
        try:
            vault = world.unlock()
            faults.arm(mode, at, error)
            try:
                operation(vault, world)
            except StrongroomError as refusal:
                said["error"] = [refusal.message, refusal.way_out, refusal.exit_status]
            finally:
                said["seen"] = faults.seen()
                faults.arm(OFF)
            if "error" in said and operation is not _restore:
                # A sync may fail after the commit: then a new master key is there, and the old one is of no use.
                with suppress(VaultClosed):
                    said["afterwards"] = [vault.verify(), state(vault)]
        except BaseException as unexpected:
            said["unexpected"] = f"{type(unexpected).__name__}: {unexpected}"
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else None


def look(world: World) -> dict[str, Any]:
    """The state that anybody finds afterwards, and under `wrong` whatever is not as it should be."""
    wrong = []
    with world.unlock() as vault:
        found = state(vault)
        wrong += vault.verify() + [warning.message for warning in vault.warnings]
    for path in (world.backup, world.created):
        if path.exists():
            with Vault.unlock(path, [world.key]) as other:
                wrong += other.verify()
            found[path.name] = "whole"
    return {"state": found, "wrong": wrong}


def try_operation(faults: Faults, folder: Path, name: str, mode: int, error: int) -> dict[str, Any]:
    """Every fault of one operation."""
    pristine = folder / "pristine"
    work = World(folder / "work")
    operation = OPERATIONS[name]
    at, changes = 0, 1 << 30
    outcomes = {"before": 0, "after": 0}
    wrong: list[str] = []
    messages: set[str] = set()
    before = after = None
    while at <= changes:
        shutil.rmtree(work.folder, ignore_errors=True)
        shutil.copytree(pristine, work.folder)
        if before is None:
            before = look(work)["state"]
        # The first run has no fault: it counts the changes, and shows what the operation does.
        count = COUNT_READS if mode == FAIL_READ else COUNT
        said = run(faults, work, operation, count if at == 0 else mode, at, error)
        where = f"{name}, change {at}"
        try:
            found = look(work)
        except StrongroomError as refusal:
            wrong.append(f"{where}: {refusal}")
            at += 1
            continue
        wrong += [f"{where}: {one}" for one in found["wrong"]]
        if at == 0:
            assert said is not None
            assert set(said) == {"seen"}, said
            after, changes = found["state"], said["seen"]
        elif found["state"] not in (before, after):
            wrong.append(f"{where}: neither the state before nor the one after: {found['state']}")
        else:
            outcomes["after" if found["state"] == after else "before"] += 1
        if said is not None:
            wrong += judge(said, where, found["state"], before, after)
            if "error" in said:
                messages.add(" ".join(said["error"][:2]))
        at += 1
    return {"changes": changes, "outcomes": outcomes, "wrong": wrong, "messages": sorted(messages)}


def judge(said: dict[str, Any], where: str, found: object, before: object, after: object) -> list[str]:
    """What a process that lived on did wrong."""
    wrong = []
    if "unexpected" in said:
        wrong.append(f"{where}: {said['unexpected']}")
    elif "error" not in said:
        if found != after:
            wrong.append(f"{where}: it was acknowledged, and is not there")
    else:
        message, way_out, status = said["error"]
        if status != 2 or not message.endswith(".") or "\n" in message or not way_out:
            wrong.append(f"{where}: not a clear message: {said['error']}")
        problems, held = said.get("afterwards", [[], found])
        if problems or not any(held.items() <= known.items() for known in (before, after)):
            wrong.append(f"{where}: the process itself sees something else afterwards: {problems} {held}")
    return wrong


def try_recovery(faults: Faults, folder: Path, mode: int) -> dict[str, Any]:
    """Kills the process that undoes what another killed one left, at each of its changes."""
    pristine, work = folder / "pristine", World(folder / "work")
    before = None
    wrong: list[str] = []
    changes = 0
    for at in range(1, 1000):
        shutil.rmtree(work.folder, ignore_errors=True)
        shutil.copytree(pristine, work.folder)
        before = before or look(work)["state"]
        run(faults, work, _import, KILL, changes_of_import(faults, folder) - 4, 0)
        journal = Path(f"{work.vault}-journal")
        assert journal.exists(), "the kill left nothing to undo"
        child = os.fork()
        if child == 0:
            faults.arm(mode, at)
            world = World(work.folder)
            world.unlock()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = look(work)
        wrong += found["wrong"]
        if found["state"] != before:
            wrong.append(f"recovery, change {at}: {found['state']}")
        if os.WIFEXITED(status):
            break
        changes = at
    return {"changes": changes, "outcomes": {"before": changes, "after": 0}, "wrong": wrong, "messages": []}


_counted: dict[Path, int] = {}


def changes_of_import(faults: Faults, folder: Path) -> int:
    """How many changes the import makes. Four before the last its journal is deleted, which commits it."""
    if folder not in _counted:
        shutil.rmtree(folder / "count", ignore_errors=True)
        shutil.copytree(folder / "pristine", folder / "count")
        faults.watch(folder / "count")
        said = run(faults, World(folder / "count"), _import, COUNT, 0, 0)
        assert said is not None
        _counted[folder] = said["seen"]
        faults.watch(folder / "work")
        World(folder / "work")
    return _counted[folder]


def main(library: str, folder: Path, chosen_mode: str, *names: str) -> None:
    faults = Faults(library)
    mode, error = MODES[chosen_mode]
    os.environ["STRONGROOM_NO_KEYRING"] = "1"
    (folder / "pristine").mkdir(mode=0o700)
    World(folder / "pristine").fill()
    faults.watch(folder / "work")
    chosen = names or (*OPERATIONS, OPERATION_OF_RECOVERY)
    results = {
        name: try_operation(faults, folder, name, mode, error) for name in chosen if name in OPERATIONS
    }
    if mode in (KILL, TEAR) and OPERATION_OF_RECOVERY in chosen:
        results[OPERATION_OF_RECOVERY] = try_recovery(faults, folder, mode)
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
