"""An import into an engine: it stops at the first refusal, says how far it came, and goes on when it is run again."""

import json
import subprocess
import sys

import pytest

from engines import ROOT_TOKEN, free_port, start_openbao, stop
from strongroom.backends.errors import BackendError, Unreachable
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.backends.shared_vault import SharedVault
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.transfer import sources
from strongroom.transfer.planning import apply_plan, make_plan
from strongroom.values.secret_value import SecretValue

LINES = b"".join(b"TOKEN_%d=value-%d\n" % (number, number) for number in range(6))
NAMES = [f"TOKEN_{number}" for number in range(6)]


@pytest.fixture(params=["openbao", "aws"])
def pair(request):
    return request.getfixturevalue(f"{request.param}_pair")


@pytest.fixture
def vault(pair, bao_place, aws_place):
    place = {"OpenBao": bao_place, "AwsSecrets": aws_place}[type(pair.ours).__name__]
    return SharedVault(place, pair.ours)


def plan(vault):
    return make_plan(vault, "production", sources.read_text_file("env", LINES))


def values(vault):
    return {name: one.value.reveal() for name, one in vault.read_all("production").items()}


WHOLE = {f"TOKEN_{number}": f"value-{number}" for number in range(6)}


def test_what_a_colleague_added_meanwhile_stops_the_import_and_the_next_one_goes_on(pair, vault):
    planned = plan(vault)
    pair.theirs.put(Put("TOKEN_3", Kind.SECRET, SecretValue("theirs")))
    with pytest.raises(EntryChanged, match=r"3 of 6 entries were written before that\.") as caught:
        apply_plan(vault, planned)
    assert "goes on from there" in caught.value.way_out
    assert values(vault)["TOKEN_3"] == "theirs"
    again = plan(vault)
    assert (again.count("new"), again.count("changed"), again.count("same")) == (2, 1, 3)
    apply_plan(vault, again)
    assert values(vault) == WHOLE
    assert [len(pair.ours.versions(name)) for name in NAMES] == [1, 1, 1, 2, 1, 1]


def test_a_first_refusal_is_as_it_is(pair, vault):
    planned = plan(vault)
    pair.theirs.put(Put("TOKEN_0", Kind.SECRET, SecretValue("theirs")))
    with pytest.raises(EntryChanged) as caught:
        apply_plan(vault, planned)
    assert "entries" not in caught.value.message


def test_what_does_not_read_back_is_an_error(pair, vault, monkeypatch):
    planned, get = plan(vault), pair.ours.get
    other = SecretValue("another value")
    monkeypatch.setattr(pair.ours, "get", lambda name: get(name)._replace(value=other))
    with pytest.raises(BackendError, match="TOKEN_0 does not read back"):
        apply_plan(vault, planned)


def test_an_import_whose_engine_is_killed_goes_on(monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    port = free_port()
    vault = SharedVault(EnginePlace("production", "openbao", f"http://127.0.0.1:{port}", path="team"))
    with start_openbao(port) as server:
        planned, put = plan(vault), vault.backend.put
        count = iter(range(6))
        monkeypatch.setattr(
            vault.backend, "put", lambda *given: (next(count) == 3 and stop(server), put(*given))[1]
        )
        with pytest.raises(Unreachable, match="3 of 6 entries were written before that"):
            apply_plan(vault, planned)


IMPORT = """
import json, os, signal, sys
from strongroom.backends.place import EnginePlace
from strongroom.backends.shared_vault import SharedVault
from strongroom.transfer import sources
from strongroom.transfer.planning import apply_plan, make_plan

vault = SharedVault(EnginePlace(*json.loads(sys.argv[1])))
planned = make_plan(vault, "production", sources.read_text_file("env", sys.argv[2].encode()))
put, count = vault.backend.put, iter(range(6))
vault.backend.put = lambda *given: os.kill(os.getpid(), signal.SIGKILL) if next(count) == 2 else put(*given)
apply_plan(vault, planned)
"""


def test_an_import_that_is_killed_is_done_again_and_nothing_is_doubled(bao_place, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    command = [sys.executable, "-c", IMPORT, json.dumps(bao_place), LINES.decode()]
    assert subprocess.run(command, check=False).returncode == -9
    vault = SharedVault(bao_place)
    assert sorted(values(vault)) == NAMES[:2]
    apply_plan(vault, plan(vault))
    assert values(vault) == WHOLE
    assert {len(vault.backend.versions(name)) for name in NAMES} == {1}
