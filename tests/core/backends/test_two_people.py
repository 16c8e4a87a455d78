"""Two processes that edit the same secrets at the same time: what was acknowledged is in the history."""

import json
import subprocess
import sys
from uuid import uuid4

import hvac
import pytest

from engines import ROOT_TOKEN, aws_environment
from strongroom.backends.local import LocalBackend
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

SECRETS = 20
EDITS = 60
"""The edits of each process. By hand, 500 were tried."""

EDITOR = """
import json, sys
from strongroom.backends.local import LocalBackend
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.values.secret_value import SecretValue

from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault

who, edits, secrets, where = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
if isinstance(where, str):
    backend = LocalBackend(Vault.unlock(where, [KeyFile(where + ".key")]), "production")
else:
    backend = open_backend(EnginePlace(*where))
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


def edit_at_once(where, edits):
    """Return what two processes were told that they had done."""
    command = [sys.executable, "-c", EDITOR]
    processes = [
        subprocess.Popen([*command, who, str(edits), str(SECRETS), json.dumps(where)], stdout=subprocess.PIPE)
        for who in ("ann", "bob")
    ]
    told = [json.loads(process.communicate()[0]) for process in processes]
    return [edit for done in told for edit in done]


def check(backend, where, edits, most=None):
    """Let two processes edit. `most` is the number of versions that the engine keeps, if not all of them."""
    for number in range(SECRETS):
        backend.put(Put(f"token_{number}", Kind.SECRET, SecretValue("first")))
    done = edit_at_once(where, edits)
    assert len(done) == 2 * edits
    for name in {name for name, _, _ in done}:
        kept = {one.number: backend.get(name, one.number).value.reveal() for one in backend.versions(name)}
        acknowledged = {1: "first", **{version: value for of, version, value in done if of == name}}
        assert len(acknowledged) == 1 + len([of for of, _, _ in done if of == name])
        assert kept == {number: acknowledged[number] for number in sorted(acknowledged)[-(most or 0) :]}


def test_a_vault_loses_none_of_the_edits(tmp_path):
    path = str(tmp_path / "store" / "vault.db")
    with Vault.create(path, [KeyFile(path + ".key")]) as vault:
        check(LocalBackend(vault, "production"), path, EDITS, most=10)


def test_a_write_to_a_vault_gives_its_own_entry_although_another_one_came_after_it(local_pair, monkeypatch):
    ours, theirs = local_pair
    seen = ours.put(Put("token", Kind.SECRET, SecretValue("first"))).tag
    save = ours._vault.save_many

    def save_before_another(*given):
        saved = save(*given)
        theirs.put(Put("token", Kind.SECRET, SecretValue("theirs")))
        return saved

    monkeypatch.setattr(ours._vault, "save_many", save_before_another)
    written = ours.put(Put("token", Kind.SECRET, SecretValue("ours"), note="note"), seen)
    monkeypatch.undo()
    assert (written.version, written.note, ours.get("token").entry.version) == (2, "note", 3)
    with pytest.raises(EntryChanged):
        ours.put(Put("token", Kind.SECRET, SecretValue("later")), written.tag)


def test_openbao_loses_none_of_the_edits(bao_server, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    root = hvac.Client(url=bao_server.address, token=ROOT_TOKEN)
    mount = f"team-{uuid4().hex[:8]}"
    root.sys.enable_secrets_engine("kv", path=mount, options={"version": "2"})
    root.secrets.kv.v2.configure(max_versions=200, mount_point=mount)
    place = EnginePlace("production", "openbao", bao_server.address, mount=mount, path="team")
    check(open_backend(place), place, EDITS)


def test_aws_loses_none_of_the_edits(moto_server, monkeypatch):
    for name, value in aws_environment(moto_server).items():
        monkeypatch.setenv(name, value)
    place = EnginePlace("production", "aws", region="eu-central-1", path=f"team/{uuid4().hex}")
    check(open_backend(place), place, EDITS)
