"""How many acknowledged writes a vault loses: random kills for a minute, and simulated power cuts.

Kills: several processes write to one vault at once and say so after each write; this one kills one of them at a
random moment, starts another in its place, and counts what was acknowledged. In the end every acknowledged write
has to be there and the vault has to verify. Power cuts: see tests/core/store/faults/power.py; needs Linux and a
C compiler.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

FAULTS = Path(__file__).parents[1] / "tests" / "core" / "store" / "faults"
WRITER = """
import sys
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue
from strongroom.store.vault import Vault
from strongroom.store.keys.ways import KeyFile
path, key, who = sys.argv[1:]
vault = Vault.unlock(path, [KeyFile(key)])
number = 0
while True:
    vault.add("prod", f"{who}_{number}", Kind.SECRET, SecretValue(f"value {who} {number}"))
    print(f"added {number}", flush=True)
    vault.set("prod", f"{who}_{number}", SecretValue(f"newer {who} {number}"))
    print(f"set {number}", flush=True)
    number += 1
"""


class Writer:
    """One process that writes until it is killed."""

    def __init__(self, vault: Path, key: KeyFile, who: str, log: Path) -> None:
        self.who = who
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WRITER, str(vault), key.path, who], stdout=output
            )

    def acknowledged(self) -> list[str]:
        """Whole lines only: half a line was not yet said."""
        return [line.decode() for line in self.log.read_bytes().split(b"\n")[:-1]]


def kills(seconds: float, writers: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        key = KeyFile(folder / "key")
        path = folder / "vault.db"
        with Vault.create(path, [key]) as vault:
            vault.add("prod", "first", Kind.SECRET, SecretValue("x"))
        started = 0
        running: list[Writer] = []
        done: list[Writer] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            while len(running) < writers:
                running.append(Writer(path, key, f"w{started}", folder / f"log{started}"))
                started += 1
            time.sleep(chance.uniform(0, 0.4))
            victim = running.pop(chance.randrange(len(running)))
            victim.process.kill()
            victim.process.wait()
            done.append(victim)
        for writer in running:
            writer.process.kill()
            writer.process.wait()
        lost = acknowledged = 0
        with Vault.unlock(path, [key]) as vault:
            problems = vault.verify()
            held = {entry.name: entry.version for entry in vault.entries("prod")}
            for writer in [*done, *running]:
                lines = writer.acknowledged()
                acknowledged += len(lines)
                for line in lines:
                    word, number = line.split()
                    entry = f"{writer.who}_{number}"
                    if held.get(entry, 0) < (1 if word == "added" else 2):
                        lost += 1
                        continue
                    newest = vault.get("prod", entry).reveal()
                    lost += word == "set" and newest != f"newer {writer.who} {number}"
            warnings = len(vault.warnings)
    return {
        "kills": started,
        "acknowledged": acknowledged,
        "lost": lost,
        "problems": len(problems) + warnings,
    }


def power_cuts(setting: str, cuts: int, seed: int) -> dict[str, int]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as name:
        library = Path(name) / "shim.so"
        flags = ["-O1", "-U_FORTIFY_SOURCE", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, "-o", library, FAULTS / "shim.c", "-ldl"], check=True)
        command = [sys.executable, FAULTS / "power.py", library, name, setting, str(cuts), str(seed)]
        found: dict[str, int] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to kill (default 60)")
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--cuts", type=int, default=4000, help="how many power cuts of each setting")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    os.environ["STRONGROOM_NO_KEYRING"] = "1"
    seed = random.randrange(1 << 32) if options.seed is None else options.seed
    print(f"seed {seed}")
    found = kills(options.seconds, options.writers, seed)
    print(", ".join(f"{value:,} {key}" for key, value in found.items()), flush=True)
    bad = found["lost"] + found["problems"]
    if sys.platform == "linux" and options.cuts:
        print("| synchronous | power cuts | acknowledged write lost | vault broken |")
        print("|---|---:|---:|---:|")
        for setting in ("EXTRA", "FULL", "OFF"):
            cut = power_cuts(setting, options.cuts, seed)
            print(f"| {setting} | {cut['cuts']:,} | {cut['lost']:,} | {cut['broken']:,} |", flush=True)
            bad += cut["lost"] + cut["broken"] if setting == "EXTRA" else 0
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
