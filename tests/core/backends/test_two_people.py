"""Two processes that edit the same secrets at the same time: what was acknowledged is in the history."""

import json
import subprocess
import sys
from uuid import uuid4

import hvac

from engines import ROOT_TOKEN, aws_environment
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

SECRETS = 20
EDITS = 60
"""The edits of each process. By hand, 500 were tried."""

EDITOR = """
import json, sys
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.values.secret_value import SecretValue

who, edits, secrets, place = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), EnginePlace(*json.loads(sys.argv[4]))
backend = open_backend(place)
done = []
for number in range(edits):
    name = f"token_{number % secrets}"
    value = f"{who}-{number}"
    while True:
        tag = backend.get(name).entry.tag
        try:
            entry = backend.put(Put(name, Kind.SECRET, SecretValue(value)), tag)
        except EntryChanged:
            continue
        done.append((name, entry.version, value))
        break
print(json.dumps(done))
"""


def edit_at_once(place, edits):
    """Return what two processes were told that they had done."""
    command = [sys.executable, "-c", EDITOR]
    processes = [
        subprocess.Popen([*command, who, str(edits), str(SECRETS), json.dumps(place)], stdout=subprocess.PIPE)
        for who in ("ann", "bob")
    ]
    told = [json.loads(process.communicate()[0]) for process in processes]
    return [edit for done in told for edit in done]


def check(place, edits):
    backend = open_backend(place)
    for number in range(SECRETS):
        backend.put(Put(f"token_{number}", Kind.SECRET, SecretValue("first")))
    done = edit_at_once(place, edits)
    assert len(done) == 2 * edits
    for name in {name for name, _, _ in done}:
        kept = {one.number: backend.get(name, one.number).value.reveal() for one in backend.versions(name)}
        acknowledged = {version: value for of, version, value in done if of == name}
        assert kept == {1: "first", **acknowledged}


def test_openbao_loses_none_of_the_edits(bao_server, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    root = hvac.Client(url=bao_server.address, token=ROOT_TOKEN)
    mount = f"team-{uuid4().hex[:8]}"
    root.sys.enable_secrets_engine("kv", path=mount, options={"version": "2"})
    root.secrets.kv.v2.configure(max_versions=200, mount_point=mount)
    check(EnginePlace("production", "openbao", bao_server.address, mount=mount, path="team"), EDITS)


def test_aws_loses_none_of_the_edits(moto_server, monkeypatch):
    for name, value in aws_environment(moto_server).items():
        monkeypatch.setenv(name, value)
    check(EnginePlace("production", "aws", region="eu-central-1", path=f"team/{uuid4().hex}"), EDITS)
