"""OpenBao itself: what a token may do, what is said where it does not answer, and who else may write there."""

import json
import time

import hvac
import pytest

from engines import ROOT_TOKEN, free_port, start_openbao, stop
from strongroom.backends.errors import AccessRefused, BackendError, LibraryMissing, LoginNeeded, Unreachable
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import ABSENT, UNKNOWN, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, InvalidField, UnknownName
from strongroom.values.secret_value import SecretValue

LIST = ("detailed-metadata", "metadata")


def secret(name: str, value: str = "v1", note: str = "", expires: str = "") -> Put:
    return Put(name, Kind.SECRET, SecretValue(value), note, expires)


@pytest.fixture
def backend(bao_place, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    opened = open_backend(bao_place)
    yield opened
    opened.close()


@pytest.fixture
def root(bao_server):
    return hvac.Client(url=bao_server.address, token=ROOT_TOKEN)


@pytest.fixture
def token_for(root, bao_place):
    """Makes a token with a policy of these (part of the engine, capabilities) rows below the community's path."""

    def make(**rows):
        text = "\n".join(
            f'path "secret/{part.replace("_", "-")}/{bao_place.path}/*" {{ capabilities = {json.dumps(can)} }}'
            for part, can in rows.items()
        )
        name = bao_place.path.rpartition("/")[2]
        root.sys.create_or_update_policy(name, text)
        made = root.auth.token.create(policies=[name], no_default_policy=True)
        return made["auth"]["client_token"]

    return make


@pytest.mark.parametrize("parts", [LIST, LIST[1:]], ids=["with details", "names alone"])
def test_a_token_that_may_only_list_gives_names_and_kinds_and_no_value(
    backend, bao_place, token_for, monkeypatch, parts
):
    backend.put(secret("token", "v", "a note", "2031-02-03"))
    backend.put(Put("url", Kind.VARIABLE, SecretValue("plain")))
    monkeypatch.setenv("BAO_TOKEN", token_for(**{part: ["list"] for part in parts}))
    reader = open_backend(bao_place)
    found = reader.names()
    assert [(one.name, one.kind) for one in found] == [("token", Kind.SECRET), ("url", Kind.VARIABLE)]
    assert (found[0].note, found[0].expires) == (("a note", "2031-02-03") if len(parts) > 1 else ("", ""))
    assert reader.watch()
    for refused in (
        lambda: reader.get("token"),
        lambda: reader.put(secret("token", "mine")),
        lambda: reader.delete("token"),
    ):
        with pytest.raises(AccessRefused, match="the token may not do it"):
            refused()


def test_an_entry_of_which_only_the_name_is_known_is_not_overwritten(
    backend, bao_place, token_for, monkeypatch
):
    backend.put(secret("token"))
    names = {"metadata": ["list"], "data": ["read", "create", "update"]}
    monkeypatch.setenv("BAO_TOKEN", token_for(**names))
    writer = open_backend(bao_place)
    (listed,) = writer.names()
    assert listed.tag == UNKNOWN
    with pytest.raises(EntryChanged):
        writer.put(secret("token", "mine"), listed.tag)
    assert writer.put(secret("token", "mine"), writer.get("token").entry.tag).version == 2


def test_details_are_read_one_by_one_where_the_engine_cannot_list_them(
    backend, bao_place, token_for, monkeypatch
):
    backend.put(secret("token", "v", "a note"))
    backend.put(secret("gone"))
    backend.delete("gone")
    monkeypatch.setenv("BAO_TOKEN", token_for(metadata=["list", "read"], data=["read"]))
    assert [(one.name, one.note) for one in open_backend(bao_place).names()] == [("token", "a note")]


def test_a_note_travels_although_the_token_may_not_write_metadata(backend, bao_place, token_for, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", token_for(data=["read", "create", "update"]))
    writer = open_backend(bao_place)
    writer.put(secret("token", "v", "a note"), ABSENT)
    assert backend.get("token").entry.note == "a note"


def test_a_long_note_is_whole_although_metadata_is_short(backend):
    note = "ünïcödé " * 200
    backend.put(secret("token", "v", note))
    assert backend.get("token").entry.note == note
    assert note.startswith(backend.names()[0].note)


def test_metadata_of_others_stays(backend, root, bao_place):
    backend.put(secret("token"))
    path = f"{bao_place.path}/secrets/token"
    root.secrets.kv.v2.update_metadata(path, custom_metadata={"owner": "team"})
    backend.put(secret("token", "v2", "a note"))
    kept = root.secrets.kv.v2.read_secret_metadata(path)["data"]["custom_metadata"]
    assert kept == {"owner": "team", "note": "a note"}


def test_an_entry_of_another_program_is_not_overwritten(backend, root, bao_place):
    root.secrets.kv.v2.create_or_update_secret(f"{bao_place.path}/secrets/token", {"username": "ann"})
    for touch in (lambda: backend.get("token"), lambda: backend.put(secret("token"))):
        with pytest.raises(BackendError, match='no field "value"'):
            touch()


def test_what_the_engines_own_tools_delete_is_gone(backend, root, bao_place):
    backend.put(secret("token"))
    root.secrets.kv.v2.delete_latest_version_of_secret(f"{bao_place.path}/secrets/token")
    assert backend.names() == []
    assert [one.name for one in backend.names(are_deleted=True)] == ["token"]
    assert backend.put(secret("token", "again"), ABSENT).version == 2


def test_a_deletion_that_is_only_planned_is_not_one_yet(backend, root, bao_place):
    backend.put(secret("token"))
    path = f"{bao_place.path}/secrets/token"
    root.secrets.kv.v2.update_metadata(path, delete_version_after="1h")
    backend.put(secret("token", "v2"))
    assert [one.name for one in backend.names()] == ["token"]


def test_half_a_character_is_refused_because_the_engine_would_change_it(backend):
    with pytest.raises(InvalidField, match="half of a character"):
        backend.put(secret("token", "\ud800"))


# -- logins ---------------------------------------------------------------------------------


def test_without_a_login_the_way_to_one_is_named(bao_place, monkeypatch):
    for name in ("BAO_TOKEN", "VAULT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(LoginNeeded, match="strongroom community login") as caught:
        open_backend(bao_place)
    assert "BAO_TOKEN" in caught.value.way_out


def test_a_token_of_vaults_own_variable_works(bao_place, monkeypatch):
    monkeypatch.delenv("BAO_TOKEN", raising=False)
    monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)
    assert open_backend(bao_place).names() == []


def test_a_token_file_of_the_home_folder_is_not_used(bao_place, monkeypatch, tmp_path):
    monkeypatch.delenv("BAO_TOKEN", raising=False)
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".vault-token").write_text(ROOT_TOKEN)
    with pytest.raises(LoginNeeded):
        open_backend(bao_place)


@pytest.fixture
def logins(root, bao_place):
    """The logins of the engine, each with a policy for this community."""
    rules = '{ capabilities = ["read", "create", "update", "list"] }'
    parts = ("data", "metadata", "detailed-metadata")
    root.sys.create_or_update_policy(
        "team", "\n".join(f'path "secret/{part}/{bao_place.path}/*" {rules}' for part in parts)
    )
    for method in ("approle", "userpass", "jwt"):
        if f"{method}/" not in root.sys.list_auth_methods()["data"]:
            root.sys.enable_auth_method(method)
    root.auth.approle.create_or_update_approle("team", token_policies=["team"])
    root.auth.userpass.create_or_update_user("ann", password="pass-of-ann", policies=["team"])
    return root


def test_approle(logins, bao_place, monkeypatch):
    role = logins.auth.approle.read_role_id("team")["data"]["role_id"]
    secret_id = logins.auth.approle.generate_secret_id("team")["data"]["secret_id"]
    monkeypatch.setenv("BAO_SECRET_ID", secret_id)
    backend = open_backend(bao_place._replace(login="approle", role=role))
    assert backend.put(secret("token")).version == 1


def test_userpass(logins, bao_place, monkeypatch):
    monkeypatch.setenv("BAO_PASSWORD", "pass-of-ann")
    backend = open_backend(bao_place._replace(login="userpass", user="ann"))
    assert backend.put(secret("token")).version == 1


def test_jwt(logins, bao_place, monkeypatch):
    import jwt
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = generate_private_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    logins.auth.jwt.configure(jwt_validation_pubkeys=[public])
    logins.auth.jwt.create_role(
        "ci",
        role_type="jwt",
        bound_audiences=["bao"],
        user_claim="sub",
        allowed_redirect_uris=[],
        token_policies=["team"],
    )
    claims = {"sub": "ci", "aud": "bao", "iat": int(time.time()), "exp": int(time.time()) + 300}
    monkeypatch.setenv("BAO_JWT", jwt.encode(claims, key, "ES256"))
    backend = open_backend(bao_place._replace(login="jwt", role="ci"))
    assert backend.put(secret("token")).version == 1


@pytest.mark.parametrize(
    ("login", "variable"),
    [("approle", "BAO_SECRET_ID"), ("userpass", "BAO_PASSWORD"), ("jwt", "BAO_JWT")],
)
def test_a_wrong_login_is_one_sentence_without_the_secret(logins, bao_place, monkeypatch, login, variable):
    monkeypatch.setenv(variable, "canary-of-a-login")
    with pytest.raises(LoginNeeded, match=f"login {login}") as caught:
        open_backend(bao_place._replace(login=login, role="none", user="ann"))
    assert "canary" not in str(caught.value)


# -- an engine that does not answer ---------------------------------------------------------


def test_an_engine_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", "x")
    place = EnginePlace("production", "openbao", f"http://127.0.0.1:{free_port()}", path="a")
    with pytest.raises(Unreachable, match="cannot be reached"):
        open_backend(place).names()


def test_an_engine_that_is_killed_and_comes_back_is_used_again(monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    port = free_port()
    place = EnginePlace("production", "openbao", f"http://127.0.0.1:{port}", path="a")
    with start_openbao(port) as server:
        backend = open_backend(place)
        backend.put(secret("token"))
        stop(server)
        with pytest.raises(Unreachable):
            backend.put(secret("token", "v2"))
    with start_openbao(port):
        assert backend.names() == []  # a server of tests keeps nothing
        backend.put(secret("token", "v2"))


def test_a_sealed_engine_is_a_sentence(monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    with start_openbao() as server:
        hvac.Client(url=server.address, token=ROOT_TOKEN).sys.seal()
        with pytest.raises(Unreachable, match="sealed"):
            open_backend(EnginePlace("production", "openbao", server.address, path="a")).names()


def test_a_mount_that_is_being_prepared_is_asked_again(httpserver, monkeypatch):
    waits = []
    monkeypatch.setenv("BAO_TOKEN", "x")
    monkeypatch.setattr("strongroom.backends.openbao_client.time.sleep", waits.append)
    busy = {"errors": ["Upgrading from non-versioned to versioned data. This backend will be unavailable"]}
    for kind in ("secrets", "variables"):
        httpserver.expect_ordered_request(f"/v1/secret/data/a/{kind}/token").respond_with_json(
            busy, status=400
        )
        httpserver.expect_ordered_request(f"/v1/secret/data/a/{kind}/token").respond_with_json({}, status=404)
    place = EnginePlace("production", "openbao", httpserver.url_for("").rstrip("/"), path="a")
    with pytest.raises(UnknownName):
        open_backend(place).get("token")
    assert waits == [0.1, 0.1]


@pytest.mark.parametrize(
    ("status", "text", "error", "says"),
    [
        (302, "", BackendError, "status 302"),
        (200, "<html>", BackendError, "not of a KV engine|status 200"),
        (429, "{}", Unreachable, "more requests"),
        (500, '{"errors": ["canary-of-a-body"]}', BackendError, "InternalServerError"),
        (400, '{"errors": ["canary-of-a-body"]}', BackendError, "status 400"),
    ],
)
def test_what_is_not_an_engine_is_a_sentence(httpserver, monkeypatch, status, text, error, says):
    monkeypatch.setenv("BAO_TOKEN", "x")
    headers = {"Location": "http://127.0.0.2/"} if status == 302 else {}
    httpserver.expect_request("/v1/secret/data/a/secrets/token").respond_with_data(
        text, status=status, headers=headers
    )
    httpserver.expect_request("/v1/secret/data/a/variables/token").respond_with_data("{}", status=404)
    place = EnginePlace("production", "openbao", httpserver.url_for("").rstrip("/"), path="a")
    with pytest.raises(error, match=says) as caught:
        open_backend(place).get("token")
    assert "canary" not in str(caught.value)


def test_a_missing_library_is_named_with_the_way_to_install_it(bao_place, monkeypatch):
    monkeypatch.setattr("strongroom.backends.opening.find_spec", lambda name: None)
    with pytest.raises(LibraryMissing) as caught:
        open_backend(bao_place)
    assert caught.value.way_out == "Install it with `pip install 'strongroom[openbao]'`."


def test_a_write_whose_answer_was_lost_is_a_success_when_it_is_sent_again(backend, monkeypatch):
    client, write = backend._client, backend._client.write

    def twice(*arguments):
        write(*arguments)
        return write(*arguments)

    seen = backend.put(secret("token")).tag
    monkeypatch.setattr(client, "write", twice)
    entry = backend.put(secret("token", "v2"), seen)
    assert (entry.version, backend.get("token").entry.tag) == (2, entry.tag)
    backend.delete("token", entry.tag)
    assert backend.names() == []


def test_a_private_authority_is_trusted_if_it_is_named_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    with start_openbao(tls=tmp_path) as server:
        (authority,) = tmp_path.glob("*-ca.pem")
        trusting = EnginePlace("production", "openbao", server.address, path="a", ca_file=str(authority))
        assert open_backend(trusting).put(secret("token")).version == 1
        with pytest.raises(Unreachable, match="certificate"):
            open_backend(trusting._replace(ca_file="")).names()
        with pytest.raises(BackendError, match="cannot be used"):
            open_backend(trusting._replace(ca_file=str(tmp_path / "missing.pem"))).names()
