"""The unlock cache: in memory, for a stated time, for this user only."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from strongroom.store.errors import CannotRemember, VaultStorage, WrongKey
from strongroom.store.file import mounts
from strongroom.store.keys import remembered
from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, RememberedKey, with_remembered
from strongroom.store.vault import Vault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is remembered on other systems")

STORE, MASTER = os.urandom(16), os.urandom(32)


@pytest.fixture(autouse=True)
def _own_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing that is kept for the person who runs the tests, or by another test, is touched."""
    monkeypatch.setattr(remembered, "_NAME", f"strongroom-test-{os.getpid()}-{tmp_path.name[-20:]}")
    yield
    for folder in remembered._folders():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["kernel", "file"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each of the two places, where this machine has it."""
    if request.param == "file":
        monkeypatch.setattr(remembered, "_SYSTEM_CALLS", {})
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        if remembered._file(STORE) is None:
            pytest.skip("no folder in memory here")
    elif not remembered._kernel_put(STORE, MASTER, 5):
        pytest.skip("the kernel's key store is forbidden here")
    remembered.forget(STORE)
    yield request.param
    remembered.forget(STORE)


def test_what_is_remembered_is_recalled_until_it_is_forgotten(place: str) -> None:
    assert remembered.recall(STORE) is None
    remembered.remember(STORE, MASTER, 60)
    assert remembered.recall(STORE) == MASTER
    assert remembered.recall(os.urandom(16)) is None
    remembered.remember(STORE, bytes(32), 60)
    assert remembered.recall(STORE) == bytes(32)
    assert remembered.forget(STORE)
    assert remembered.recall(STORE) is None
    assert not remembered.forget(STORE)


def test_it_ends_by_itself_when_its_time_is_over(place: str) -> None:
    remembered.remember(STORE, MASTER, 60)
    assert remembered.recall(STORE) == MASTER
    remembered.remember(STORE, MASTER, 1)
    deadline = time.monotonic() + 30
    while remembered.recall(STORE) is not None:
        assert time.monotonic() < deadline
    if place == "file":
        assert not os.path.lexists(remembered._file(STORE) or "")


@pytest.mark.parametrize("seconds", [0, -1, 12 * 3600 + 1])
def test_a_time_that_is_no_short_one_is_refused(seconds: int) -> None:
    with pytest.raises(CannotRemember, match="12 hours"):
        remembered.remember(STORE, MASTER, seconds)


def test_the_file_is_the_owners_alone_and_a_looser_one_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembered, "_SYSTEM_CALLS", {})
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    path = remembered._file(STORE)
    if path is None:
        pytest.skip("no folder in memory here")
    remembered.remember(STORE, MASTER, 60)
    try:
        assert os.stat(path).st_mode & 0o777 == 0o600
        assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
        os.chmod(path, 0o644)
        assert remembered.recall(STORE) is None
    finally:
        remembered.forget(STORE)


def test_a_folder_that_is_on_a_disk_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_SYSTEM_CALLS", {})
    monkeypatch.setattr(mounts, "file_system", lambda _: "ext4")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(CannotRemember, match="no place in memory"):
        remembered.remember(STORE, MASTER, 60)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o710, 0o701])
def test_a_folder_that_others_may_enter_is_never_used(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_SYSTEM_CALLS", {})
    monkeypatch.setattr(mounts, "file_system", lambda path: "tmpfs" if path == str(tmp_path) else "ext4")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / remembered._NAME
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(CannotRemember, match="no place in memory"):
        remembered.remember(STORE, MASTER, 60)
    folder.chmod(0o700)
    remembered.remember(STORE, MASTER, 60)
    assert remembered.recall(STORE) == MASTER


def test_a_vault_opens_with_what_it_remembers_and_asks_nobody(place: str, path: Path, passphrase) -> None:
    Vault.create(path, [passphrase("correct horse")]).close()
    nobody = Passphrase(lambda: pytest.fail("the passphrase was asked for"))
    with Vault.unlock(path, [passphrase("correct horse")]) as vault:
        vault.remember(60)
        store_id = vault._ledger.vault_row.store_id
    try:
        for _ in range(10):
            Vault.unlock(path, with_remembered([nobody])).close()
        with Vault.unlock(path, [passphrase("correct horse")]) as vault:
            vault.rotate([passphrase("correct horse")])
        with pytest.raises(WrongKey):  # an old master key is of no use: the next way is tried
            Vault.unlock(path, with_remembered([passphrase("wrong")]))
    finally:
        remembered.forget(store_id)


def test_a_named_key_file_goes_first_and_the_rest_after(tmp_path: Path, passphrase) -> None:
    ways = with_remembered([KeyFile(tmp_path / "key"), Keyring(), passphrase("x")])
    assert [type(way) for way in ways] == [KeyFile, RememberedKey, Keyring, Passphrase]


def test_everything_that_is_kept_can_be_forgotten_at_once(place: str) -> None:
    stores = [os.urandom(16) for _ in range(3)]
    remembered.forget_all()
    for store in stores:
        remembered.remember(store, MASTER, 60)
    assert remembered.forget_all() == 3
    assert [remembered.recall(store) for store in stores] == [None] * 3
    assert remembered.forget_all() == 0


def test_a_new_master_key_ends_the_one_that_is_kept(place: str, path: Path, key: KeyFile) -> None:
    with Vault.create(path, [key]) as vault:
        vault.remember(60)
        store = vault._ledger.vault_row.store_id
        assert remembered.recall(store) is not None
        vault.rotate([key])
    assert remembered.recall(store) is None


# --- network file systems

TABLE = """22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:45 / /home/a\\040b rw shared:1 - nfs4 server:/home rw
31 22 0:46 / /mnt rw - fuse.sshfs me@host:/ rw
"""


@pytest.mark.parametrize(
    ("device", "path", "kind"),
    [
        ("254:0", "/var/lib/vault.db", "ext4"),
        ("0:45", "/anything", "nfs4"),
        ("9:9", "/home/a b/vault.db", "nfs4"),
        ("9:9", "/mnt/deep/vault.db", "fuse.sshfs"),
        ("9:9", "/mntx/vault.db", "ext4"),
    ],
)
def test_the_file_system_is_found_by_device_or_by_folder(device: str, path: str, kind: str) -> None:
    assert mounts.find_kind(TABLE, device, path) == kind


@pytest.mark.parametrize(
    ("kind", "refused"), [("smbfs", True), ("nfs", True), ("apfs", False), ("hfs", False)]
)
def test_on_macos_the_system_says_the_kind(
    kind: str, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = bytes(range(1, 73)) + kind.encode().ljust(16, b"\0") + b"/dev/disk1s1".ljust(1024, b"\0")
    asked = []
    monkeypatch.setattr(mounts.sys, "platform", "darwin")
    monkeypatch.setattr(mounts, "_statfs", lambda path: asked.append(path) or answer)
    assert mounts.file_system(str(tmp_path / "missing" / "vault.db")) == kind
    assert asked == [str(tmp_path)]  # the nearest folder that exists
    if refused:
        with pytest.raises(VaultStorage, match=rf"network file system \({kind}\)"):
            mounts.refuse_network(str(tmp_path / "vault.db"))
    else:
        mounts.refuse_network(str(tmp_path / "vault.db"))


def test_a_system_that_says_nothing_is_not_taken_for_a_network() -> None:
    assert mounts.kind_in_statfs(b"") == ""
    assert "" not in mounts.NETWORK


def test_a_vault_on_a_network_file_system_is_refused_unless_forced(
    path: Path, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.create(path, [key]).close()
    device = path.stat().st_dev
    table = tmp_path / "mounts"
    table.write_text(f"1 1 {os.major(device)}:{os.minor(device)} / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(mounts, "MOUNTS", str(table))
    with pytest.raises(VaultStorage, match=r"network file system \(nfs4\)") as caught:
        Vault.unlock(path, [key])
    assert "STRONGROOM_ALLOW_NETWORK_VAULT=1" in caught.value.way_out
    with pytest.raises(VaultStorage, match="network file system"):
        Vault.create(path.with_name("other.db"), [key])
    monkeypatch.setenv("STRONGROOM_ALLOW_NETWORK_VAULT", "1")
    Vault.unlock(path, [key]).close()
