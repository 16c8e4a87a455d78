"""Key files: which are read, which are refused, and why."""

import ast
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.store.ways_support import Untouched, opens
from strongroom.errors import StrongroomError
from strongroom.store.errors import (
    KeyFileInvalid,
    VaultExposed,
    VaultStorage,
)
from strongroom.store.file import mounts
from strongroom.store.keys import key_file
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault


def test_a_missing_key_file_is_named(both: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyFileInvalid, match="There is no key file at"):
        opens(both, KeyFile(tmp_path / "missing"), Untouched())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a Strongroom key file"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "is not a Strongroom key file"),
        (b"\xff\xfe\0", "is not a Strongroom key file"),
        (b"STRONGROOM KEY FILE 1\n" + b"00" * 32 + b"\ncheck 00000000\n", "checksum does not fit"),
        (b"STRONGROOM KEY FILE 1\n" + b"00" * 31 + b"\n", "checksum does not fit"),
        (b"STRONGROOM KEY FILE 1\nnot digits at all\n", "checksum does not fit"),
    ],
)
def test_a_file_that_is_no_key_is_told_from_a_damaged_one(
    content: bytes, said: str, both: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(content)
    wrong.chmod(0o600)
    with pytest.raises(KeyFileInvalid, match=said):
        opens(both, KeyFile(wrong))


def test_one_wrong_digit_in_a_key_file_is_found_by_its_checksum(both: Path, key: KeyFile) -> None:
    text = Path(key.path).read_text()
    digit = text[30]
    Path(key.path).write_text(text[:30] + ("0" if digit != "0" else "1") + text[31:])
    with pytest.raises(KeyFileInvalid, match="checksum"):
        opens(both, key)


def test_a_key_file_may_have_lost_its_line_ends_on_the_way(both: Path, key: KeyFile) -> None:
    lines = Path(key.path).read_text()
    Path(key.path).write_bytes(lines.replace("\n", "\r\n").encode())
    assert opens(both, key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o601])
def test_a_key_file_with_a_right_for_others_is_refused(mode: int, both: Path, key: KeyFile) -> None:
    os.chmod(key.path, mode)
    with pytest.raises(VaultExposed, match="The key file") as caught:
        opens(both, key)
    assert "chmod 600" in caught.value.way_out


def test_a_key_file_behind_links_of_ones_own_is_used_however_many_there_are(
    both: Path, key: KeyFile, tmp_path: Path
) -> None:
    """As containers hand out secrets: key -> ..data/key, ..data -> the newest folder."""
    (tmp_path / "..data").symlink_to(Path(key.path).parent)
    (tmp_path / "link").symlink_to("..data/key")
    assert opens(both, KeyFile(tmp_path / "link"))
    Path(key.path).chmod(0o644)
    with pytest.raises(VaultExposed, match="mode 0644"):
        opens(both, KeyFile(tmp_path / "link"))


def test_a_key_file_behind_a_link_that_others_could_exchange_is_refused(
    both: Path, key: KeyFile, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "link").symlink_to(key.path)
    shared.chmod(0o777)
    with pytest.raises(VaultExposed, match="symbolic link"):
        opens(both, KeyFile(shared / "link"))
    shared.chmod(0o1777)
    assert opens(both, KeyFile(shared / "link"))
    if os.geteuid() == 0:
        os.lchown(shared / "link", 12345, 12345)
        with pytest.raises(VaultExposed, match="another user could change"):
            opens(both, KeyFile(shared / "link"))


