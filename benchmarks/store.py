"""Whole-process times of reading one value and listing names, beside pass, sops and keepassxc-cli.

Each store gets the same names and values at each size. The commands are run in turn, round after round, so that a
busy moment of the machine touches all of them. Printed are the best time, and the least processor time (user and
system, of the command and what it starts), which says more on a machine that does other work too. `pass` is filled
with copies of one encrypted file, and its agent is running and unlocked, as it is in daily use (its processor time is
not counted); sops opens with an age key.
Peers that are not installed are left out and named.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

VALUE = "sk_live_0123456789abcdef"
WANTED = "name_00005"


class Commands(NamedTuple):
    read: list[str]
    names: list[str]
    given: bytes = b""


def names(count: int) -> list[str]:
    return [f"name_{number:05}" for number in range(count)]


def strongroom(folder: Path, count: int) -> Commands:
    from strongroom.names import Kind
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.rows.many import Save
    from strongroom.store.vault import Vault
    from strongroom.values.secret_value import SecretValue

    own = folder / f"strongroom-{count}"
    os.environ["XDG_STATE_HOME"] = str(own / "state")
    with Vault.create(own / "vault.db", [KeyFile(own / "key")]) as vault:
        value = SecretValue(VALUE)
        vault.save_many("prod", [Save(name, Kind.SECRET, value, None, None) for name in names(count)])
    program = Path(sys.executable).parent / "strongroom"
    start = [str(program), "--vault", str(own / "vault.db"), "--key-file", str(own / "key")]
    return Commands([*start, "secret", "show", WANTED, "--reveal"], [*start, "names"])


def pass_(folder: Path, count: int) -> Commands:
    home = folder / "gnupg"
    os.environ["GNUPGHOME"] = str(home)
    if not home.exists():
        home.mkdir(mode=0o700)
        batch = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "bench@example.com", "default"]
        subprocess.run([*batch, "default", "never"], check=True, capture_output=True)
    store = folder / f"pass-{count}"
    store.mkdir()
    (store / ".gpg-id").write_text("bench@example.com\n")
    encrypt = ["gpg", "--batch", "--trust-model", "always", "-e", "-r", "bench@example.com"]
    sealed = subprocess.run(encrypt, input=f"{VALUE}\n".encode(), check=True, capture_output=True).stdout
    for name in names(count):
        (store / f"{name}.gpg").write_bytes(sealed)
    start = ["env", f"PASSWORD_STORE_DIR={store}", "pass"]
    return Commands([*start, "show", WANTED], [*start, "ls"])


def sops(folder: Path, count: int) -> Commands:
    key = folder / "age.txt"
    if not key.exists():
        subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    os.environ["SOPS_AGE_KEY_FILE"] = str(key)
    public = subprocess.run(["age-keygen", "-y", str(key)], check=True, capture_output=True, text=True).stdout
    file = folder / f"sops-{count}.env"
    file.write_text("".join(f"{name}={VALUE}\n" for name in names(count)))
    subprocess.run(
        ["sops", "encrypt", "-i", "--age", public.strip(), str(file)], check=True, capture_output=True
    )
    return Commands(
        ["sops", "decrypt", "--extract", f'["{WANTED}"]', str(file)], ["grep", "-o", "^[^=]*", str(file)]
    )


def keepassxc(folder: Path, count: int) -> Commands:
    text = "".join(
        f"<Entry><String><Key>Title</Key><Value>{name}</Value></String>"
        f"<String><Key>Password</Key><Value>{VALUE}</Value></String></Entry>"
        for name in names(count)
    )
    xml, database = folder / f"keepass-{count}.xml", folder / f"keepass-{count}.kdbx"
    xml.write_text(
        f"<KeePassFile><Meta/><Root><Group><Name>Root</Name>{text}</Group></Root></KeePassFile>",
        encoding="utf-8",
    )
    cli = ["keepassxc-cli"]
    subprocess.run(
        [*cli, "import", "-p", str(xml), str(database)],
        input=b"bench\nbench\n",
        check=True,
        capture_output=True,
    )
    return Commands(
        [*cli, "show", "-q", "-s", "-a", "Password", str(database), WANTED],
        [*cli, "ls", "-q", str(database)],
        b"bench\n",
    )


STORES: dict[str, tuple[str, Callable[[Path, int], Commands]]] = {
    "strongroom": ("strongroom", strongroom),
    "pass": ("pass", pass_),
    "sops": ("sops", sops),
    "keepassxc-cli": ("keepassxc-cli", keepassxc),
}


def installed() -> Iterator[str]:
    for label, (program, _) in STORES.items():
        if label == "strongroom" or shutil.which(program):
            yield label
        else:
            print(f"{label}: not installed, left out", file=sys.stderr)


def timed(command: list[str], given: bytes, expected: str) -> tuple[float, float]:
    """Milliseconds on the clock and of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    taken = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    if done.returncode or expected.encode() not in done.stdout:
        raise SystemExit(f"{command[0]} did not do its work: {done.stderr.decode()[:300]}")
    return taken * 1000, processor * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10,1000,10000", help="how many secrets (default 10,1000,10000)")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    os.environ["STRONGROOM_NO_KEYRING"] = "1"
    # An installed program is compiled already; here the first round compiles what was edited since.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| secrets | store | one value: best ms | processor | names: best ms | processor |")
        print("|---:|---|---:|---:|---:|---:|")
        labels = list(installed())
        for size in map(int, options.sizes.split(",")):
            stores = {label: STORES[label][1](folder, size) for label in labels}
            times: dict[tuple[str, str], list[tuple[float, float]]] = {}
            for _ in range(options.rounds):
                for label, commands in stores.items():
                    for what, command, expected in (
                        ("read", commands.read, VALUE),
                        ("names", commands.names, names(size)[-1]),
                    ):
                        times.setdefault((label, what), []).append(timed(command, commands.given, expected))
            for label in labels:
                figures = [
                    f"{min(column):.0f}"
                    for what in ("read", "names")
                    for column in zip(*times[label, what], strict=True)
                ]
                print(f"| {size:,} | {label} | {' | '.join(figures)} |", flush=True)
        if shutil.which("gpgconf"):
            subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


if __name__ == "__main__":
    main()
