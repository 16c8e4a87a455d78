"""A value is in no file, log, message or traceback of ours or of the engines' libraries."""

import contextlib
import io
import logging
import traceback
from pathlib import Path

import pytest

from engines import ROOT_TOKEN, free_port
from strongroom.backends.names_only import NamesOnly
from strongroom.backends.opening import open_backend
from strongroom.backends.protocol import Put
from strongroom.backends.shared_vault import SharedVault
from strongroom.errors import StrongroomError, related
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

CANARY = "canary-c4n4ry-0f-a-value"


@pytest.fixture
def everything_logged():
    """All that any logger writes at the lowest level, and what libraries write to standard output and error."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(params=["openbao", "aws"])
def place(request, monkeypatch):
    found = request.getfixturevalue({"openbao": "bao_place", "aws": "aws_place"}[request.param])
    if request.param == "openbao":
        monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    return found


def use(vault: SharedVault) -> None:
    community = vault.place.community
    vault.add(community, "token", Kind.SECRET, SecretValue(CANARY), note="note")
    vault.add(community, "url", Kind.VARIABLE, SecretValue(CANARY + "-variable"))
    vault.set(community, "token", SecretValue(CANARY + "-2"))
    vault.entries(community)
    vault.get(community, "token")
    vault.read_all(community)
    vault.rename(community, "token", "renamed")
    vault.delete(community, "renamed")
    vault.undelete(community, "renamed")
    NamesOnly(vault, print).entries(community)


def refusals(place, monkeypatch):
    """Provoke an error of each kind with a value in the request."""
    backend = open_backend(place)
    put = Put("other", Kind.SECRET, SecretValue(CANARY))
    seen = backend.put(put).tag
    backend.put(put._replace(value=SecretValue(CANARY + "-3")), seen)
    yield lambda: backend.put(put, seen)
    yield lambda: backend.put(put._replace(kind=Kind.VARIABLE))
    gone = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", gone)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    lost = open_backend(place._replace(address=gone) if place.engine == "openbao" else place)
    yield lambda: lost.put(put)
    if place.engine == "openbao":
        yield lambda: lost._client.write("a", {"value": CANARY}, 0)
        monkeypatch.setenv("BAO_TOKEN", "not-a-token")
        stranger = open_backend(place)
        yield lambda: stranger._client.write("a", {"value": CANARY}, 0)
    else:
        yield lambda: lost._client.create("a", "0" * 32, CANARY, "", "")


def test_no_value_is_written_anywhere(place, monkeypatch, everything_logged, tmp_path):
    use(SharedVault(place))
    for provoke in refusals(place, monkeypatch):
        with pytest.raises(StrongroomError) as caught:
            provoke()
        for error in related(caught.value):
            everything_logged.write("".join(traceback.format_exception(error)))
            everything_logged.write(repr(error) + repr(vars(error)))
    assert "c4n4ry" not in everything_logged.getvalue()
    for file in Path(tmp_path).rglob("*"):
        assert not file.is_file() or b"c4n4ry" not in file.read_bytes(), file


def test_the_log_of_awss_library_has_the_value_without_the_filter(aws_place, monkeypatch, everything_logged):
    monkeypatch.setattr("strongroom.backends.aws_client.keep_quiet", lambda: None)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("botocore"):
            logging.getLogger(name).filters.clear()
    use(SharedVault(aws_place))
    assert CANARY in everything_logged.getvalue()
