"""Several processes at once, and killed ones: no acknowledged write is lost, and nothing is broken."""

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

WRITER = """
import sys
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue
from strongroom.store.vault import Vault
from strongroom.store.keys.ways import KeyFile
path, key, who, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
vault = Vault.unlock(path, [KeyFile(key)])
print("ready", flush=True)
for number in range(count):
    vault.add("prod", f"{who}_{number}", Kind.SECRET, SecretValue(f"value {who} {number}"))
    vault.set("prod", "shared", SecretValue(f"{who} {number}"))
    print(number, flush=True)
"""


def start(path: Path, key: KeyFile, who: str, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), key.path, who, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def shared(vault: Vault, path: Path) -> Path:
    vault.add("prod", "shared", Kind.SECRET, SecretValue("first"))
    vault.close()
    return path


def test_four_processes_that_write_at_once_lose_no_update(shared: Path, key: KeyFile) -> None:
    writers = [start(shared, key, f"w{number}", 12) for number in range(4)]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    with Vault.unlock(shared, [key]) as vault:
        assert vault.verify() == []
        assert len(vault.entries("prod")) == 1 + 4 * 12
        shared_entry = vault.find("prod", "shared")
        assert shared_entry is not None
        assert shared_entry.version == 1 + 4 * 12
        for who in range(4):
            for number in range(12):
                assert vault.get("prod", f"w{who}_{number}").reveal() == f"value w{who} {number}"
        assert vault.warnings == []


def test_killing_a_writer_at_any_moment_loses_nothing_that_it_acknowledged(
    shared: Path, key: KeyFile
) -> None:
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    deadline = time.monotonic() + 5
    acknowledged: dict[str, int] = {}
    rounds = 0
    while time.monotonic() < deadline:
        who = f"r{rounds}"
        rounds += 1
        writer = start(shared, key, who, 100_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        until = time.monotonic() + chance.uniform(0, 0.15)
        while time.monotonic() < until and writer.poll() is None:
            pass  # busy on purpose: a sleep would round the moment of the kill
        writer.kill()
        output, _ = writer.communicate(timeout=30)
        acknowledged[who] = len([line for line in output.splitlines(keepends=True) if line.endswith("\n")])
        with NamesReader.open(shared) as reader:
            names = reader.names("prod").by_name
        assert all(f"{who}_{number}" in names for number in range(acknowledged[who])), f"seed {seed}"
    assert rounds >= 3
    with Vault.unlock(shared, [key]) as vault:
        assert vault.verify() == [], f"seed {seed}"
        assert vault.warnings == []
        for who, count in acknowledged.items():
            for number in range(count):
                assert vault.get("prod", f"{who}_{number}").reveal() == f"value {who} {number}", (
                    f"seed {seed}"
                )


def test_an_unlocked_process_writes_no_core_file_and_cannot_be_attached_to(
    shared: Path, key: KeyFile
) -> None:
    if sys.platform != "linux":
        pytest.skip("Linux only: the other systems have no such switch")
    script = f"""
import ctypes, resource
from strongroom.store.vault import Vault
from strongroom.store.keys.ways import KeyFile
vault = Vault.unlock({str(shared)!r}, [KeyFile({key.path!r})])
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["0", "0"]


def test_a_file_that_is_replaced_while_a_write_waits_is_not_written_to(
    shared: Path, key: KeyFile, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(shared, copy)
    waiting = threading.Event()
    refusals: list[StrongroomError] = []

    def write(vault: Vault) -> None:
        try:
            vault.set("prod", "shared", SecretValue("lost"))
        except StrongroomError as error:
            refusals.append(error)

    with (
        Vault.unlock(shared, [key]) as vault,
        closing(sqlite3.connect(shared, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        vault._ledger.connection.set_trace_callback(lambda sql: "IMMEDIATE" in sql and waiting.set())
        thread = threading.Thread(target=write, args=[vault])
        thread.start()
        assert waiting.wait(10)
        copy.replace(shared)
        other.execute("ROLLBACK")
        thread.join(20)
    assert [str(error) for error in refusals] == [
        f"{shared} was replaced by another file or taken away since it was unlocked. Unlock it again; nothing "
        "was changed."
    ]
    assert sorted(file.name for file in shared.parent.iterdir()) == ["key", "vault.db"]
    with Vault.unlock(shared, [key]) as vault:
        assert vault.get("prod", "shared").reveal() == "first"
