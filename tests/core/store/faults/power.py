"""Simulated power cuts: what a vault is after each, if the disk keeps only what it was told to keep.

    python power.py shim.so FOLDER SETTING CUTS SEED

First a process makes a row of acknowledged writes, and shim.c keeps a log of all that it does to files. Then the
log is played back up to every place in turn, and the power is cut there. The model of the disk is a harsh one:

- what was written to a file since its last sync may be there or not, each write by itself, whole or torn at
  sectors of 512 bytes; only what was synced is certain;
- a name that was made, deleted or changed since its folder's last sync may be there or not, each by itself.

After each cut the vault has to open and to verify, with every write that was acknowledged before the cut, and
the one that was under way wholly or not at all. SETTING is SQLite's `synchronous`: EXTRA is Strongroom's; with
OFF or FULL the simulation must find losses, or it would prove nothing. Prints one JSON object.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from driver import OPERATIONS, Faults, World, state

from strongroom.errors import StrongroomError

SECTOR = 512
WRITES = (
    "add",
    "set",
    "set a variable",
    "restore a version",
    "undelete",
    "delete",
    "rename",
    "rotate",
)


class Event(NamedTuple):
    """One line of the log. `size` is a length; `other` the new name of a link or renaming."""

    operation: str
    offset: int
    path: str
    other: str
    data: bytes


def read_log(file: Path) -> Iterator[Event]:
    with file.open("rb") as log:
        while head := log.readline():
            operation, offset, size, names = head.decode().rstrip("\n").split(" ", 3)
            path, _, other = names.partition("\t")
            data = log.read(int(size)) if operation == "w" else b""
            yield Event(operation, int(offset), path, other, data)


class Disk:
    """Files as the disk has them for certain, and what it may or may not have besides."""

    def __init__(self, folder: Path) -> None:
        self.contents: list[bytearray] = []
        self.pending: list[list[Event]] = []
        self.certain: dict[str, int] = {}  # name -> number of the file
        self.names: dict[str, int] = {}  # as the running system sees them
        self.pending_names: list[tuple[Event, int]] = []
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.certain[str(path)] = self.names[str(path)] = self._new(path.read_bytes())

    def _new(self, content: bytes = b"") -> int:
        self.contents.append(bytearray(content))
        self.pending.append([])
        return len(self.contents) - 1

    def take(self, event: Event) -> None:
        """What the running system did."""
        match event.operation:
            case "c":
                self.names[event.path] = self._new()
                self.pending_names.append((event, self.names[event.path]))
            case "w" | "t":
                self.pending[self.names[event.path]].append(event)
            case "u":
                self.pending_names.append((event, self.names.pop(event.path)))
            case "l":
                self.names[event.other] = self.names[event.path]
                self.pending_names.append((event, self.names[event.path]))
            case "r":
                self.names[event.other] = self.names.pop(event.path)
                self.pending_names.append((event, self.names[event.other]))
            case "s" if event.path in self.names:
                number = self.names[event.path]
                for write in self.pending[number]:
                    apply(self.contents[number], write)
                self.pending[number] = []
            case "s":
                here = [one for one in self.pending_names if os.path.dirname(one[0].path) == event.path]
                for one in here:
                    rename(self.certain, *one)
                    self.pending_names.remove(one)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """What is there after a power cut now: name -> content."""
        # Some cuts find a disk that did nothing by itself, some one that did nearly all.
        keep = chance.choice((0.0, 0.0, 0.3, 0.5, 0.8, 1.0))
        names = dict(self.certain)
        for event, number in self.pending_names:
            if chance.random() < keep:
                rename(names, event, number)
        found = {}
        for name, number in names.items():
            content = bytearray(self.contents[number])
            for write in self.pending[number]:
                if chance.random() < keep:
                    for part in torn(write, chance):
                        apply(content, part)
            found[name] = bytes(content)
        return found


def apply(content: bytearray, event: Event) -> None:
    if event.operation == "t":
        del content[event.offset :]
        return
    content.extend(bytes(max(0, event.offset - len(content))))
    content[event.offset : event.offset + len(event.data)] = event.data


def torn(event: Event, chance: random.Random) -> Iterator[Event]:
    """The write, or only some of its sectors."""
    if event.operation == "t" or chance.random() < 0.7:
        yield event
        return
    for start in range(0, len(event.data), SECTOR):
        if chance.random() < 0.5:
            yield event._replace(offset=event.offset + start, data=event.data[start : start + SECTOR])


def rename(names: dict[str, int], event: Event, number: int) -> None:
    if event.operation in ("u", "r"):
        names.pop(event.path, None)
    if event.operation != "u":
        names[event.other or event.path] = number


def record(library: str, folder: Path, log: Path, setting: str) -> list[Any]:
    """In a process with the shim: makes the writes, and gives the states before, between and after them."""
    faults = Faults(library)
    faults.watch(folder)  # before anything is opened
    world = World(folder)
    vault = world.unlock()
    vault._ledger.connection.execute(f"PRAGMA synchronous={setting}")
    states = [state(vault)]
    faults.log(log)
    for name in WRITES:
        OPERATIONS[name](vault, world)
        faults.mark(name)
        states.append(state(vault))
    return states


def judge(image: dict[str, bytes], work: Path, disk: Path, before: object, after: object) -> str:
    """Nothing where nothing is lost; else `lost` or `broken`."""
    shutil.rmtree(work, ignore_errors=True)
    for name, content in image.items():
        file = work / Path(name).relative_to(disk)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(0o600)
    try:
        with World(work).unlock() as vault:
            if vault.verify() or vault.warnings:
                return "broken"
            return "" if state(vault) in (before, after) else "lost"
    except (StrongroomError, OSError):
        return "broken"


def simulate(folder: Path, setting: str, cuts: int, seed: int, library: str) -> dict[str, Any]:
    disk, log = folder / "disk", folder / "log"
    disk.mkdir(mode=0o700)
    World(disk).fill()
    shutil.copytree(disk, folder / "start")
    done = subprocess.run(
        [sys.executable, __file__, "record", library, disk, log, setting],
        env={**os.environ, "LD_PRELOAD": library},
        capture_output=True,
        check=True,
    )
    states = json.loads(done.stdout)
    shutil.rmtree(disk)
    shutil.copytree(folder / "start", disk)
    events = list(read_log(log))
    chance = random.Random(seed)
    found = {"": 0, "lost": 0, "broken": 0}
    rounds = -(-cuts // len(events))
    drive = Disk(disk)
    acknowledged = 0
    for event in events:
        if event.operation == "m":
            acknowledged += 1
        else:
            drive.take(event)
        before, after = states[acknowledged], states[min(acknowledged + 1, len(states) - 1)]
        for _ in range(rounds):
            found[judge(drive.cut(chance), folder / "work", disk, before, after)] += 1
    return {
        "setting": setting,
        "cuts": sum(found.values()),
        "acknowledged": acknowledged,
        "lost": found["lost"],
        "broken": found["broken"],
    }


def main() -> None:
    os.environ["STRONGROOM_NO_KEYRING"] = "1"
    if sys.argv[1] == "record":
        library, folder, log, setting = sys.argv[2:]
        result: Any = record(library, Path(folder), Path(log), setting)
    else:
        library, folder, setting, cuts, seed = sys.argv[1:]
        result = simulate(Path(folder), setting, int(cuts), int(seed), library)
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
