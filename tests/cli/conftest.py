"""A command line in a folder of its own: no setting, vault or key of the machine reaches a test."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from forking import ForkServer
from strongroom_cli.demo import Demo, prepare_demo


class Ran(NamedTuple):
    """What one process did."""

    status: int
    out: str
    err: str
    raw: bytes


class CommandLine:
    """Runs `strongroom` as a process, as a user would, in `folder`."""

    def __init__(self, folder: Path, server: ForkServer) -> None:
        self._server = server
        self._streams = folder / "streams"
        self._streams.mkdir()
        self.folder = folder / "workspace"
        self.folder.mkdir()
        (self.folder / ".git").mkdir()
        private = folder / "private"
        private.mkdir(mode=0o700)
        self.vault = private / "vault.db"
        self.key_file = private / "key"
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_DATA_HOME": str(folder / "data"),
            "STRONGROOM_VAULT": str(self.vault),
            "STRONGROOM_KEY_FILE": str(self.key_file),
            "STRONGROOM_NO_KEYRING": "1",
            "PYTHONIOENCODING": "utf-8",
        }

    def __call__(
        self, *arguments: str, given: str | bytes = b"", environment: Mapping[str, str] | None = None
    ) -> Ran:
        environment = {**self.environment, **(environment or {})}
        read_at_start = {name for name in environment if name.startswith("PYTHON")} - {"PYTHONIOENCODING"}
        if read_at_start or "PYTHONIOENCODING" not in environment or not hasattr(os, "fork"):
            return self.python("-m", "strongroom_cli", *arguments, given=given, environment=environment)
        given_file, out, err = (self._streams / name for name in ("in", "out", "err"))
        given_file.write_bytes(given.encode() if isinstance(given, str) else given)
        status = self._server.run(arguments, self.folder, environment, (given_file, out, err))
        return Ran(status, out.read_bytes().decode(), err.read_bytes().decode(), out.read_bytes())

    def python(
        self, *arguments: str, given: str | bytes = b"", environment: Mapping[str, str] | None = None
    ) -> Ran:
        """The same for Python itself."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            timeout=60,
            # Without a terminal of its own: a prompt must fail, not wait for whoever runs the tests.
            start_new_session=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode(), done.stdout)

    def typed(self, text: str, *arguments: str) -> Ran:
        """The same in a terminal, where a person types `text`; `out` is all that the terminal shows."""
        terminal, inside = os.openpty()
        os.write(terminal, text.encode())
        process = subprocess.Popen(
            [sys.executable, "-m", "strongroom_cli", *arguments],
            cwd=self.folder,
            env={**self.environment, "TERM": "dumb"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        shown = b""
        with suppress(OSError):  # how Linux says that nobody holds the other end any more
            while part := os.read(terminal, 65536):
                shown += part
        os.close(terminal)
        return Ran(process.wait(60), shown.decode(), "", shown)

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the workspace."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def make_vault(self, *names: str, community: str = "production") -> None:
        """A vault whose key file is known, with secrets of these names."""
        from strongroom.names import Kind
        from strongroom.store.keys.ways import KeyFile
        from strongroom.store.vault import Vault
        from strongroom.values.secret_value import SecretValue

        with Vault.create(self.vault, [KeyFile(self.key_file)]) as vault:
            for name in names:
                vault.add(community, name, Kind.SECRET, SecretValue(f"value of {name}"))


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """The process whose forks are the commands."""
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture
def strongroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer) -> CommandLine:
    """The command line, in a folder of its own."""
    # What the vault remembers beside itself must not reach the machine's own state folder.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return CommandLine(tmp_path, fork_server)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo's workspace, vault and running API."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        with prepare_demo(tmp_path_factory.mktemp("demo")) as prepared:
            yield prepared


@pytest.fixture
def run(strongroom, demo: Demo):
    """`strongroom test` on the demo."""
    strongroom.folder = Path(demo.workspace)
    return lambda *arguments, **options: strongroom(
        "test", *arguments, environment={**demo.environment, "STRONGROOM_TRUST": "1"}, **options
    )
