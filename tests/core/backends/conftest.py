"""Two connections to one empty community, on each engine.

A new engine is one row of `ENGINES` and one fixture that gives two backends of an empty community.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from engines import ROOT_TOKEN, Server, aws_environment
from strongroom.backends.local import LocalBackend
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Backend
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault

COMMUNITY = "production"


class Pair(NamedTuple):
    """Two connections to the same community, as two people have them."""

    ours: Backend
    theirs: Backend


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STRONGROOM_VAULT", "STRONGROOM_KEY_FILE", "STRONGROOM_COMMUNITY", "STRONGROOM_TRUST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def local_pair(tmp_path: Path) -> Iterator[Pair]:
    path, key = tmp_path / "store" / "vault.db", KeyFile(tmp_path / "store" / "key")
    with Vault.create(path, [key]) as one, Vault.unlock(path, [key]) as other:
        yield Pair(LocalBackend(one, COMMUNITY), LocalBackend(other, COMMUNITY))


@pytest.fixture
def bao_place(bao_server: Server) -> EnginePlace:
    """A place that no other test uses."""
    return EnginePlace(COMMUNITY, "openbao", bao_server.address, path=f"strongroom/{uuid4().hex}")


@pytest.fixture
def openbao_pair(bao_place: EnginePlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    ours, theirs = open_backend(bao_place), open_backend(bao_place)
    yield Pair(ours, theirs)
    ours.close()
    theirs.close()


@pytest.fixture
def aws_place(moto_server: Server, monkeypatch: pytest.MonkeyPatch) -> EnginePlace:
    """A place that no other test uses."""
    for name, value in aws_environment(moto_server).items():
        monkeypatch.setenv(name, value)
    return EnginePlace(COMMUNITY, "aws", region="eu-central-1", path=f"strongroom/{uuid4().hex}")


@pytest.fixture
def aws_pair(aws_place: EnginePlace) -> Iterator[Pair]:
    ours, theirs = open_backend(aws_place), open_backend(aws_place)
    yield Pair(ours, theirs)
    ours.close()
    theirs.close()


ENGINES = ("local", "openbao", "aws")


@pytest.fixture(params=ENGINES)
def pair(request: pytest.FixtureRequest) -> Pair:
    found: Pair = request.getfixturevalue(f"{request.param}_pair")
    return found


@pytest.fixture
def backend(pair: Pair) -> Backend:
    return pair.ours