def test_links_that_go_round_in_circles_end_in_a_sentence(both: Path, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(VaultStorage, match="too many levels of symbolic links"):
        opens(both, KeyFile(tmp_path / "one"))


def test_a_key_file_that_is_no_ordinary_file_is_refused(both: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(VaultExposed, match="not an ordinary file"):
        opens(both, KeyFile(tmp_path / "folder"))


@contextmanager
def written(pipe: Path | int, key: KeyFile) -> Iterator[None]:
    """Somebody who writes the key to a pipe, as a password manager does."""
    content = Path(key.path).read_bytes()

    def write() -> None:
        with open(pipe, "wb") as file:
            file.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    yield
    writer.join()


def test_a_key_comes_through_a_pipe_with_a_name_or_without(both: Path, key: KeyFile, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with written(tmp_path / "pipe", key):
        assert opens(both, KeyFile(tmp_path / "pipe"))
    end, begin = os.pipe()
    with written(begin, key):
        assert opens(both, KeyFile(f"/dev/fd/{end}"))
    with pytest.raises(KeyFileInvalid, match="nothing came from it: it was read already"):
        opens(both, KeyFile(f"/dev/fd/{end}"))
    os.close(end)


def test_a_pipe_that_others_can_use_is_refused(both: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "pipe").chmod(0o666)
    with pytest.raises(VaultExposed, match="pipe that others can use"):
        opens(both, KeyFile(tmp_path / "pipe"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of root, and be somebody else")
@pytest.mark.parametrize(
    ("mode", "is_read", "is_told"),
    [
        (0o444, True, True),
        (0o644, True, True),
        (0o440, True, False),
        (0o400, False, False),
        (0o666, False, False),
    ],
)
def test_a_key_file_of_roots_is_read_as_containers_bring_it(mode: int, is_read: bool, is_told: bool) -> None:
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        file = Path(folder, "key")
        created = key_file.create_key_file(str(file))
        os.chown(file, 0, 4321)
        file.chmod(mode)
        outcome = as_somebody_else(lambda: key_file.read_key_file(str(file), told.append) == created and told)
    assert (outcome is not None) == is_read
    assert not is_read or bool(outcome) == is_told


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read a file that another user keeps private")
def test_a_key_file_that_another_user_keeps_private_is_refused(both: Path, key: KeyFile) -> None:
    os.chown(key.path, 4321, 4321)
    with pytest.raises(VaultExposed, match="The key file"):
        opens(both, key)


def as_somebody_else(work: Callable[[], object]) -> object:
    """What `work` gives in a child process of another user, in the group 4321; None where it raises our error."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([4321])
            os.setgid(4321)
            os.setuid(4321)
            os.write(write, repr(work()).encode())
        except StrongroomError:
            os.write(write, b"None")
        finally:
            os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as file:
        said = file.read()
    os.waitpid(pid, 0)
    return ast.literal_eval(said)


@pytest.mark.parametrize(("kind", "mode"), [("vfat", 0o755), ("exfat", 0o777), ("drvfs", 0o777)])
def test_a_key_file_on_a_stick_is_read_and_who_else_can_read_it_is_told(
    kind: str, mode: int, both: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chmod(key.path, mode)
    monkeypatch.setattr(mounts, "file_system", lambda path: kind if path == key.path else "ext4")
    told: list[str] = []
    assert opens(both, KeyFile(key.path, told.append))
    assert "can be read by others on this machine" in told[0]
    assert opens(both, KeyFile(key.path))  # nobody asks who else can read it


def test_a_new_key_file_is_private_and_an_existing_one_is_used_as_it_is(path: Path, tmp_path: Path) -> None:
    key = KeyFile(tmp_path / "keys" / "key")
    Vault.create(path, [key]).close()
    first = Path(key.path).read_bytes()
    assert stat.S_IMODE(os.stat(key.path).st_mode) == 0o600
    Vault.create(path.with_name("second.db"), [key]).close()
    assert Path(key.path).read_bytes() == first
    Vault.unlock(path.with_name("second.db"), [key]).close()


def test_something_else_at_the_key_files_place_is_never_overwritten(path: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("my thesis")
    precious.chmod(0o600)
    with pytest.raises(KeyFileInvalid):
        Vault.create(path, [KeyFile(precious)])
    assert precious.read_text() == "my thesis"
    assert not path.exists()
