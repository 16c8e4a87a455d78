"""The world of the canary tests: an API, a workspace and a vault with a marked secret in every place."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.canary_support import World, echoing_api, private_key
from strongroom.resolver.network.connections import Network


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with echoing_api() as place:
        yield place


@pytest.fixture(scope="module")
def pem() -> str:
    return private_key()


@pytest.fixture
def world(tmp_path: Path, url: str, pem: str, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, url, pem)
    for name in list(os.environ):
        if name.startswith("STRONGROOM_"):
            monkeypatch.delenv(name)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    # The API shares this process and its processor: on a busy machine 15 seconds are soon over.
    made_of = Network.__init__
    monkeypatch.setattr(
        Network,
        "__init__",
        lambda self, policy, transport=None: made_of(self, policy._replace(timeout=300.0), transport),
    )
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.chdir(made.workspace)
    made.fill()
    return made
