"""A community is compared with another and copied, between any two engines; an interrupted copy goes on."""

import itertools
import json
import subprocess
import sys

import pytest

from engines import ROOT_TOKEN, free_port, start_openbao, stop
from strongroom.backends import copying
from strongroom.backends.copying import EntryComparison, compare, copy, to_copy
from strongroom.backends.errors import Unreachable
from strongroom.backends.local import LocalBackend
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue


def fill(backend, *names, value="v1"):
    for name in names:
        backend.put(Put(name, Kind.SECRET, SecretValue(value), "note", "2031-02-03"))


def values(backend):
    return {entry.name: backend.get(entry.name).value.reveal() for entry in backend.names()}


def actions(found):
    return {one.name: (one.action, one.parts) for one in found}


@pytest.fixture
def two(request, local_pair, openbao_pair, aws_pair):
    pairs = {"local": local_pair, "openbao": openbao_pair, "aws": aws_pair}
    return [pairs[name].ours for name in request.param]


BOTH_WAYS = list(itertools.permutations(("local", "openbao", "aws"), 2))


@pytest.mark.parametrize("two", BOTH_WAYS, indirect=True, ids="-".join)
def test_a_copy_has_all_and_a_second_one_writes_nothing(two):
    here, there = two
    fill(here, "a", "b")
    here.put(Put("url", Kind.VARIABLE, SecretValue("plain")))
    fill(there, "b", value="older")
    fill(there, "only_there")
    found = compare(here, there)
    assert actions(found) == {
        "a": (EntryComparison.NEW, ()),
        "b": (EntryComparison.CHANGED, ("value",)),
        "only_there": (EntryComparison.ONLY_THERE, ()),
        "url": (EntryComparison.NEW, ()),
    }
    assert copy(here, there, to_copy(found)) == (3, ())
    assert values(there) == {"a": "v1", "b": "v1", "only_there": "v1", "url": "plain"}
    assert {one.note for one in there.names() if one.name != "url"} == {"note"}
    assert to_copy(compare(here, there)) == []
    assert len(there.versions("a")) == 1


@pytest.fixture
def two_local(local_pair):
    here = local_pair.ours
    return here, LocalBackend(here._vault, "other")


def test_only_what_is_new_is_copied_if_that_is_wanted(two_local):
    here, there = two_local
    fill(here, "a", "b")
    fill(there, "b", value="kept")
    copy(here, there, to_copy(compare(here, there), only_new=True))
    assert values(there) == {"a": "v1", "b": "kept"}


def test_names_are_copied_without_values(two_local):
    here, there = two_local
    fill(here, "a", "b", value="canary")
    fill(there, "b", value="kept")
    found = compare(here, there, names_only=True)
    assert actions(found) == {"a": (EntryComparison.NEW, ()), "b": (EntryComparison.SAME, ())}
    copy(here, there, to_copy(found), names_only=True)
    assert values(there) == {"a": copying.NOT_SET.reveal(), "b": "kept"}
    assert there.get("a").entry.note == "note"


def test_names_only_reads_no_value(two_local, monkeypatch):
    here, there = two_local
    fill(here, "a")
    monkeypatch.setattr(here, "get", None)
    copy(here, there, to_copy(compare(here, there, names_only=True)), names_only=True)
    assert compare(here, there, names_only=True)[0].action is EntryComparison.SAME


def test_a_name_of_the_other_kind_is_shown_and_left_alone(two_local):
    here, there = two_local
    fill(here, "a")
    there.put(Put("a", Kind.VARIABLE, SecretValue("plain")))
    found = compare(here, there)
    assert actions(found) == {"a": (EntryComparison.OTHER_KIND, ())}
    assert to_copy(found) == []


@pytest.mark.parametrize("side", ["here", "there"])
def test_what_changes_between_the_look_and_the_copy_is_left_alone(two_local, side):
    here, there = two_local
    fill(here, "a", "b")
    fill(there, "a", value="older")
    wanted = to_copy(compare(here, there))
    fill({"here": here, "there": there}[side], "a", value="changed")
    assert copy(here, there, wanted) == (1, ("a",))
    assert values(there) == {"a": "older" if side == "here" else "changed", "b": "v1"}


def test_a_copy_whose_engine_is_killed_goes_on(local_pair, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    here = local_pair.ours
    fill(here, *(f"token_{number}" for number in range(6)))
    port = free_port()
    place = EnginePlace("production", "openbao", f"http://127.0.0.1:{port}", path="team")
    there = open_backend(place)
    with start_openbao(port) as server, pytest.raises(Unreachable):
        copy(here, there, to_copy(compare(here, there)), on_done=lambda done: done == 3 and stop(server))
    with start_openbao(port):  # one of tests keeps nothing, so it begins anew
        fill(there, "token_0")
        wanted = to_copy(compare(here, there))
        assert len(wanted) == 5
        copy(here, there, wanted)
        assert to_copy(compare(here, there)) == []


COPY = """
import json, os, signal, sys
from strongroom.backends.copying import compare, copy, to_copy
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace

here, there = (open_backend(EnginePlace(*one)) for one in json.loads(sys.argv[1]))
end = lambda done: done == 2 and os.kill(os.getpid(), signal.SIGKILL)
copy(here, there, to_copy(compare(here, there)), on_done=end)
"""


def test_a_copy_that_is_killed_is_done_again_and_nothing_is_doubled(bao_place, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    places = [bao_place, bao_place._replace(path=f"{bao_place.path}-copy")]
    here, there = (open_backend(place) for place in places)
    fill(here, "a", "b", "c", "d")
    killed = subprocess.run([sys.executable, "-c", COPY, json.dumps(places)], check=False)
    assert killed.returncode == -9
    assert sorted(values(there)) == ["a", "b"]
    copy(here, there, to_copy(compare(here, there)))
    assert values(there) == values(here)
    assert {len(there.versions(name)) for name in values(there)} == {1}
